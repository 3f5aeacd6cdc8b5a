//! From the scene and the pyramid's index to what must be read and drawn: pure arithmetic.
//!
//! Everything a picture's geometry needs is settled here, before a tile is read; so is the
//! memory it will take.

mod areas;
mod axis;
mod composite;
mod fit;
mod memory;
mod view;

use std::ops::Range;

pub use areas::areas;
pub use axis::Sampling;
pub use composite::Composite;
pub use view::{ViewTransform, transform};

use crate::{
    error::{Error, ErrorKind, Result},
    geometry::{Canvas, Rect, Reply, Size, View},
    limits,
    ops::{self, Op},
    pyramid::{Index, Level, Planes},
    resample::Axis,
    scene::Scene,
    store::{ByteRange, Object, coalesce},
};

/// What it takes to draw one scene.
#[derive(Debug)]
pub struct Plan {
    /// The composite image: layer 0 after its transforms.
    pub composite: Size<Canvas>,
    /// The view, of which `rect=` may cut the reply out.
    pub view: Size<View>,
    /// The reply image.
    pub reply: Size<Reply>,
    /// The image's part of the reply; `None` when only background is seen.
    pub draw: Option<Draw>,
    /// Operations on the drawn pixels, in order.
    pub ops: Vec<Op>,
    /// Byte ranges of the pyramid to read, merged.
    pub reads: Vec<ByteRange>,
    /// Bytes of memory at the peak.
    pub memory: u64,
}

/// One resampling of a part of one level.
#[derive(Debug)]
pub struct Draw {
    /// Index into the pyramid's levels.
    pub level: usize,
    /// What makes the area's columns of the level's.
    pub across: Sampling,
    /// What makes its rows.
    pub down: Sampling,
    /// Where the drawn pixels lie in the reply. With operations that look around, the area
    /// passes the reply's edges by their reach.
    pub area: Rect<Reply>,
    /// The same pixels' place in the view, x and y: operations must not depend on `rect=`.
    pub origin: [i64; 2],
    /// Whether rows and columns change places (orientations 5 to 8).
    pub transposed: bool,
    /// Numbers of the tiles that are decoded.
    pub tiles: Vec<usize>,
}

/// Which pixels of a level become which of the reply: a [`Draw`] of which no weight is computed
/// and no tile is listed yet.
#[derive(Debug)]
struct Resampling {
    level: usize,
    across: Axis,
    down: Axis,
    /// Whether it may be drawn from the planes of YCbCr.
    planes: bool,
    area: Rect<Reply>,
    origin: [i64; 2],
    transposed: bool,
}

/// Plans `scene` over the pyramid, of which `object` is in memory already. Memory is judged
/// before anything is made whose length follows from what the source claims to be.
pub fn plan(scene: &Scene, index: &Index, object: Option<&Object>) -> Result<Plan> {
    scene.drawable()?;
    let composite = Composite::new(&scene.layer, index)?;
    let transform = transform(&scene.view, composite.size)?;
    let cut = transform.reply;
    let reply = Size::new(cut.width, cut.height);
    let (size, view) = (composite.size, transform.size);
    if !scene.reply.has_pixels() {
        // Of a picture that is only described, none is too large.
        let (draw, ops, reads) = (None, Vec::new(), Vec::new());
        return Ok(Plan { composite: size, view, reply, draw, ops, reads, memory: 0 });
    }
    check_max_pix(scene, cut.width, cut.height)?;
    let scale = transform.across.scale.min(transform.down.scale);
    let ops = ops::in_order(&scene.layer_ops, scale, &scene.ops);
    let resampling = resampling(scene, index, &composite, &transform, ops::reach(&ops));
    let memory = memory::peak(scene, index, reply, resampling.as_ref(), &ops, object)?;
    memory::judge(scene, index, reply, memory)?;
    let draw = resampling.map(|resampling| resampling.weigh(index)).transpose()?;
    let reads = match &draw {
        Some(draw) => reads(level(index, draw.level)?, &draw.tiles, object),
        None => Vec::new(),
    };
    Ok(Plan { composite: size, view, reply, draw, ops, reads, memory })
}

