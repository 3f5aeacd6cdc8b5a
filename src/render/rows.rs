//! Passes rows from a source through conversion, operations and masks to a raster.

use std::{collections::VecDeque, rc::Rc};

use super::{
    blend::Blending,
    convert::{Transforms, painted},
    mask::{Masking, tint},
    place::Placing,
};
use crate::{
    color::{
        convert_row,
        icc::{Dither, Transform},
    },
    geometry::{Rect, ViewSpace},
    ops::{Area, Chain, Op, Tone},
    pixel::{ColorModel, PixelFormat, Raster},
    plan::{Node, NodeId, Step, shape},
};

/// The raster that rows are written to.
pub enum Target {
    /// The canvas of the reply, or a copy of the rows.
    Place(Placing),
    /// A canvas that the rows are blended onto.
    Blend(Blending),
}

impl Target {
    /// Sets whether the rows are columns of the raster.
    pub fn transposed(self, transposed: bool) -> Self {
        match self {
            Self::Place(placing) => Self::Place(placing.transposed(transposed)),
            Self::Blend(blending) => Self::Blend(blending.transposed(transposed)),
        }
    }

    fn put(&mut self, nth: usize, row: &[u8], pixel: PixelFormat) {
        match self {
            Self::Place(placing) => placing.put(nth, row, pixel),
            Self::Blend(blending) => blending.put(nth, row, pixel),
        }
    }

    fn work(&self, width: u32) -> u64 {
        match self {
            Self::Place(placing) => placing.work(),
            Self::Blend(blending) => blending.work(width),
        }
    }

    /// The raster.
    pub fn finish(self) -> Raster {
        match self {
            Self::Place(placing) => placing.finish(),
            Self::Blend(blending) => blending.finish(),
        }
    }
}

/// Receives the rows of an image, from first to last or from last to first. Converts them, applies
/// operations and masks, and writes them to a raster.
pub struct RowSink<'a> {
    stages: Vec<RowStage<'a>>,
    target: Target,
    /// The format of the rows that the target receives.
    pixel: PixelFormat,
    /// Pixels in a row.
    width: u32,
}

/// A row node at work.
enum RowStage<'a> {
    /// Converts to another model without profiles.
    Convert { from: PixelFormat, to: ColorModel, row: Vec<u8> },
    /// Converts by profiles.
    Transform(Transforming),
    /// Applies operations.
    Ops(Operating<'a>),
    /// Gives grey rows a colour.
    Tint { color: [u8; 5], model: ColorModel, row: Vec<u8> },
    /// Combines the alpha with a mask.
    Mask(Masking<'a>),
}

/// A transform at work.
struct Transforming {
    transform: Rc<Transform>,
    from: PixelFormat,
    /// Column and row of the first pixel, if it dithers.
    origin: Option<[i64; 2]>,
    row: Vec<u8>,
}

/// The operations of a node at work.
struct Operating<'a> {
    ops: &'a [Op],
    /// Shape and pixel format of the rows.
    area: Area,
    /// Created with the first row, whose number shows the order of the rows.
    chain: Option<Chain>,
    /// Numbers of the rows inside the chain. `row` is the buffer for its output.
    waiting: VecDeque<usize>,
    row: Vec<u8>,
}

