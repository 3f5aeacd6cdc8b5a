//! Decompresses the lossless compressions of TIFF, except CCITT, to at most the size of a tile.

use std::io::Read;

use flate2::read::ZlibDecoder;
use weezl::{BitOrder, decode::Configuration};

#[cfg(feature = "zstd")]
use super::zstd;
use crate::{
    error::{Error, Result},
    pyramid::index::Compression,
};

/// Decompresses `bytes` into exactly `want` bytes. If the data ends early, the rest is 0. It is an
/// error if there is no data at all, or if the decompressor fails before `want` bytes.
pub fn expand(
    compression: Compression,
    bytes: &[u8],
    want: usize,
    out: &mut Vec<u8>,
) -> Result<()> {
    out.clear();
    // Growing step by step may allocate twice as much, and no more than `want` bytes are needed.
    out.reserve_exact(want);
    let whole = match compression {
        Compression::None => {
            out.extend_from_slice(bytes.get(..want).unwrap_or(bytes));
            true
        }
        Compression::Lzw => lzw(bytes, want, out),
        Compression::Deflate => {
            // Stops at `want` bytes or at the first error, and keeps the bytes before it.
            ZlibDecoder::new(bytes).take(want as u64).read_to_end(out).is_ok()
        }
        #[cfg(feature = "zstd")]
        Compression::Zstd => zstd::expand(bytes, want, out),
        #[cfg(not(feature = "zstd"))]
        Compression::Zstd => return Err(Error::bug("Zstandard is not built in")),
        Compression::PackBits => {
            unpack_bits(bytes, want, out);
            true
        }
        Compression::Ccitt(_)
        | Compression::Jpeg
        | Compression::WebP
        | Compression::JpegFile { .. }
        | Compression::PngFile
        | Compression::Svg { .. } => {
            return Err(Error::bug("an image is not expanded"));
        }
    };
    if out.is_empty() || (!whole && out.len() < want) {
        let message = format!("a {compression:?} tile ends after {} of {want} bytes", out.len());
        return Err(Error::bad_source(message));
    }
    out.resize(want, 0);
    Ok(())
}

/// Decompresses LZW (TIFF 6.0, section 13). Returns false after a decoding error. Old writers used
/// the opposite bit order, which the first code (256, clear) reveals.
fn lzw(bytes: &[u8], want: usize, out: &mut Vec<u8>) -> bool {
    let old = matches!(bytes, [0, second, ..] if second & 1 == 1);
    let mut decoder = if old {
        Configuration::new(BitOrder::Lsb, 8).build()
    } else {
        Configuration::with_tiff_size_switch(BitOrder::Msb, 8).build()
    };
    out.resize(want, 0);
    let mut read = 0;
    let mut written = 0;
    loop {
        let target = out.get_mut(written..).unwrap_or_default();
        let result = decoder.decode_bytes(bytes.get(read..).unwrap_or_default(), target);
        read += result.consumed_in;
        written += result.consumed_out;
        let stuck = result.consumed_in == 0 && result.consumed_out == 0;
        match result.status {
            Ok(weezl::LzwStatus::Ok) if !stuck && written < want => {}
            Ok(_) => break,
            Err(_) => {
                out.truncate(written);
                return false;
            }
        }
    }
    out.truncate(written);
    true
}

/// Decompresses PackBits (TIFF 6.0, section 9), and appends the result until `out` has `want` bytes
/// or the data ends.
pub fn unpack_bits(bytes: &[u8], want: usize, out: &mut Vec<u8>) {
    let mut rest = bytes;
    while let Some((&control, after)) = rest.split_first()
        && out.len() < want
    {
        rest = match control {
            0..=127 => {
                let len = (usize::from(control) + 1).min(after.len());
                let (literal, after) = after.split_at(len);
                out.extend_from_slice(literal);
                after
            }
            128 => after,
            129..=255 => match after.split_first() {
                Some((&byte, after)) => {
                    out.resize(out.len() + 257 - usize::from(control), byte);
                    after
                }
                None => after,
            },
        };
    }
    out.truncate(want);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pack_bits_expands_the_example_of_the_specification() {
        let packed = [
            0xfe, 0xaa, 0x02, 0x80, 0x00, 0x2a, 0xfd, 0xaa, 0x03, 0x80, 0x00, 0x2a, 0x22, 0xf7,
            0xaa,
        ];
        let mut out = Vec::new();
        expand(Compression::PackBits, &packed, 24, &mut out).unwrap();
        let expected = [
            0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0xaa, 0xaa, 0xaa, 0xaa, 0x80, 0x00, 0x2a, 0x22,
            0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa,
        ];
        assert_eq!(out, expected);
    }

    #[test]
    fn nothing_expands_over_the_tile() {
        let mut out = Vec::new();
        expand(Compression::PackBits, &[0x81, 7, 0x81, 7], 100, &mut out).unwrap();
        assert_eq!(out.len(), 100);
    }

    #[test]
    fn garbage_is_an_error() {
        let mut out = Vec::new();
        for compression in [Compression::Deflate, Compression::Lzw] {
            assert!(expand(compression, &[0xff; 40], 100, &mut out).is_err(), "{compression:?}");
        }
        assert!(expand(Compression::None, &[], 100, &mut out).is_err());
    }
}
