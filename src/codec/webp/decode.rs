//! Decodes tiles that are complete WebP files.

use std::io::Cursor;

use image_webp::WebPDecoder;

use crate::{
    codec::TileSpec,
    error::{Error, Result},
};

/// Decodes a tile into exactly `rows` rows of `spec.width` × `spec.samples` bytes. A smaller tile
/// fills the top left; the rest is 0. A larger tile is an error. A tile without alpha decodes as
/// opaque, because libvips and libtiff drop the alpha of opaque tiles.
pub fn decode_tile(spec: TileSpec, bytes: &[u8], rows: u32, out: &mut Vec<u8>) -> Result<()> {
    let damaged = |error: image_webp::DecodingError| {
        Error::bad_source("a WebP tile is damaged").with_detail(error.to_string())
    };
    let mut decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if width > spec.width || height > spec.height {
        return Err(Error::bad_source(format!(
            "a WebP tile of {width} × {height} pixels is larger than its place in the level"
        )));
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut pixels = vec![0; width as usize * height as usize * channels];
    decoder.set_memory_limit(pixels.len().saturating_mul(4));
    decoder.read_image(&mut pixels).map_err(damaged)?;
    let samples = usize::from(spec.samples);
    let want = spec.width as usize * samples;
    out.clear();
    out.resize(want * rows as usize, 0);
    let stored = pixels.chunks_exact((width as usize * channels).max(1));
    for (target, source) in out.chunks_exact_mut(want).zip(stored) {
        for (to, from) in target.chunks_exact_mut(samples).zip(source.chunks_exact(channels)) {
            to.iter_mut().zip(from.iter().chain(&[255])).for_each(|(to, from)| *to = *from);
        }
    }
    Ok(())
}
