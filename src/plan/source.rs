//! The source node: which pixels of a level become which of the view, and the tiles it takes.

use std::{
    hash::{Hash, Hasher},
    ops::Range,
    rc::Rc,
};

use super::{
    axis::{self, Sampling},
    composite::Composite,
    view::ViewTransform,
};
use crate::{
    error::{Error, Result},
    geometry::{Rect, ViewSpace},
    limits,
    ops::Area,
    pixel::PixelFormat,
    pyramid::{Index, Level, Planes, Rows},
    resample::{Axis, Kernel, Resampler},
    store::{ByteRange, Object, Read, coalesce},
};

/// A pyramid that a picture shows, as far as it has been read.
#[derive(Debug, Clone, Copy)]
pub struct Opened<'a> {
    /// The key of its object.
    pub key: &'a str,
    /// Its index.
    pub index: &'a Rc<Index>,
    /// The object, as far as it is in memory.
    pub object: Option<&'a Object>,
}

/// A resampling of a part of one level, of which no weight is computed and no tile is listed yet.
#[derive(Debug, Clone)]
pub struct SourceStep {
    /// The object of the pyramid.
    key: String,
    /// The pyramid.
    pub index: Rc<Index>,
    /// The place of the level in the index.
    pub level: usize,
    /// The axis along the stored rows.
    across: Axis,
    /// The axis down the stored rows.
    down: Axis,
    /// Whether it may be drawn from the planes of YCbCr.
    planes: bool,
    /// Whether stored rows are columns of the view (orientations 5 to 8).
    pub transposed: bool,
}

/// A source that is to be drawn: its weights, and the tiles that they use.
#[derive(Debug)]
pub struct PlannedSource {
    /// What it is made of.
    pub step: SourceStep,
    /// The weights along the stored rows.
    pub across: Sampling,
    /// The weights down the stored rows.
    pub down: Sampling,
    /// Numbers of the tiles that are decoded.
    pub tiles: Vec<usize>,
}

/// Source pixels per output pixel, above which a level is drawn smaller.
const REDUCED: f64 = 1.0 + 1e-6;