/// Where the tiles of a plan lie in the pyramid; missing ones lie nowhere.
pub fn wanted(level: &Level, tiles: &[usize]) -> impl Iterator<Item = ByteRange> {
    let ranges = tiles.iter().filter_map(|&tile| level.tile(tile));
    ranges.map(ByteRange::from).filter(|range| range.len > 0)
}

/// The pyramid's level of this number.
pub fn level(index: &Index, number: usize) -> Result<&Level> {
    index.levels.get(number).ok_or_else(|| Error::bug("the plan names a level that is not there"))
}

/// r-maxpix: neither side of the reply may pass the attribute; 0 is free.
fn check_max_pix(scene: &Scene, width: u32, height: u32) -> Result<()> {
    let [max_width, max_height] = scene.view.max_pix;
    let over = |len: u32, max: u32| max > 0 && len > max;
    if over(width, max_width) || over(height, max_height) {
        let message = format!(
            "the reply of {width} × {height} pixels is larger than MaxPix {max_width} × \
             {max_height}; ask for less with wid=, hei= or scl=, or for a part with rect="
        );
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(())
}

fn resampling(
    scene: &Scene,
    index: &Index,
    composite: &Composite,
    transform: &ViewTransform,
    reach: u32,
) -> Option<Resampling> {
    let cut = transform.reply;
    let reach = i64::from(reach);
    let across = composite.across.seen(&transform.across);
    let down = composite.down.seen(&transform.down);
    let columns = across.outputs(cut.x..cut.right(), reach)?;
    let rows = down.outputs(cut.y..cut.bottom(), reach)?;
    let area =
        Rect::new(columns.start - cut.x, rows.start - cut.y, length(&columns), length(&rows));
    let origin = [columns.start, rows.start];
    // From here on, axes are those of the stored pixels.
    let turn = composite.turn;
    let (stored_across, stored_down) = if turn.transposed {
        (down.axis(rows, turn.mirror_x), across.axis(columns, turn.mirror_y))
    } else {
        (across.axis(columns, turn.mirror_x), down.axis(rows, turn.mirror_y))
    };
    let number = axis::level(index, stored_across.step, stored_down.step);
    let level = index.levels.get(number)?;
    let full = index.levels.first()?;
    let kernel = scene.view.kernel;
    let across = stored_across.on_level(kernel, level.ratio(full.width, level.width), level.width);
    let down = stored_down.on_level(kernel, level.ratio(full.height, level.height), level.height);
    // Colour planes are interpolated, which takes neighbours that a copy of pixels needs not.
    let planes =
        Planes::are_in(level) && [&across, &down].iter().all(|axis| axis.step.abs() > REDUCED);
    let transposed = turn.transposed;
    Some(Resampling { level: number, across, down, planes, area, origin, transposed })
}

impl Resampling {
    /// The columns and rows of the level that are read at most.
    fn source(&self, level: &Level) -> [Range<u32>; 2] {
        [(&self.across, level.width), (&self.down, level.height)].map(|(axis, len)| {
            let source = axis.source();
            // Of samples of two pixels each, the one beyond is used too.
            let beyond = if self.planes { 2 } else { 0 };
            source.start.saturating_sub(beyond)..(source.end + beyond).min(len)
        })
    }

    /// Computes the weights, and lists the tiles they want.
    fn weigh(self, index: &Index) -> Result<Draw> {
        let Self { level: number, planes, area, origin, transposed, .. } = self;
        let level = level(index, number)?;
        let across = Sampling::new(&self.across, level.width, planes);
        let down = Sampling::new(&self.down, level.height, planes);
        let tiles = level.tiles_in(across.source(level.width), down.source(level.height));
        let tiles = tiles.collect();
        Ok(Draw { level: number, across, down, area, origin, transposed, tiles })
    }
}

/// Source pixels per output pixel, above which a level is drawn smaller.
const REDUCED: f64 = 1.0 + 1e-6;

fn length(range: &Range<i64>) -> u32 {
    u32::try_from(range.end - range.start).unwrap_or(0)
}

fn reads(level: &Level, tiles: &[usize], object: Option<&Object>) -> Vec<ByteRange> {
    let held = |range| object.is_some_and(|object| object.get(range).is_some());
    let unread = wanted(level, tiles).filter(|&range| !held(range));
    coalesce(unread.collect(), limits::COALESCE_MAX)
}

#[cfg(test)]
mod tests;
