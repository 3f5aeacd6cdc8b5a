//! What is done to a level as a whole before it is compressed.

use std::{fmt, rc::Rc};

use crate::raster::{PixelType, Raster};

/// A change of a picture of one channel, as large as a level.
#[derive(Clone)]
pub struct Retouch(Rc<dyn Fn(&mut Raster)>);

impl Retouch {
    /// `change` is given each channel of colour by itself.
    pub fn new(change: impl Fn(&mut Raster) + 'static) -> Self {
        Self(Rc::new(change))
    }

    /// Changes every channel of rows of this width, but alpha.
    pub(super) fn apply(&self, data: &mut [u8], width: u32, pixel: PixelType) {
        let samples = pixel.samples();
        let height = (data.len() / samples / (width.max(1) as usize)) as u32;
        let mut plane = Raster::new(width, height, PixelType::GREY);
        for nth in 0..samples - usize::from(pixel.alpha) {
            for (one, pixel) in plane.data.iter_mut().zip(data.chunks_exact(samples)) {
                *one = pixel[nth];
            }
            (self.0)(&mut plane);
            for (one, pixel) in plane.data.iter().zip(data.chunks_exact_mut(samples)) {
                pixel[nth] = *one;
            }
        }
    }
}

impl fmt::Debug for Retouch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Retouch")
    }
}
