//! A filter that changes a complete level before it is compressed.

use std::{fmt, rc::Rc};

use crate::pixel::{PixelFormat, Raster};

/// A filter that changes one colour channel of a complete level in place.
#[derive(Clone)]
pub struct LevelFilter(Rc<dyn Fn(&mut Raster)>);

impl LevelFilter {
    /// A filter that calls `filter` for each colour channel separately.
    pub fn new(filter: impl Fn(&mut Raster) + 'static) -> Self {
        Self(Rc::new(filter))
    }

    /// Filters every channel except alpha. `data` are rows of `width` pixels.
    pub(super) fn apply(&self, data: &mut [u8], width: u32, pixel: PixelFormat) {
        let samples = pixel.samples();
        let height = (data.len() / samples / (width.max(1) as usize)) as u32;
        let mut plane = Raster::new(width, height, PixelFormat::GRAY);
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

impl fmt::Debug for LevelFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LevelFilter")
    }
}
