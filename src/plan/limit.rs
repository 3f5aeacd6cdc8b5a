//! What is too large is refused, and the error says what would fit.

use crate::{
    error::{Error, ErrorKind, Result},
    geometry::{ReplySpace, Size},
    limits,
    pyramid::Index,
};

/// r-maxpix: neither side of the reply may pass the attribute; 0 is free.
pub fn check_max_pix(max_pix: [u32; 2], reply: Size<ReplySpace>) -> Result<()> {
    let [max_width, max_height] = max_pix;
    let over = |len: u32, max: u32| max > 0 && len > max;
    if over(reply.width, max_width) || over(reply.height, max_height) {
        let message = format!(
            "the reply of {} × {} pixels is larger than MaxPix {max_width} × {max_height}; ask for \
             less with wid=, hei= or scl=, or for a part with rect=",
            reply.width, reply.height
        );
        return Err(Error::new(ErrorKind::TooLarge, message));
    }
    Ok(())
}

/// Refuses what needs more memory than a request may have.
pub fn check_memory(
    max_pix: [u32; 2],
    index: &Index,
    reply: Size<ReplySpace>,
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
    let size = index.size();
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
