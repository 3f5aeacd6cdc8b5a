//! Decoded pictures.

#[cfg(feature = "files")]
use crate::plane::Plane;

/// Pixels of the largest picture that is compared.
pub const PIXELS: u64 = 32 << 20;

/// A decoded picture: sRGB with alpha, eight bits a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Its width in pixels.
    pub width: usize,
    /// Its height in pixels.
    pub height: usize,
    /// Red, green, blue and alpha of each pixel, row by row.
    pub rgba: Vec<u8>,
}

/// A picture without alpha.
#[derive(Debug, Clone)]
pub struct Opaque {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<[u8; 3]>,
}

impl Picture {
    /// Whether any pixel lets the background through.
    pub fn has_alpha(&self) -> bool {
        self.rgba.iter().skip(3).step_by(4).any(|alpha| *alpha < 255)
    }

    /// The picture over a background of one grey.
    pub fn over(&self, grey: u8) -> Opaque {
        Opaque::over(grey, &self.rgba, self.width, self.height)
    }
}

impl Opaque {
    /// A raster of straight RGBA over a background of one grey.
    pub fn over(grey: u8, rgba: &[u8], width: usize, height: usize) -> Self {
        let mixed = |pixel: &[u8]| {
            let (alpha, grey) = (u32::from(pixel[3]), u32::from(grey));
            [0, 1, 2].map(|channel| {
                let sum = u32::from(pixel[channel]) * alpha + grey * (255 - alpha);
                ((sum + 127) / 255) as u8
            })
        };
        let pixels = rgba.chunks_exact(4).map(mixed).collect();
        Self { width, height, pixels }
    }

    /// The luma of BT.601.
    #[cfg(feature = "files")]
    pub fn luma(&self) -> Plane {
        let luma = |pixel: &[u8; 3]| {
            let [red, green, blue] = pixel.map(f32::from);
            0.299 * red + 0.587 * green + 0.114 * blue
        };
        Plane::new(self.width, self.height, self.pixels.iter().map(luma).collect())
    }
}
