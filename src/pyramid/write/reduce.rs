//! Halves the rows of a level, whatever their pixels are.

use std::rc::Rc;

use crate::{
    error::Result,
    pixel::PixelFormat,
    resample::{Axis, Kernel, Resampler, Weights},
};

/// The kernel that makes a level of the one above it: the best of those that do not ring.
const KERNEL: Kernel = Kernel::Bicub;

/// Makes the rows of one level of those of the level above it.
pub struct Reducer(Resampler);

impl Reducer {
    /// From `width` × `height` pixels to `to`.
    pub fn new(pixel: PixelFormat, (width, height): (u32, u32), to: (u32, u32)) -> Self {
        let weights = |len, outputs| Rc::new(Weights::new(&axis(len, outputs)));
        Self(Resampler::new(pixel, weights(width, to.0), weights(height, to.1)))
    }

    /// Takes a row of the larger level, and hands on those it completes of the smaller.
    pub fn push(&mut self, row: &[u8], mut emit: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        self.0.push(row);
        while let Some((_, row)) = self.0.pull() {
            emit(row)?;
        }
        Ok(())
    }
}

fn axis(len: u32, outputs: u32) -> Axis {
    Axis {
        kernel: KERNEL,
        start: 0.0,
        step: f64::from(len) / f64::from(outputs),
        outputs: 0..i64::from(outputs),
        bounds: 0..len,
    }
}
