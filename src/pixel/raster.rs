//! A picture in memory.

use super::PixelFormat;

/// A picture of width × height × samples.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// What its samples are.
    pub pixel: PixelFormat,
    /// The samples, row by row, `width × height × samples of a pixel`.
    pub data: Vec<u8>,
}

impl Raster {
    /// A raster with all samples 0: black, or transparent.
    pub fn new(width: u32, height: u32, pixel: PixelFormat) -> Self {
        let len = width as usize * height as usize * pixel.samples();
        Self { width, height, pixel, data: vec![0; len] }
    }

    /// Samples in a row.
    pub fn stride(&self) -> usize {
        self.width as usize * self.pixel.samples()
    }

    /// Row `y`; empty outside the raster.
    pub fn row(&self, y: u32) -> &[u8] {
        let start = y as usize * self.stride();
        self.data.get(start..start + self.stride()).unwrap_or_default()
    }

    /// Row `y`, to write; empty outside the raster.
    pub fn row_mut(&mut self, y: u32) -> &mut [u8] {
        let stride = self.stride();
        let start = y as usize * stride;
        self.data.get_mut(start..start + stride).unwrap_or_default()
    }
}
