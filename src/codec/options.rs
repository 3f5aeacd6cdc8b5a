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
    /// The compression; `None` is the format's default.
    pub compression: Option<Compression>,
    /// `jpegSize=`: the largest size of a JPEG in KiB; `None` means no limit.
    pub jpeg_size: Option<u32>,
    /// `pscan=`: passes of a progressive JPEG, 3 to 5; `None` means automatic.
    pub scans: Option<u8>,
    /// How formats with a palette choose their colours.
    pub quantization: Quantization,
    /// The metadata that is written into the file as far as its format has a place for it.
    pub embedded: Embedded,
}

/// Metadata of a file besides its resolution; each is empty if there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Embedded {
    /// The ICC profile.
    pub profile: Rc<[u8]>,
    /// The XMP packet.
    pub xmp: Rc<[u8]>,
    /// Photoshop image resources: the blocks of paths.
    pub paths: Rc<[u8]>,
}

impl Embedded {
    /// The number of bytes of all.
    pub fn bytes(&self) -> usize {
        self.profile.len() + self.xmp.len() + self.paths.len()
    }
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

/// `quantize=type,dither,numColors,colorList`
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Quantization {
    /// The kind of palette.
    pub palette: Palette,
    /// Whether the quantization error is diffused.
    pub diffuse: bool,
    /// The number of colours in an adaptive palette, 2 to 256.
    pub colors: u16,
    /// Colours that an adaptive palette must contain; at most `colors`.
    pub forced: Vec<[u8; 3]>,
}

impl Default for Quantization {
    /// `adaptive,diffuse,256` (I17).
    fn default() -> Self {
        Self { palette: Palette::Adaptive, diffuse: true, colors: 256, forced: Vec::new() }
    }
}

/// The palettes of `quantize=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Palette {
    /// Computed from the image.
    Adaptive,
    /// The 216 web-safe colours.
    Web,
    /// The system palette of the Macintosh.
    Mac,
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
    /// The size of a raster with these options, in bytes.
    pub fn raster_bytes(&self, size: Size<ReplySpace>) -> u64 {
        size.pixels() * self.pixel.samples() as u64
    }
}

impl Hash for EncodeOptions {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // The plan names the metadata; its bytes are known only after it.
        let Self { format, pixel, quality, subsampling, print_resolution, embedded: _, .. } = self;
        let Self { compression, jpeg_size, scans, quantization, .. } = self;
        let name = format.name;
        (name, pixel, quality, subsampling, print_resolution.to_bits()).hash(state);
        (compression, jpeg_size, scans, quantization).hash(state);
    }
}
