//! What an image profile changes in a picture on its way into the pyramid.

use azulejo::{
    ops::{self, Op},
    protocol::Args,
    pyramid::write::Retouch,
};

use crate::Unreadable;

/// Pixels that are cut off each side of the upright picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sides {
    /// Off the left side.
    pub left: u32,
    /// Off the right side.
    pub right: u32,
    /// Off the top.
    pub top: u32,
    /// Off the bottom.
    pub bottom: u32,
}

impl Sides {
    /// What is left of a picture: its size, or an error when it is nothing.
    pub(crate) fn of(self, (width, height): (u32, u32)) -> Result<(u32, u32), Unreadable> {
        let rest = |len: u32, one: u32, other: u32| len.checked_sub(one)?.checked_sub(other);
        let across = rest(width, self.left, self.right).filter(|&rest| rest > 0);
        let down = rest(height, self.top, self.bottom).filter(|&rest| rest > 0);
        across.zip(down).ok_or_else(|| {
            Unreadable::new(format!("the pixel crop leaves nothing of {width} × {height} pixels"))
        })
    }

    /// What is left of each row of a picture of `height` rows, from the top.
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

/// An unsharp mask of the levels that are reduced by more than half.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unsharp {
    /// Strength, 0 to 5.
    pub amount: f64,
    /// Radius in pixels of the level, 0 to 250.
    pub radius: f64,
    /// Differences below this are left alone, 0 to 255.
    pub threshold: u8,
}

impl Unsharp {
    /// The same as `op_usm=` with these numbers; none when it would change nothing.
    pub(crate) fn retouch(self) -> Result<Option<Retouch>, Unreadable> {
        let value = format!("{},{},{}", self.amount, self.radius, self.threshold);
        let args = Args { command: "op_usm", value: &value };
        let Some(mask) = ops::find(args.command) else { return Ok(None) };
        let apply = |op: Op| Retouch::new(move |plane| op.apply(plane));
        Ok((mask.parse)(&args)?.map(apply))
    }

    /// Bytes it takes for a picture of this size: the levels wait whole, a quarter each way and
    /// smaller.
    pub fn memory((width, height): (u32, u32)) -> u64 {
        (u64::from(width) * u64::from(height)).saturating_mul(4) / 8 + u64::from(width) * 64
    }
}
