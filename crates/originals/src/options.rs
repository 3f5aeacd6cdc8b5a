//! The options of pyramid making, and how values that are not set are decided.

use azulejo::{
    codec::Subsampling,
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{TileCompression, WriteOptions},
};

use crate::{Unreadable, chroma, crop::Crop, rows::RowSource, unsharp::Unsharp};

/// How to make a pyramid.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Width and height of a tile in pixels.
    pub tile: u32,
    /// JPEG quality of the tiles, 1 to 100.
    pub quality: u8,
    /// How to compress the tiles.
    pub compression: Compression,
    /// Chroma subsampling of JPEG tiles. `None` chooses 4:4:4 if 4:2:0 would damage coloured text
    /// or thin coloured lines, and 4:2:0 otherwise.
    pub subsampling: Option<Subsampling>,
    /// Pixels to cut off the upright picture.
    pub crop: Crop,
    /// Sharpens the levels smaller than half size.
    pub unsharp: Option<Unsharp>,
    /// Accept a damaged JPEG, and fill what cannot be decoded.
    pub allow_damaged: bool,
}

/// How to compress the tiles of a pyramid. A picture with alpha is always lossless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Lossless if the original has a palette or if that is smaller than JPEG. A picture of at most
    /// 64 colours is lossless even if that is up to twice as large. JPEG otherwise.
    Auto,
    /// JPEG.
    Jpeg,
    /// Deflate.
    Lossless,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tile: 256,
            quality: 90,
            compression: Compression::Auto,
            subsampling: None,
            crop: Crop::default(),
            unsharp: None,
            allow_damaged: false,
        }
    }
}

impl Options {
    /// Whether the choice of the subsampling needs the pixels.
    pub(crate) fn needs_analysis(&self, pixel: PixelFormat, palette: bool) -> bool {
        let rgb = pixel.model == ColorModel::Rgb && !pixel.alpha;
        self.subsampling.is_none() && rgb && !self.is_lossless(palette)
    }

    /// Whether the tiles are lossless whatever the pixels are.
    fn is_lossless(&self, palette: bool) -> bool {
        match self.compression {
            Compression::Auto => palette,
            Compression::Jpeg => false,
            Compression::Lossless => true,
        }
    }

    /// The options of the pyramid writer for a picture `width` pixels wide. `palette` tells whether
    /// the original has a palette. Analyses `rows` if they are in memory.
    pub(crate) fn write_options(
        &self,
        pixel: PixelFormat,
        palette: bool,
        width: u32,
        rows: &dyn RowSource,
    ) -> Result<WriteOptions, Unreadable> {
        let compression = if self.is_lossless(palette) || pixel.alpha {
            TileCompression::Deflate
        } else {
            let subsampling = self.subsampling.unwrap_or_else(|| {
                let pixels = rows.in_memory().unwrap_or_default();
                match chroma::needs_full_chroma(pixel, width, pixels) {
                    true => Subsampling::Yuv444,
                    false => Subsampling::Yuv420,
                }
            });
            TileCompression::Jpeg { quality: self.quality, subsampling }
        };
        Ok(WriteOptions {
            tile: self.tile,
            compression,
            lossless_if_shorter: self.compression == Compression::Auto,
            level_filter: self.unsharp.map(Unsharp::level_filter).transpose()?.flatten(),
            ..WriteOptions::default()
        })
    }
}
