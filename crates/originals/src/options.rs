//! How a pyramid is made of an original, and what is decided by looking at the picture.

use azulejo::{
    codec::Subsampling,
    pyramid::write::{TileCompression, WriteOptions},
    raster::{ColorModel, PixelType},
};

use crate::{
    Unreadable,
    adjust::{Sides, Unsharp},
    chroma,
    rows::Rows,
};

/// How a pyramid is made.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Pixels across and down a tile.
    pub tile: u32,
    /// JPEG quality of the tiles, 1 to 100.
    pub quality: u8,
    /// How tiles are compressed.
    pub compression: Compression,
    /// How often JPEG tiles store colours.
    pub chroma: Chroma,
    /// Pixels that are cut off the upright picture.
    pub crop: Sides,
    /// Sharpening of the levels that are reduced by more than half.
    pub unsharp: Option<Unsharp>,
    /// Whether a damaged JPEG is taken as far as it can be decoded.
    pub allow_damaged: bool,
}

/// How the tiles of a pyramid are compressed. Those of a picture with alpha are always lossless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Lossless where the original has a palette, or where that is shorter than JPEG; of a
    /// picture of at most 64 colours, where it is at most twice as long. JPEG otherwise.
    Auto,
    /// JPEG.
    Jpeg,
    /// Lossless.
    Lossless,
}

/// How often JPEG tiles store colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// Once for each pixel where coloured type or thin coloured lines would suffer; else once for
    /// two by two pixels.
    Auto,
    /// Once for two by two pixels (4:2:0).
    Halved,
    /// Once for each pixel (4:4:4).
    Full,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tile: 256,
            quality: 90,
            compression: Compression::Auto,
            chroma: Chroma::Auto,
            crop: Sides::default(),
            unsharp: None,
            allow_damaged: false,
        }
    }
}

impl Options {
    /// Whether the picture has to be looked at to decide how it is stored.
    pub(crate) fn looks_at(&self, pixel: PixelType, palette: bool) -> bool {
        let rgb = pixel.model == ColorModel::Rgb && !pixel.alpha;
        self.chroma == Chroma::Auto && rgb && !self.is_lossless(palette)
    }

    /// Whether the tiles are lossless whatever the picture looks like.
    fn is_lossless(&self, palette: bool) -> bool {
        match self.compression {
            Compression::Auto => palette,
            Compression::Jpeg => false,
            Compression::Lossless => true,
        }
    }

    /// How the writer stores a picture of such pixels, and such rows.
    pub(crate) fn write(
        &self,
        pixel: PixelType,
        palette: bool,
        (width, rows): (u32, &dyn Rows),
    ) -> Result<WriteOptions, Unreadable> {
        let compression = if self.is_lossless(palette) || pixel.alpha {
            TileCompression::Deflate
        } else {
            let full = match self.chroma {
                Chroma::Auto => chroma::suffers(pixel, width, rows.all().unwrap_or_default()),
                Chroma::Halved => false,
                Chroma::Full => true,
            };
            let subsampling = if full { Subsampling::Yuv444 } else { Subsampling::Yuv420 };
            TileCompression::Jpeg { quality: self.quality, subsampling }
        };
        Ok(WriteOptions {
            tile: self.tile,
            compression,
            lossless_if_shorter: self.compression == Compression::Auto,
            retouch: self.unsharp.map(Unsharp::retouch).transpose()?.flatten(),
            ..WriteOptions::default()
        })
    }
}
