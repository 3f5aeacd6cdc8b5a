//! The encoding options of a request: all that a codec sees of the request.

use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

use super::Format;
use crate::{
    geometry::{ReplySpace, Size},
    pixel::PixelFormat,
};

/// How to encode a raster.
#[derive(Debug, Clone, PartialEq)]
pub struct EncodeOptions {
    /// The format, from [`FORMATS`](super::FORMATS).
    pub format: &'static Format,
    /// The pixel format of both the raster and the file. Its colour model is one of
    /// [`Format::models`].
    pub pixel: PixelFormat,
    /// The quality of lossy formats, 1 to 100.
    pub quality: u8,
    /// The chroma subsampling of formats that store YCbCr.
    pub subsampling: Subsampling,
    /// The print resolution written into the file, in pixels per inch.
    pub print_resolution: f64,
    /// The ICC profile written into the file, if its format has a place for it.
    pub profile: Option<Rc<[u8]>>,
    /// The compression; `None` is the format's default.
    pub compression: Option<Compression>,
}

/// The compressions of `fmt=`, its third argument. A format ignores those that it does not have
/// (I4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are the words of fmt=")]
pub enum Compression {
    Jpeg,
    Lossless,
    Lossy,
    Lzw,
    None,
    Zip,
}

/// The subsampling of the two chroma components. Grey and CMYK have no chroma and ignore it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Subsampling {
    /// 4:2:0: one sample of each per 2 × 2 pixels.
    Yuv420,
    /// 4:4:4: one sample of each per pixel.
    Yuv444,
}

impl EncodeOptions {
    /// The profile to write; empty for none.
    pub fn profile(&self) -> &[u8] {
        self.profile.as_deref().unwrap_or_default()
    }

    /// The size of a raster with these options, in bytes.
    pub fn raster_bytes(&self, size: Size<ReplySpace>) -> u64 {
        size.pixels() * self.pixel.samples() as u64
    }
}

impl Hash for EncodeOptions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The plan names the profile; its bytes are known only after it.
        let Self { format, pixel, quality, subsampling, print_resolution, profile: _, compression } =
            self;
        let name = format.name;
        (name, pixel, quality, subsampling, print_resolution.to_bits()).hash(state);
        compression.hash(state);
    }
}
