//! Resamples the rows of a level to those of the next smaller one, for all pixel formats.

use std::rc::Rc;

use crate::{
    error::Result,
    pixel::PixelFormat,
    resample::{Axis, Kernel, Resampler, Weights},
};

/// The kernel that makes a level from the next larger one. It rings less than the Lanczos kernels.
const KERNEL: Kernel = Kernel::Bicub;

/// Makes the rows of a level from those of the next larger one.
pub struct Reducer(Resampler);

impl Reducer {
    /// A reducer from `width` × `height` pixels to the width and height `to`.
    pub fn new(pixel: PixelFormat, (width, height): (u32, u32), to: (u32, u32)) -> Self {
        let weights = |len, outputs| Rc::new(Weights::new(&axis(len, outputs)));
        Self(Resampler::new(pixel, weights(width, to.0), weights(height, to.1)))
    }

    /// Adds a row of the larger level, and emits each row of the smaller level that it completes.
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
