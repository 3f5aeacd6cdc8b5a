//! The pixels of an original, row by row.

use std::{cell::OnceCell, rc::Rc};

use azulejo::raster::PixelType;

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

    fn all(&self) -> Option<&[u8]> {
        Some(&self.data)
    }
}

/// Bytes of all rows of a picture of a size in pixels.
pub(crate) fn bytes((width, height): (u32, u32), pixel: PixelType) -> u64 {
    u64::from(width).saturating_mul(u64::from(height)).saturating_mul(pixel.samples() as u64)
}

/// The rows of a picture of this size, all in memory.
pub(crate) fn whole<'a>(
    rows: Box<dyn Rows + 'a>,
    size: (u32, u32),
    pixel: PixelType,
) -> Result<Box<dyn Rows + 'a>, Unreadable> {
    if rows.all().is_some() {
        return Ok(rows);
    }
    let mut data = Vec::with_capacity(bytes(size, pixel) as usize);
    rows.each(&mut |row| {
        data.extend_from_slice(row);
        Ok(())
    })?;
    Ok(Box::new(Whole { stride: size.0 as usize * pixel.samples(), data }))
}