impl<'a> RowSink<'a> {
    /// A sink for the rows of these nodes. The first node makes the rows, and the others process
    /// them in order. `transposed`: rows are columns of the view. `raster` returns the raster of a
    /// node and its area.
    pub fn new(
        target: Target,
        transposed: bool,
        nodes: impl Iterator<Item = &'a Node>,
        transforms: &Transforms,
        raster: impl Fn(NodeId) -> Option<(&'a Raster, Rect<ViewSpace>)>,
    ) -> Self {
        let mut sink = Self { stages: Vec::new(), target, pixel: PixelFormat::GRAY, width: 0 };
        for node in nodes {
            let area = shape(node.area, node.pixel, transposed);
            match &node.step {
                Step::Convert(conversion) => {
                    let (from, to, row) = (sink.pixel, node.pixel.model, Vec::new());
                    let stage = match conversion.as_ref().and_then(|wanted| {
                        transforms.iter().find(|(conversion, _)| conversion == wanted)
                    }) {
                        Some((_, Some(transform))) if transform.changes_nothing() => None,
                        Some((conversion, Some(transform))) => {
                            let transform = Rc::clone(transform);
                            let origin = conversion.options.dither.then_some(area.origin);
                            let transforming = Transforming { transform, from, origin, row };
                            Some(RowStage::Transform(transforming))
                        }
                        Some((_, None)) | None => Some(RowStage::Convert { from, to, row }),
                    };
                    sink.stages.extend(stage);
                }
                Step::Ops(ops) => {
                    let tone = node.inputs.get(1).and_then(|id| raster(*id));
                    let tone = tone.map_or(area.tone, |(raster, _)| Tone::of(raster));
                    let area = Area { tone, ..area };
                    let row = vec![0; area.samples() as usize];
                    let waiting = VecDeque::new();
                    let operating = Operating { ops, area, chain: None, waiting, row };
                    sink.stages.push(RowStage::Ops(operating));
                }
                Step::Mask(step) => {
                    let mask = node.inputs.get(1).and_then(|id| raster(*id));
                    sink.stages.push(RowStage::Mask(Masking::new(*step, node, sink.pixel, mask)));
                }
                Step::Tint(paint) => {
                    let color = painted(paint, node.pixel, transforms);
                    let (model, row) = (node.pixel.model, Vec::new());
                    sink.stages.push(RowStage::Tint { color, model, row });
                }
                Step::Source(_)
                | Step::Silhouette(_)
                | Step::Fill(_)
                | Step::Collect
                | Step::Cached(_)
                | Step::Warp(_)
                | Step::Turn(_)
                | Step::Svg(_)
                | Step::Coverage(_)
                | Step::Text(_)
                | Step::Blend(_)
                | Step::Place(_)
                | Step::Encode(_) => {}
            }
            (sink.pixel, sink.width) = (node.pixel, area.width);
        }
        sink
    }

    /// The cost of a row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self) -> u64 {
        let width = u64::from(self.width);
        let stages = self.stages.iter().map(|stage| match stage {
            RowStage::Transform(_) => width * 4,
            RowStage::Convert { .. } | RowStage::Tint { .. } | RowStage::Mask(_) => width / 4,
            RowStage::Ops(operating) => Chain::work(operating.ops, operating.area),
        });
        self.target.work(self.width) + stages.sum::<u64>()
    }

    /// Receives row `nth` of the image.
    pub fn put(&mut self, nth: usize, row: &[u8]) {
        put(&mut self.stages, &mut self.target, self.pixel, (nth, row));
    }

    /// The raster.
    pub fn finish(self) -> Raster {
        self.target.finish()
    }
}

/// Passes a row through the stages to the target.
fn put(
    stages: &mut [RowStage],
    target: &mut Target,
    pixel: PixelFormat,
    (nth, row): (usize, &[u8]),
) {
    let Some((stage, rest)) = stages.split_first_mut() else {
        return target.put(nth, row, pixel);
    };
    match stage {
        RowStage::Convert { from, to, row: made } => {
            convert_row(*from, *to, row, made);
            put(rest, target, pixel, (nth, made));
        }
        RowStage::Transform(Transforming { transform, from, origin, row: made }) => {
            let dither = origin.map(|[along, down]| Dither { along, down: down + nth as i64 });
            transform.convert(*from, row, dither, made);
            put(rest, target, pixel, (nth, made));
        }
        RowStage::Ops(operating) => {
            let Operating { ops, area, chain, waiting, row: made } = operating;
            let chain = chain.get_or_insert_with(|| {
                let area = if nth > 0 { area.from_the_bottom() } else { *area };
                Chain::new(ops, area)
            });
            chain.push(row);
            waiting.push_back(nth);
            while chain.pull(made) {
                let Some(nth) = waiting.pop_front() else { break };
                put(rest, target, pixel, (nth, made));
            }
        }
        RowStage::Tint { color, model, row: tinted } => {
            match (model, color.first_chunk()) {
                (ColorModel::Rgb, Some(color)) => tint::<4>(color, row, tinted),
                _ => tint(color, row, tinted),
            }
            put(rest, target, pixel, (nth, tinted));
        }
        RowStage::Mask(masking) => {
            let masked = masking.masked(nth, row);
            put(rest, target, pixel, (nth, masked));
        }
    }
}
