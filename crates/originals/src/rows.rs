//! The pixels of an original, row by row.

use crate::Unreadable;

/// Takes a row of pixels.
pub(crate) type Take<'t> = &'t mut dyn FnMut(&[u8]) -> Result<(), Unreadable>;

/// Pixels, top to bottom.
pub(crate) trait Rows {
    /// Gives every row once, in order.
    fn each(self: Box<Self>, take: Take<'_>) -> Result<(), Unreadable>;

    /// All of them at once, if they are in memory.
    fn all(&self) -> Option<&[u8]> {
        None
    }
}

/// Pixels that are all in memory.
pub(crate) struct Whole {
    /// Bytes of a row.
    pub stride: usize,
    /// The samples, row by row.
    pub data: Vec<u8>,
}

impl Rows for Whole {
    fn each(self: Box<Self>, take: Take<'_>) -> Result<(), Unreadable> {
        self.data.chunks_exact(self.stride).try_for_each(take)
    }

    fn all(&self) -> Option<&[u8]> {
        Some(&self.data)
    }
}
