//! The source node: how pixels of a level map to pixels of the view, and which tiles they need.

use std::{
    hash::{Hash, Hasher},
    ops::Range,
    rc::Rc,
};

use super::{
    axis::{self, Sampling},
    content::ContentLayout,
    demand::Demand,
};
use crate::{
    error::{Error, Result},
    geometry::{Rect, Size, SourceSpace, ViewSpace},
    picture::{Source, SvgInputs},
    pyramid::{Index, Level, Planes, Rows},
    resample::{Axis, Resampler},
    store::{ByteRange, Object},
    svg::Drawing,
};

/// An opened pyramid: its index, and the bytes of its file that are in memory.
#[derive(Debug, Clone, Copy)]
pub struct Opened<'a> {
    /// Its key in the object store.
    pub key: &'a str,
    /// Its index.
    pub index: &'a Rc<Index>,
    /// The bytes of its file that are in memory; `None` where there are none.
    pub object: Option<&'a Object>,
    /// An SVG with what it is drawn with; empty for a pyramid.
    pub drawings: &'a [(SvgInputs, Rc<Drawing>)],
}

impl<'a> Opened<'a> {
    /// The drawing of an SVG as the picture shows it; `None` for a pyramid.
    pub fn drawing(&self, image: &Source) -> Result<Option<&'a Rc<Drawing>>> {
        let Some(inputs) = &image.svg else { return Ok(None) };
        let found = self.drawings.iter().find(|(drawn, _)| *drawn == **inputs);
        found
            .map(|(_, drawing)| Some(drawing))
            .ok_or_else(|| Error::bug("an SVG of the picture was not read"))
    }

    /// The size of an image.
    pub fn size(&self, image: &Source) -> Result<Size<SourceSpace>> {
        let drawing = self.drawing(image)?;
        Ok(drawing.map_or_else(|| self.index.upright_size(), |drawing| drawing.size()))
    }

    /// Photoshop's image resources; `None` if the file has none. Fails if they were not read.
    pub fn resources(&self) -> Result<Option<&'a [u8]>> {
        let Some(span) = self.index.photoshop else { return Ok(None) };
        let bytes = self.object.and_then(|object| object.get(span.into()));
        bytes.map(Some).ok_or_else(|| Error::bug("the paths of an image were not read"))
    }
}

/// A resampling of a part of one level. Its weights and tiles are not computed yet.
#[derive(Debug, Clone)]
pub struct SourceStep {
    /// The pyramid's key in the object store.
    pub key: String,
    /// The index of the pyramid.
    pub index: Rc<Index>,
    /// The number of the level in the index; 0 is the largest.
    pub level: usize,
    /// The axis along the stored rows.
    across: Axis,
    /// The axis down the stored rows.
    down: Axis,
    /// Whether it may resample the YCbCr planes, before they are converted to RGB.
    planes: bool,
    /// Whether stored rows are columns of the view (orientations 5 to 8).
    pub transposed: bool,
}

/// A source step with its weights, and the tiles that they use.
#[derive(Debug)]
pub struct PlannedSource {
    /// The source step.
    pub step: SourceStep,
    /// The weights along the stored rows.
    pub across: Sampling,
    /// The weights down the stored rows.
    pub down: Sampling,
    /// Numbers of the tiles to decode.
    pub tiles: Vec<usize>,
}

/// How to turn stored pixels upright, from TIFF's `Orientation` tag.
#[derive(Debug, Clone, Copy)]
struct Orientation {
    /// Stored rows are columns of the upright image.
    transposed: bool,
    /// Stored columns run against the upright axis.
    mirror_x: bool,
    /// Stored rows run against the upright axis.
    mirror_y: bool,
}

impl Orientation {
    /// Decodes the value of TIFF tag 274 (TIFF 6.0, section 8: `Orientation`).
    fn of(orientation: u8) -> Self {
        Self {
            transposed: matches!(orientation, 5..=8),
            mirror_x: matches!(orientation, 2 | 3 | 7 | 8),
            mirror_y: matches!(orientation, 3 | 4 | 6 | 7),
        }
    }
}

/// A level counts as reduced above this many source pixels per output pixel. Only reduced levels
/// are drawn from planes.
const REDUCED: f64 = 1.0 + 1e-6;

