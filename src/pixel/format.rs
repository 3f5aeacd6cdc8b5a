//! Pixel formats.

/// The colour model of a pixel, without alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ColorModel {
    /// One sample: 0 is black, 255 is white.
    Gray,
    /// Red, green, blue.
    Rgb,
    /// Cyan, magenta, yellow, black; 255 is full ink.
    Cmyk,
}

impl ColorModel {
    /// Its number in lists of what each model has: grey, RGB, CMYK.
    pub fn nth(self) -> usize {
        match self {
            Self::Gray => 0,
            Self::Rgb => 1,
            Self::Cmyk => 2,
        }
    }

    /// Its name in `fmt=`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gray => "gray",
            Self::Rgb => "rgb",
            Self::Cmyk => "cmyk",
        }
    }
}

/// The layout of a pixel's 8-bit samples: the colour samples, then an optional straight alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct PixelFormat {
    /// The colour model.
    pub model: ColorModel,
    /// Whether an alpha sample follows the colour samples.
    pub alpha: bool,
}

impl PixelFormat {
    /// One grey sample.
    pub const GRAY: Self = Self { model: ColorModel::Gray, alpha: false };
    /// Red, green, blue.
    pub const RGB: Self = Self { model: ColorModel::Rgb, alpha: false };
    /// Red, green, blue, alpha.
    pub const RGBA: Self = Self { model: ColorModel::Rgb, alpha: true };

    /// Colour samples per pixel: 1, 3 or 4.
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
