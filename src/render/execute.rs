//! Runs the nodes of a plan's graph.
//!
//! Nodes that make rasters run in the order of the graph. Rows stream into them: from an image, a
//! colour or another raster, through conversion, operations and masks.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    blend::Blending,
    convert::{self, Transforms},
    coverage, mask,
    place::Placing,
    planar,
    rows::{RowSink, Target},
    source, stored, svg, text, turn, warp,
};
use crate::{
    codec::{self, Codecs, Embedded, EncodeOptions, Encoded},
    color::Color,
    error::{Error, Result},
    pixel::{PixelFormat, Raster, Yuv420, repeat},
    plan::{self, Canvas, Flow, Node, NodeId, Paint, Plan, Step},
    store::{Fetched, LayerCache},
    time_slice::{TimeSlice, Work},
};

/// The tiles, and the transforms between profiles.
type Read<'a> = (&'a Fetched, &'a Transforms);

/// The rasters that later nodes read.
type Rasters = BTreeMap<NodeId, Rc<Raster>>;

/// A reply before it is encoded.
#[derive(Debug)]
pub enum Drawn {
    /// The pixels of the canvas.
    Canvas(Raster),
    /// The planes that the encoder stores.
    Planes(Yuv420),
    /// A stored tile, which is a file already.
    File(Encoded),
}

/// The milliseconds of each node that made a raster, with the rows that stream into it.
pub type NodeTimes = Vec<(NodeId, f64)>;

/// Renders the reply from the fetched tiles, and puts the layers of the plan in the cache. The caller
/// can drop the tiles afterwards. `clock` returns milliseconds.
pub async fn draw(
    plan: &Plan,
    fetched: &Fetched,
    cache: Option<&LayerCache>,
    clock: &dyn Fn() -> f64,
    slice: &mut TimeSlice<'_>,
) -> Result<(Drawn, NodeTimes)> {
    let canvas = plan.graph.last().and_then(|encode| encode.inputs.first().copied());
    if let Some(image) = plan.image_alone() {
        if let Some(file) = stored::unchanged(image, plan, fetched)? {
            return Ok((Drawn::File(file), NodeTimes::new()));
        }
        let began = clock();
        if let Some(planes) = planar::draw(image, plan, fetched, slice).await? {
            let taken = clock() - began;
            return Ok((Drawn::Planes(planes), canvas.map(|id| (id, taken)).into_iter().collect()));
        }
    }
    let transforms = convert::transforms(plan, fetched, slice).await?;
    let mut rasters = Rasters::new();
    let (mut finished, mut times) = (None, NodeTimes::new());
    let last = plan.graph.last_readers();
    for (id, node) in plan.graph.iter().filter(|(_, node)| node.flow == Flow::Raster) {
        let raster = if let Step::Cached(layer) = &node.step {
            Rc::clone(&layer.raster)
        } else {
            let began = clock();
            let raster = execute(plan, node, (fetched, &transforms), &mut rasters, slice).await?;
            times.push((id, clock() - began));
            Rc::new(raster)
        };
        let layer = plan.layers.iter().find(|layer| layer.node == id);
        if let (Some(cache), Some(layer)) = (cache, layer) {
            cache.put(layer.key.0, Rc::clone(&raster));
        }
        rasters.retain(|before, _| before.of(&last) > Some(id));
        if Some(id) == canvas {
            finished = Some(Rc::unwrap_or_clone(raster));
        } else {
            rasters.insert(id, raster);
        }
    }
    let canvas = finished.ok_or_else(|| Error::bug("the plan has no canvas"))?;
    Ok((Drawn::Canvas(canvas), times))
}

/// The metadata that is written into the reply.
pub fn embedded(plan: &Plan, fetched: &Fetched) -> Result<Embedded> {
    let plan::Embedded { profile, xmp, paths } = &plan.embedded;
    let mut embedded = Embedded { paths: Rc::clone(paths), ..Embedded::default() };
    if let Some(profile) = profile {
        embedded.profile = (*convert::bytes(profile, fetched)?).into();
    }
    if let Some(xmp) = xmp {
        embedded.xmp = convert::stored_bytes(xmp, fetched)?.into();
    }
    Ok(embedded)
}

