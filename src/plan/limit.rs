//! Refuses replies that are too large. The error says what to request instead.

use super::source::Opened;
use crate::{
    error::{Error, ErrorKind, Result},
    geometry::{ReplySpace, Size},
    limits,
};

/// Fails where a side of the reply is longer than MaxPix (r-maxpix); 0 means no limit.
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

/// Fails where drawing the reply takes longer than [`limits::WORK`].
pub fn check_work(reply: Size<ReplySpace>, work: u64) -> Result<()> {
    if work <= limits::WORK {
        return Ok(());
    }
    // Rounded up, so that the message never reports a need equal to the limit.
    let (work, limit) = (work.div_ceil(1_000_000), limits::WORK / 1_000_000);
    Err(Error::too_large(format!(
        "the reply of {} × {} pixels takes as long to draw as {work} million pixels of an image, \
         the limit is {limit} million; ask for a smaller one, for fewer layers and effects, or for \
         smaller radii",
        reply.width, reply.height,
    )))
}

/// Fails where `needed` bytes and the overhead exceed the memory limit of a request.
pub fn check_memory(
    max_pix: [u32; 2],
    sources: &[Opened],
    reply: Size<ReplySpace>,
    needed: u64,
) -> Result<()> {
    let needed = needed.saturating_add(limits::MEMORY_OVERHEAD);
    if needed <= limits::MEMORY {
        return Ok(());
    }
    // Rounded up, so that the message never reports a need equal to the limit.
    let (needed, limit) = (needed.div_ceil(1 << 20), limits::MEMORY >> 20);
    let needs = format!(
        "the reply of {} × {} pixels needs {needed} MiB of memory, the limit is {limit} MiB",
        reply.width, reply.height,
    );
    let mut indexes = sources.iter().map(|source| source.index);
    let file = indexes.find(|index| index.levels.iter().any(|level| level.compression.is_file()));
    Err(Error::too_large(match (max_pix, file.map(|index| index.size())) {
        (_, Some(size)) => format!(
            "{needs}, for a source that is no pyramid is decoded whole, all {} × {} pixels; ask \
             for it reduced, name a smaller file, or ingest it",
            size.width, size.height,
        ),
        ([0, 0], None) => format!("{needs}; ask for a smaller one, or for parts of it with rect="),
        ([width, height], None) => format!(
            "{needs} whatever MaxPix ({width} × {height}) allows; ask for a smaller one, or for \
             parts of it with rect="
        ),
    }))
}
