//! Reads the pixels of an original row by row.

use std::{cell::OnceCell, rc::Rc};

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::PixelFormat,
};

use crate::Unreadable;

/// Consumes one row of pixels: width × samples bytes.
pub(crate) type RowSink<'t> = &'t mut dyn FnMut(&[u8]) -> Result<(), Unreadable>;

/// Yields the rows of a picture, top to bottom.
pub(crate) trait RowSource {
    /// Passes every row to `sink` once, in order. Stops at the first error.
    fn for_each_row(self: Box<Self>, sink: RowSink<'_>) -> Result<(), Unreadable>;

    /// All rows, if they are in memory.
    fn in_memory(&self) -> Option<&[u8]> {
        None
    }

    /// Makes [`RowSource::for_each_row`] tolerate damage and describe it in `damage`. Formats that
    /// cannot do so ignore this call and fail.
    fn allow_damage(&mut self, _damage: Rc<OnceCell<String>>) {}
}

/// A picture whose rows are all in memory.
pub(crate) struct InMemory {
    /// Bytes per row.
    pub stride: usize,
    /// The samples, row by row.
    pub data: Vec<u8>,
}

impl RowSource for InMemory {
    fn for_each_row(self: Box<Self>, sink: RowSink<'_>) -> Result<(), Unreadable> {
        self.data.chunks_exact(self.stride).try_for_each(sink)
    }

    fn in_memory(&self) -> Option<&[u8]> {
        Some(&self.data)
    }
}

/// Bytes of all rows of a picture.
pub(crate) fn bytes(size: Size<SourceSpace>, pixel: PixelFormat) -> u64 {
    size.pixels().saturating_mul(pixel.samples() as u64)
}

/// Reads all rows into memory, unless they are there already. Calls `each` after each row.
pub(crate) fn into_memory<'a>(
    rows: Box<dyn RowSource + 'a>,
    size: Size<SourceSpace>,
    pixel: PixelFormat,
    each: &mut dyn FnMut(),
) -> Result<Box<dyn RowSource + 'a>, Unreadable> {
    if rows.in_memory().is_some() {
        return Ok(rows);
    }
    let mut data = Vec::with_capacity(bytes(size, pixel) as usize);
    rows.for_each_row(&mut |row| {
        data.extend_from_slice(row);
        each();
        Ok(())
    })?;
    Ok(Box::new(InMemory { stride: size.width as usize * pixel.samples(), data }))
}