impl SourceStep {
    /// Plans the wanted part of an image, with the pixels that are read around it. Also returns the
    /// view pixels that the step makes. `None` where no wanted pixel shows the image.
    pub fn new(
        source: &Opened,
        content: &ContentLayout,
        demand: Demand,
    ) -> Option<(Self, Rect<ViewSpace>)> {
        let Demand { frame, kernel, area: wanted, .. } = demand;
        let reach = i64::from(demand.reach);
        let across = content.across.through(&frame.across);
        let down = content.down.through(&frame.down);
        let columns = across.outputs(wanted.x..wanted.right(), reach)?;
        let rows = down.outputs(wanted.y..wanted.bottom(), reach)?;
        let area = Rect::new(columns.start, rows.start, length(&columns), length(&rows));
        // The axes below are those of the stored pixels.
        let orientation = Orientation::of(source.index.orientation);
        let transposed = orientation.transposed != content.turned;
        let (stored_across, stored_down) = if transposed {
            (down.axis(rows, orientation.mirror_x), across.axis(columns, orientation.mirror_y))
        } else {
            (across.axis(columns, orientation.mirror_x), down.axis(rows, orientation.mirror_y))
        };
        let index = Rc::clone(source.index);
        let number = axis::level(&index, stored_across.step, stored_down.step);
        let (full, level) = (index.levels.first()?, index.levels.get(number)?);
        let [across, down] =
            [(stored_across, full.width, level.width), (stored_down, full.height, level.height)]
                .map(|(axis, full, len)| axis.on_level(kernel, level.ratio(full, len), len));
        // Interpolating chroma planes reads neighbouring samples, which a 1:1 copy does not need.
        let planes =
            Planes::are_in(level) && [&across, &down].iter().all(|axis| axis.step.abs() > REDUCED);
        let key = source.key.to_owned();
        Some((Self { key, index, level: number, across, down, planes, transposed }, area))
    }

    /// The level that the step reads.
    pub fn level(&self) -> Result<&Level> {
        let missing = || Error::bug("the plan names a level that is not there");
        self.index.levels.get(self.level).ok_or_else(missing)
    }

    /// The columns and rows of the level that the step reads, as an upper bound.
    pub fn region(&self, level: &Level) -> [Range<u32>; 2] {
        [(&self.across, level.width), (&self.down, level.height)].map(|(axis, len)| {
            let source = axis.source();
            // Subsampled planes also use the next sample, which spans two pixels.
            let beyond = if self.planes { 2 } else { 0 };
            source.start.saturating_sub(beyond)..(source.end + beyond).min(len)
        })
    }

    /// Bytes of memory that decoding and resampling need: a row of tiles, a tile, and the rows under
    /// the kernel.
    pub fn decoding_memory(&self) -> Result<u64> {
        let level = self.level()?;
        let (across, down) = (&self.across, &self.down);
        let [columns, _] = self.region(level);
        let of_planes = || if self.planes { Planes::memory(level) } else { None };
        let decoded = of_planes().unwrap_or_else(|| Rows::memory(level, columns));
        // The JPEG decoder copies its input: very little for a tile, but all of a JPEG file.
        let is_jpeg_file = level.compression.is_file() && level.compression.is_jpeg();
        let copy = if is_jpeg_file { self.index.len } else { 0 };
        let resampler = Resampler::memory(level.drawn_type(), across, down);
        Ok([decoded, copy, resampler].into_iter().fold(0, u64::saturating_add))
    }

    /// The work of decoding and resampling, in pixels of a
    /// [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self) -> u64 {
        let [columns, rows] = self.level().map_or([0..0, 0..0], |level| self.region(level));
        let source = u64::from(columns.end - columns.start) * u64::from(rows.end - rows.start);
        // Each row is summed as often as it lies under the kernel.
        let summed = u64::from(columns.end - columns.start) * self.down.outputs();
        source.saturating_add(summed.saturating_mul(self.down.taps()) / 16)
    }

    /// Bytes of the weights. Those of all sources are computed before the first pixel is drawn.
    pub fn weights_memory(&self) -> u64 {
        let of = |axis: &Axis| {
            let pairs = if self.planes { axis.memory_of_pairs() } else { 0 };
            axis.memory().saturating_add(pairs)
        };
        of(&self.across).saturating_add(of(&self.down))
    }

    /// Bytes of the weights of outputs that are subsampled, which are not part of
    /// [`Self::weights_memory`].
    pub fn memory_of_output_pairs(&self) -> u64 {
        self.across.memory_of_output_pairs().saturating_add(self.down.memory_of_output_pairs())
    }

    /// Computes the weights, and lists the tiles they use.
    pub fn weigh(&self) -> Result<PlannedSource> {
        let level = self.level()?;
        let across = Sampling::new(&self.across, level.width, self.planes);
        let down = Sampling::new(&self.down, level.height, self.planes);
        let tiles = level.tiles_in(across.source(level.width), down.source(level.height));
        let tiles = tiles.collect();
        Ok(PlannedSource { step: self.clone(), across, down, tiles })
    }
}

impl Hash for SourceStep {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // Key and version identify the pyramid.
        let Self { key, index, level, across, down, planes, transposed } = self;
        (key, &index.version, level, across, down, planes, transposed).hash(state);
    }
}

impl PlannedSource {
    /// The pyramid's key in the object store.
    pub fn key(&self) -> &str {
        &self.step.key
    }

    /// Byte ranges of its tiles in the file. Tiles without data are left out.
    pub fn ranges(&self) -> impl Iterator<Item = ByteRange> {
        let level = self.step.index.levels.get(self.step.level);
        let ranges = self.tiles.iter().filter_map(move |&tile| level?.tile(tile));
        ranges.map(ByteRange::from).filter(|range| range.len > 0)
    }
}

/// The length of a range of pixels.
pub fn length(range: &Range<i64>) -> u32 {
    u32::try_from(range.end - range.start).unwrap_or(0)
}
