//! The peak of memory, in closed form: from lengths alone, before a weight is computed or a list
//! is made. What a source claims to be costs nothing until it is judged here.

use super::{Resampling, level};
use crate::{
    commands::Reply,
    error::{Error, Result},
    geometry::{self, Rect, Size},
    limits,
    ops::{Area, Chain, Op},
    pyramid::{Index, Planes, Rows},
    resample::Resampler,
    scene::Scene,
    store::Object,
};

/// Bytes held at the worst moment: while pixels are drawn, with the compressed tiles and what
/// operations hold, or while they are encoded.
pub fn peak(
    scene: &Scene,
    index: &Index,
    reply: Size<geometry::Reply>,
    resampling: Option<&Resampling>,
    ops: &[Op],
    object: Option<&Object>,
) -> Result<u64> {
    let canvas = reply.pixels() * scene.canvas_channels() as u64;
    let encoded = reply.pixels() * scene.output.channels() as u64;
    // A mask is what is left of its canvas.
    let masking = if scene.reply == Reply::Mask { canvas + encoded } else { canvas };
    let encoding = (scene.output.format.memory)(&scene.output, reply);
    let index_bytes: u64 = index.levels.iter().map(|level| level.memory()).sum();
    let held = limits::HEADER_READ + index_bytes;
    let Some(resampling) = resampling else { return Ok(held + masking.max(encoding)) };
    let level = level(index, resampling.level)?;
    let Rect { width, height, .. } = resampling.area;
    let channels = level.channels();
    let tiles = read(resampling, index, object)?;
    let mut drawing = tiles.saturating_add(decoding(resampling, index)?).saturating_add(canvas);
    if !ops.is_empty() {
        // Rows of the level: columns of the reply, where the picture is turned.
        let [width, height] = if resampling.transposed { [height, width] } else { [width, height] };
        let area = Area { width, height, channels, origin: [0, 0] };
        let row = u64::from(width) * channels as u64;
        drawing = drawing.saturating_add(Chain::memory(ops, area) + row);
    }
    // Measured: the linear memory of wasm, which never shrinks, reached 66.3 MiB where a PNG had 61.6 in
    // use with its tiles gone. That a file of that size fits in none of the pieces they left is a guess.
    let one_block = scene.output.format.one_block;
    let encoding = if one_block { encoding.saturating_add(tiles) } else { encoding };
    let stages = [drawing, masking, encoding];
    Ok(stages.into_iter().max().unwrap_or(0).saturating_add(held))
}

/// Bytes of the pyramid in memory while it is drawn: those that are, and those that are to be
/// read. What coalescing reads besides is at most an eighth.
fn read(resampling: &Resampling, index: &Index, object: Option<&Object>) -> Result<u64> {
    let level = level(index, resampling.level)?;
    let [columns, rows] = resampling.source(level);
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

/// Bytes that turn tiles into rows of the reply: a row of tiles, a tile, the rows under the
/// kernel, the weights.
fn decoding(resampling: &Resampling, index: &Index) -> Result<u64> {
    let level = level(index, resampling.level)?;
    let (across, down) = (&resampling.across, &resampling.down);
    let [columns, _] = resampling.source(level);
    let of_planes = || if resampling.planes { Planes::memory(level) } else { None };
    let decoded = of_planes().unwrap_or_else(|| Rows::memory(level, columns));
    // A decoder of JPEG copies what it reads: of a tile next to nothing, of a file all of it.
    let is_jpeg_file = level.compression.is_file() && level.compression.is_jpeg();
    let copy = if is_jpeg_file { index.len } else { 0 };
    let pairs = if resampling.planes {
        across.memory_of_pairs().saturating_add(down.memory_of_pairs())
    } else {
        0
    };
    Ok([
        decoded,
        copy,
        Resampler::memory(level.channels(), across, down),
        across.memory(),
        down.memory(),
        pairs,
    ]
    .into_iter()
    .fold(0, u64::saturating_add))
}

/// Refuses what needs more than a request may have, and says what would fit.
pub fn judge(
    scene: &Scene,
    index: &Index,
    reply: Size<geometry::Reply>,
    needed: u64,
) -> Result<()> {
    let needed = needed.saturating_add(limits::MEMORY_OVERHEAD);
    if needed <= limits::MEMORY {
        return Ok(());
    }
    // Rounded up, so that what is over the limit is never told to be the limit.
    let (needed, limit) = (needed.div_ceil(1 << 20), limits::MEMORY >> 20);
    let needs = format!(
        "the reply of {} × {} pixels needs {needed} MiB of memory, the limit is {limit} MiB",
        reply.width, reply.height,
    );
    let (size, max_pix) = (index.size(), scene.view.max_pix);
    let is_file = index.levels.iter().any(|level| level.compression.is_file());
    Err(Error::too_large(match max_pix {
        _ if is_file => format!(
            "{needs}, for a source that is no pyramid is decoded whole, all {} × {} pixels; ask \
             for it reduced, name a smaller file, or ingest it",
            size.width, size.height,
        ),
        [0, 0] => format!("{needs}; ask for a smaller one, or for parts of it with rect="),
        [width, height] => format!(
            "{needs} whatever MaxPix ({width} × {height}) allows; ask for a smaller one, or for \
             parts of it with rect="
        ),
    }))
}