/// Encodes the reply in the format that makes the smallest file, with its metadata.
pub async fn encode(
    codecs: &impl Codecs,
    plan: &Plan,
    drawn: Drawn,
    embedded: Embedded,
    slice: &mut TimeSlice<'_>,
) -> Result<Encoded> {
    let Some(Step::Encode(encodings)) = plan.graph.last().map(|node| &node.step) else {
        return Err(Error::bug("the plan encodes nothing"));
    };
    let with_metadata =
        |options: &EncodeOptions| EncodeOptions { embedded: embedded.clone(), ..options.clone() };
    let encodings: Vec<EncodeOptions> = encodings.iter().map(with_metadata).collect();
    match (drawn, encodings.as_slice()) {
        (Drawn::File(file), _) => Ok(file),
        (Drawn::Planes(planes), [options]) => {
            let file = codec::jpeg::file_of_planes(options, planes, slice).await;
            Ok(Encoded { format: options.format, file, tried: None })
        }
        (Drawn::Planes(_), _) => Err(Error::bug("planes are encoded in several formats")),
        (Drawn::Canvas(canvas), _) => codec::smallest(codecs, &encodings, canvas, slice).await,
    }
}

/// Makes the raster of a node.
fn execute<'a>(
    plan: &'a Plan,
    node: &'a Node,
    read: Read<'a>,
    rasters: &'a mut Rasters,
    slice: &'a mut TimeSlice<'_>,
) -> Work<'a, Result<Raster>> {
    Box::pin(async move {
        match &node.step {
            Step::Fill(paint) => {
                let mut raster = Raster::new(node.area.width, node.area.height, node.pixel);
                if paint.color.alpha > 0 {
                    fill_row(paint, node.pixel, read.1, &mut raster.data);
                }
                slice.spend(raster.data.len() as u64 / 64).await;
                Ok(raster)
            }
            Step::Coverage(shape) => coverage::draw(shape, node.area, slice).await,
            Step::Svg(step) => {
                let raster = |id| Some((rasters.get(id)?.as_ref(), plan.graph.get(*id)?.area));
                let inputs: Option<Vec<_>> = node.inputs.iter().map(raster).collect();
                let inputs = inputs.ok_or_else(|| wrong_inputs(node))?;
                let images = svg::images(step, inputs.into_iter(), slice).await;
                svg::draw(step, node.area, &images, slice).await
            }
            Step::Text(step) => text::draw(step, node, read.1, slice).await,
            Step::Place(canvas) => {
                let input = node.inputs.first().and_then(|id| plan.graph.get(*id));
                let area = input.map(|input| input.area);
                let placing = Placing::new(*canvas, node, area, slice).await;
                stream(plan, node.inputs.first(), read, rasters, Target::Place(placing), slice)
                    .await
            }
            Step::Collect => {
                let [input] = node.inputs.as_slice() else { return Err(wrong_inputs(node)) };
                let copy = Canvas::Background(Color::BLACK);
                let placing = Placing::new(copy, node, Some(node.area), slice).await;
                stream(plan, Some(input), read, rasters, Target::Place(placing), slice).await
            }
            Step::Blend(step) => {
                let [canvas, input] = node.inputs.as_slice() else {
                    return Err(wrong_inputs(node));
                };
                let canvas = rasters.remove(canvas).ok_or_else(|| wrong_inputs(node))?;
                let area = plan.graph.get(*input).map(|input| input.area);
                let canvas = Rc::unwrap_or_clone(canvas);
                let blending = Blending::new(*step, canvas, node.area, area);
                stream(plan, Some(input), read, rasters, Target::Blend(blending), slice).await
            }
            Step::Source(_)
            | Step::Cached(_)
            | Step::Convert(_)
            | Step::Ops(_)
            | Step::Warp(_)
            | Step::Turn(_)
            | Step::Silhouette(_)
            | Step::Tint(_)
            | Step::Mask(_)
            | Step::Encode(_) => Err(Error::bug("the plan has a raster of a step without one")),
        }
    })
}

fn wrong_inputs(node: &Node) -> Error {
    Error::bug(format!("a node {} has the wrong inputs", node.step.name()))
}

