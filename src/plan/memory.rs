//! The peak of memory, known before a tile is read.

use std::rc::Rc;

use super::{Draw, level};
use crate::{
    codec,
    error::Result,
    geometry::{Reply, Size},
    limits,
    ops::Adjust,
    pyramid::{Index, Planes, Rows},
    resample::{Resampler, Weights},
    scene::Scene,
    store::ByteRange,
};

/// Bytes held at the worst moment: the compressed tiles while pixels are drawn, or the pixels
/// while they are changed, put on the background and encoded.
pub fn peak(
    scene: &Scene,
    index: &Index,
    reply: Size<Reply>,
    draw: Option<&Draw>,
    adjustments: &[Rc<dyn Adjust>],
    reads: &[ByteRange],
) -> Result<u64> {
    let canvas = reply.pixels() * scene.canvas_channels() as u64;
    let encoder = codec::memory(&scene.output, reply);
    let held = limits::HEADER_READ + index_bytes(index);
    let Some(draw) = draw else { return Ok(held + canvas + encoder) };
    let level = level(index, draw.level)?;
    let (width, height) = (draw.area.width, draw.area.height);
    let channels = level.channels();
    let drawn = u64::from(width) * u64::from(height) * channels as u64;
    let tiles: u64 = reads.iter().map(|range| range.len).sum();
    // Planes are smaller than pixels, in the file and in the resampler, but for their weights.
    let weights = [&draw.across, &draw.down].map(|axis| axis.half.as_deref());
    let weights: u64 = weights.into_iter().flatten().map(Weights::memory).sum();
    let planes = draw.across.half.as_ref().and_then(|_| Planes::memory(level));
    let rows = || Rows::memory(level, draw.across.source(level.width));
    // A decoder copies what it reads: of a tile next to nothing, of a file all of it.
    let copy = if level.compression.is_file() { index.len } else { 0 };
    let decoding = planes.unwrap_or_else(rows)
        + copy
        + Resampler::memory(channels, &draw.across.full, &draw.down.full)
        + weights;
    let changing =
        adjustments.iter().map(|adjust| adjust.memory(width, height, channels)).max().unwrap_or(0);
    let turning = if draw.transposed { drawn } else { 0 };
    // The drawn raster becomes the canvas where it fills it in the right channels.
    let fills =
        width == reply.width && height == reply.height && channels == scene.canvas_channels();
    let placing = if fills { 0 } else { canvas };
    let stages = [
        tiles + decoding + drawn,
        drawn + changing,
        drawn + turning,
        drawn + placing,
        canvas + encoder,
    ];
    Ok(held + stages.into_iter().max().unwrap_or(0))
}

fn index_bytes(index: &Index) -> u64 {
    index.levels.iter().map(|level| level.all_tiles() as u64 * 16 + 256).sum()
}
