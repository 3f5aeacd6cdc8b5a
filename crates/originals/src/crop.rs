//! Cutting pixels off the sides of a picture on its way into the pyramid.

use azulejo::geometry::{Size, SourceSpace};

use crate::Unreadable;

/// Pixels to cut off each side of the upright picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Crop {
    /// Columns to cut off the left side.
    pub left: u32,
    /// Columns to cut off the right side.
    pub right: u32,
    /// Rows to cut off the top.
    pub top: u32,
    /// Rows to cut off the bottom.
    pub bottom: u32,
}

impl Crop {
    /// The size of a picture after cropping. Fails if no pixel is left.
    pub(crate) fn apply(self, size: Size<SourceSpace>) -> Result<Size<SourceSpace>, Unreadable> {
        let rest = |len: u32, one: u32, other: u32| {
            len.checked_sub(one)?.checked_sub(other).filter(|&rest| rest > 0)
        };
        let Size { width, height, .. } = size;
        let cropped = rest(width, self.left, self.right).zip(rest(height, self.top, self.bottom));
        cropped.map(|(width, height)| Size::new(width, height)).ok_or_else(|| {
            Unreadable::new(format!("the pixel crop leaves nothing of {width} × {height} pixels"))
        })
    }

    /// A function that takes the rows of a picture of `height` rows, from the top. It returns the
    /// cropped row, or `None` for a row that is cut off. A pixel has `samples` bytes.
    pub(crate) fn rows(self, height: u32, samples: usize) -> impl FnMut(&[u8]) -> Option<&[u8]> {
        let mut y = 0;
        move |row| {
            y += 1;
            let inside = y > self.top && y <= height - self.bottom;
            let end = row.len().checked_sub(self.right as usize * samples)?;
            row.get(self.left as usize * samples..end).filter(|_| inside)
        }
    }
}
