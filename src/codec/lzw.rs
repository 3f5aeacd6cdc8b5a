//! Compresses with LZW, for GIF and TIFF.

use weezl::{LzwStatus, encode::Encoder};

use crate::error::{Error, Result};

/// Compresses bytes, and the end of the stream after the `last` ones. Calls `out` with each piece of
/// the stream.
#[inline(never)]
pub fn compress(
    encoder: &mut Encoder,
    mut bytes: &[u8],
    last: bool,
    out: &mut dyn FnMut(&[u8]),
) -> Result<()> {
    if last {
        encoder.finish();
    }
    let mut piece = [0; 1024];
    loop {
        let done = encoder.encode_bytes(bytes, &mut piece);
        bytes = bytes.get(done.consumed_in..).unwrap_or_default();
        out(piece.get(..done.consumed_out).unwrap_or_default());
        match done.status {
            // Before the end it also reports `Ok` where it wants more bytes.
            Ok(LzwStatus::Ok) if last || done.consumed_out > 0 || !bytes.is_empty() => {}
            Ok(_) => return Ok(()),
            Err(error) => {
                return Err(Error::bug("LZW failed").with_detail(error.to_string()));
            }
        }
    }
}
