//! The pixels of an original, row by row.

use std::{cell::OnceCell, rc::Rc};

use crate::Unreadable;

/// Takes a row of pixels.
pub(crate) type Take<'t> = &'t mut dyn FnMut(&[u8]) -> Result<(), Unreadable>;

/// Pixels, top to bottom.
pub(crate) trait Rows {
    /// Gives every row once, in order.
    fn each(self: Box<Self>, take: Take<'_>) -> Result<(), Unreadable>;

    /// Lets [`Rows::each`] give the rows of a damaged original too, and note what is wrong with
    /// it. Formats that cannot do so refuse it all the same.
    fn allow_damage(&mut self, _note: Rc<OnceCell<String>>) {}
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
}