impl SourceStep {
    /// The step that makes the part of the picture that a reply shows, with `reach` more pixels of
    /// its surroundings, and the pixels of the view that it makes. `None` where nothing of the
    /// picture is seen.
    pub fn new(
        source: &Opened,
        kernel: Kernel,
        composite: &Composite,
        transform: &ViewTransform,
        reach: u32,
    ) -> Option<(Self, Rect<ViewSpace>)> {
        let (cut, reach) = (transform.reply, i64::from(reach));
        let across = composite.across.through(&transform.across);
        let down = composite.down.through(&transform.down);
        let columns = across.outputs(cut.x..cut.right(), reach)?;
        let rows = down.outputs(cut.y..cut.bottom(), reach)?;
        let area = Rect::new(columns.start, rows.start, length(&columns), length(&rows));
        // From here on, axes are those of the stored pixels.
        let orientation = composite.orientation;
        let (stored_across, stored_down) = if orientation.transposed {
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
        // Colour planes are interpolated, which takes neighbours that a copy of pixels needs not.
        let planes =
            Planes::are_in(level) && [&across, &down].iter().all(|axis| axis.step.abs() > REDUCED);
        let (key, transposed) = (source.key.to_owned(), orientation.transposed);
        Some((Self { key, index, level: number, across, down, planes, transposed }, area))
    }

    /// The level that is drawn.
    pub fn level(&self) -> Result<&Level> {
        let missing = || Error::bug("the plan names a level that is not there");
        self.index.levels.get(self.level).ok_or_else(missing)
    }

    /// The rows that make `area` of the view, in the order and the orientation they are stored in.
    pub fn rows(&self, area: Rect<ViewSpace>, pixel: PixelFormat) -> Area {
        let Rect { x, y, width, height, .. } = area;
        match self.transposed {
            true => Area { width: height, height: width, pixel, origin: [y, x] },
            false => Area { width, height, pixel, origin: [x, y] },
        }
    }

    /// The columns and rows of the level that are read at most.
    fn region(&self, level: &Level) -> [Range<u32>; 2] {
        [(&self.across, level.width), (&self.down, level.height)].map(|(axis, len)| {
            let source = axis.source();
            // Of samples of two pixels each, the one beyond is used too.
            let beyond = if self.planes { 2 } else { 0 };
            source.start.saturating_sub(beyond)..(source.end + beyond).min(len)
        })
    }

    /// Bytes of the pyramid in memory while it is drawn: those that are, and those that are to be
    /// read. What coalescing reads besides is at most an eighth.
    pub fn stored_memory(&self, object: Option<&Object>) -> Result<u64> {
        let level = self.level()?;
        let [columns, rows] = self.region(level);
        let is_here = |range| object.is_some_and(|object| object.get(range).is_some());
        let (mut tiles, mut unread, mut bytes) = (0_u64, 0_u64, 0_u64);
        for number in level.tiles_in(columns, rows) {
            tiles += 1;
            let span = level.tile(number).filter(|span| span.len > 0);
            if let Some(span) = span.filter(|span| !is_here((*span).into())) {
                (unread, bytes) = (unread + 1, bytes.saturating_add(span.len));
            }
        }
        let besides = if unread > 1 { bytes / limits::COALESCE_SHARE } else { 0 };
        // Numbers of tiles, of eight bytes; their ranges, of sixteen, and those that are merged.
        let lists = tiles * 8 + unread * 2 * 16;
        let here = object.map_or(0, Object::memory) + lists;
        Ok(bytes.saturating_add(besides).saturating_add(here))
    }

    /// Bytes that orientation tiles into rows of the view: a row of tiles, a tile, the rows under the
    /// kernel, the weights.
    pub fn decoding_memory(&self) -> Result<u64> {
        let level = self.level()?;
        let (across, down) = (&self.across, &self.down);
        let [columns, _] = self.region(level);
        let of_planes = || if self.planes { Planes::memory(level) } else { None };
        let decoded = of_planes().unwrap_or_else(|| Rows::memory(level, columns));
        // A decoder of JPEG copies what it reads: of a tile next to nothing, of a file all of it.
        let is_jpeg_file = level.compression.is_file() && level.compression.is_jpeg();
        let copy = if is_jpeg_file { self.index.len } else { 0 };
        let pairs = match self.planes {
            true => across.memory_of_pairs().saturating_add(down.memory_of_pairs()),
            false => 0,
        };
        let resampler = Resampler::memory(level.drawn_type(), across, down);
        let parts = [decoded, copy, resampler, across.memory(), down.memory(), pairs];
        Ok(parts.into_iter().fold(0, u64::saturating_add))
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
        // Object and version stand for the pyramid.
        let Self { key, index, level, across, down, planes, transposed } = self;
        (key, &index.version, level, across, down, planes, transposed).hash(state);
    }
}

impl PlannedSource {
    /// The object of the pyramid.
    pub fn key(&self) -> &str {
        &self.step.key
    }

    /// Where its tiles lie in the pyramid; missing ones lie nowhere.
    pub fn ranges(&self) -> impl Iterator<Item = ByteRange> {
        let level = self.step.index.levels.get(self.step.level);
        let ranges = self.tiles.iter().filter_map(move |&tile| level?.tile(tile));
        ranges.map(ByteRange::from).filter(|range| range.len > 0)
    }

    /// Reads of the tiles that are not in memory, neighbours merged.
    pub fn reads(&self, object: Option<&Object>) -> Vec<Read> {
        let held = |range| object.is_some_and(|object| object.get(range).is_some());
        let unread = self.ranges().filter(|&range| !held(range)).collect();
        let merged = coalesce(unread, limits::COALESCE_MAX).into_iter();
        let version = &self.step.index.version;
        let read =
            |range| Read { key: self.key().to_owned(), range, version: Some(version.clone()) };
        merged.map(read).collect()
    }
}

fn length(range: &Range<i64>) -> u32 {
    u32::try_from(range.end - range.start).unwrap_or(0)
}
