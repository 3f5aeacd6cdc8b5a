//! The formats of pixels.

/// The colours of a pixel, without its alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColorModel {
    /// One sample, 0 is black.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black; 255 is all of an ink.
    Cmyk,
}

/// What the 8-bit samples of a pixel are: its colours and, after them, a straight alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelFormat {
    /// The colours.
    pub model: ColorModel,
    /// Whether an alpha follows them.
    pub alpha: bool,
}

impl PixelFormat {
    /// One grey sample.
    pub const GRAY: Self = Self { model: ColorModel::Gray, alpha: false };
    /// Red, green, blue.
    pub const RGB: Self = Self { model: ColorModel::Rgb, alpha: false };
    /// Red, green, blue, alpha.
    pub const RGBA: Self = Self { model: ColorModel::Rgb, alpha: true };

    /// Samples of the colours: 1, 3 or 4.
    pub fn colors(self) -> usize {
        match self.model {
            ColorModel::Gray => 1,
            ColorModel::Rgb => 3,
            ColorModel::Cmyk => 4,
        }
    }

    /// Samples per pixel, 1 to 5.
    pub fn samples(self) -> usize {
        self.colors() + usize::from(self.alpha)
    }
}
