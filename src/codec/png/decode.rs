//! Decodes a PNG file, which is treated as a single tile.

use std::io::Cursor;

use png::{Decoder, DecodingError, InterlaceInfo, Transformations, expand_interlaced_row};

use crate::{
    codec::TileSpec,
    error::{Error, Result},
    time_slice::TimeSlice,
};

/// Fills `stored` with the 8-bit samples of all rows, width × height × samples. Palettes and
/// samples below 8 bits are expanded; 16-bit samples lose their low 8 bits.
pub async fn decode_tile(
    spec: TileSpec,
    bytes: &[u8],
    stored: &mut Vec<u8>,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let damaged = |error: DecodingError| {
        Error::bad_source("the PNG file is damaged").with_detail(error.to_string())
    };
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.set_transformations(Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (width, height) = (reader.info().width, reader.info().height);
    let samples = usize::from(spec.samples);
    // The plan counted memory for the size read from the header when the file was opened.
    let contradicts = || Error::bad_source("the header of the PNG file contradicts itself");
    if (width, height) != (spec.width, spec.height) {
        return Err(contradicts());
    }
    let want = width as usize * height as usize * samples;
    if reader.output_buffer_size() != Some(want) {
        return Err(contradicts());
    }
    stored.clear();
    stored.resize(want, 0);
    let stride = width as usize * samples;
    if reader.info().interlaced {
        while let Some(row) = reader.next_interlaced_row().map_err(damaged)? {
            if let InterlaceInfo::Adam7(pass) = row.interlace() {
                expand_interlaced_row(stored, stride, row.data(), pass, samples as u8 * 8);
            }
            slice.spend(row.data().len() as u64).await;
        }
        return Ok(());
    }
    for row in stored.chunks_exact_mut(stride.max(1)) {
        reader.read_row(row).map_err(damaged)?;
        slice.spend(width.into()).await;
    }
    // After the last row the stream must end properly as well.
    reader.read_row(&mut []).map_err(damaged)?;
    Ok(())
}