/// Streams the rows of a node into a target, and returns the target's raster.
fn stream<'a>(
    plan: &'a Plan,
    input: Option<&'a NodeId>,
    read: Read<'a>,
    rasters: &'a Rasters,
    target: Target,
    slice: &'a mut TimeSlice<'_>,
) -> Work<'a, Result<Raster>> {
    Box::pin(async move {
        let Some(input) = input else { return Ok(target.finish()) };
        // From the nearest node to the one where the rows begin.
        let chain = plan.graph.rows_from(*input);
        let begin = chain.last().and_then(|id| plan.graph.get(*id));
        let begin = begin.ok_or_else(|| Error::bug("the plan reads a node that is not there"))?;
        let nodes = chain.iter().rev().filter_map(|id| plan.graph.get(*id));
        let transposed = matches!(&begin.step, Step::Source(step) if step.transposed);
        let (fetched, transforms) = read;
        let target = target.transposed(transposed);
        let mut sink = RowSink::new(target, transposed, nodes, transforms, |id| {
            Some((rasters.get(&id)?.as_ref(), plan.graph.get(id)?.area))
        });
        let raster = |nth: usize| {
            let input = begin.inputs.get(nth).and_then(|id| rasters.get(id));
            input.map(Rc::as_ref).ok_or_else(|| wrong_inputs(begin))
        };
        match &begin.step {
            Step::Source(_) => {
                let drawn = chain.last().and_then(|id| plan.source(*id));
                let drawn = drawn.ok_or_else(|| Error::bug("a source without weights"))?;
                source::draw(drawn, fetched.object(drawn.key()), &mut sink, slice).await?;
            }
            Step::Fill(paint) if begin.flow == Flow::Rows => {
                let mut row = vec![0; begin.area.width as usize * begin.pixel.samples()];
                fill_row(paint, begin.pixel, transforms, &mut row);
                for y in 0..begin.area.height {
                    sink.put(y as usize, &row);
                    slice.spend(sink.work()).await;
                }
            }
            Step::Warp(step) => {
                let input = begin.inputs.first().and_then(|id| plan.graph.get(*id));
                let input = input.ok_or_else(|| wrong_inputs(begin))?;
                warp::draw(step, begin, (raster(0)?, input.area), &mut sink, slice).await;
            }
            Step::Turn(step) => {
                let input = begin.inputs.first().and_then(|id| plan.graph.get(*id));
                let input = input.ok_or_else(|| wrong_inputs(begin))?;
                turn::draw(step, begin, (raster(0)?, input.area), &mut sink, slice).await;
            }
            Step::Silhouette(step) => {
                let input = begin.inputs.first().and_then(|id| plan.graph.get(*id));
                let input = input.ok_or_else(|| wrong_inputs(begin))?;
                let mut row = vec![0; begin.area.width as usize];
                for y in 0..begin.area.height {
                    let layer = (raster(0)?, input.area);
                    mask::silhouette(*step, begin.area, layer, y, &mut row);
                    sink.put(y as usize, &row);
                    slice.spend(u64::from(begin.area.width) / 4 + sink.work()).await;
                }
            }
            Step::Fill(_)
            | Step::Collect
            | Step::Cached(_)
            | Step::Coverage(_)
            | Step::Svg(_)
            | Step::Text(_)
            | Step::Place(_)
            | Step::Blend(_) => {
                let id = chain.last().ok_or_else(|| wrong_inputs(begin))?;
                let raster = rasters.get(id).ok_or_else(|| wrong_inputs(begin))?;
                for y in 0..raster.height {
                    sink.put(y as usize, raster.row(y));
                    slice.spend(u64::from(raster.width) / 8 + sink.work()).await;
                }
            }
            Step::Convert(_) | Step::Ops(_) | Step::Tint(_) | Step::Mask(_) | Step::Encode(_) => {
                return Err(Error::bug("the plan has rows of a step without any"));
            }
        }
        Ok(sink.finish())
    })
}

/// Fills a row of pixels with a colour.
fn fill_row(paint: &Paint, pixel: PixelFormat, transforms: &Transforms, row: &mut [u8]) {
    repeat(&convert::painted(paint, pixel, transforms)[..pixel.samples()], row);
}
