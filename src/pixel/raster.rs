//! An image in memory.

use super::PixelFormat;

/// An image of width × height × samples, 8 bits per sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raster {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The pixel format of the samples.
    pub pixel: PixelFormat,
    /// The samples, row by row: width × height × samples per pixel.
    pub data: Vec<u8>,
}

impl Raster {
    /// A raster whose samples are all 0.
    pub fn new(width: u32, height: u32, pixel: PixelFormat) -> Self {
        let len = width as usize * height as usize * pixel.samples();
        Self { width, height, pixel, data: vec![0; len] }
    }

    /// Samples per row.
    pub fn stride(&self) -> usize {
        self.width as usize * self.pixel.samples()
    }

    /// The samples of row `y`; empty outside the raster.
    pub fn row(&self, y: u32) -> &[u8] {
        let start = y as usize * self.stride();
        self.data.get(start..start + self.stride()).unwrap_or_default()
    }

    /// The samples of row `y`, mutable; empty outside the raster.
    pub fn row_mut(&mut self, y: u32) -> &mut [u8] {
        let stride = self.stride();
        let start = y as usize * stride;
        self.data.get_mut(start..start + stride).unwrap_or_default()
    }
}
