//! The index of a pyramid, from its directories: the levels, and the byte ranges of the tiles.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    geometry::{Size, SourceSpace},
    limits,
    pixel::{ColorModel, PixelFormat},
    store::{ByteRange, Version},
};

/// The index of an opened pyramid; it suffices to plan any read of the pyramid.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Index {
    /// The version of the object that was read.
    pub version: Version,
    /// Length of the object in bytes.
    pub len: u64,
    /// When it was stored, in milliseconds since 1970.
    pub modified: Option<f64>,
    /// The levels, largest first; never empty.
    pub levels: Vec<Level>,
    /// TIFF `Orientation` (274), 1 to 8: how to turn or mirror the stored pixels for display.
    pub orientation: u8,
    /// Pixels per inch; `None` if the file does not say.
    pub resolution: Option<f32>,
    /// The ICC profile: TIFF tag 34675, the APP2 segments of a JPEG file, or the iCCP chunk of a PNG
    /// file; see [`unpacked_profile`](super::unpacked_profile).
    pub icc: Option<Span>,
    /// The XMP packet: TIFF tag 700, the APP1 segment of a JPEG file, or the iTXt chunk of a PNG file.
    pub xmp: Option<Span>,
    /// Photoshop's image resources: TIFF tag 34377, or the APP13 segment of a JPEG file.
    pub photoshop: Option<Span>,
}

/// A byte range of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// Number of bytes.
    pub len: u64,
}

/// One level: an image of `width` × `height` pixels, divided into tiles or strips. A strip is a
/// tile as wide as the level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Width of a tile in pixels.
    pub tile_width: u32,
    /// Height of a tile in pixels.
    pub tile_height: u32,
    /// Whether the tiles are strips. The last strip may have fewer rows; a tile is always padded.
    pub strips: bool,
    /// How tiles are compressed.
    pub compression: Compression,
    /// What the samples mean.
    pub photometric: Photometric,
    /// Samples per pixel as stored, alpha and extra samples included: 1 to 64.
    pub samples: u8,
    /// Bits per sample as stored: 1 to 16, 24 or 32.
    pub bits: u8,
    /// Whether samples of 16 bits and more are stored big-endian.
    pub big_endian: bool,
    /// Whether each sample has its own tiles; all of sample 0 first, then all of sample 1, etc.
    pub planar: bool,
    /// Whether horizontal differencing (predictor 2) was applied.
    pub predictor: bool,
    /// RGB of each index, 3 bytes each, if the samples are indices into a palette.
    pub palette: Option<Vec<u8>>,
    /// The number of the alpha sample, and whether the colour samples are premultiplied by it.
    pub alpha: Option<(u8, bool)>,
    /// Whether the bits of each byte are stored lowest first (FillOrder 2).
    pub lsb_first: bool,
    /// The transparency mask, a level of one sample and of the same size. Its tiles are numbered
    /// after those of this level. A mask has no mask itself.
    #[serde(skip)]
    pub mask: Option<Box<Level>>,
    /// n, if each pixel covers exactly 2ⁿ × 2ⁿ pixels of the full image, and odd rows and columns
    /// at its end are dropped. `None`: the level is the whole image, scaled to this size.
    pub halvings: Option<u8>,
    /// Quantisation and Huffman tables shared by all JPEG tiles (347).
    pub jpeg_tables: Option<Vec<u8>>,
    /// The byte range of each tile, in row-major order. An empty range is a missing tile.
    pub tiles: Vec<Span>,
}

/// The supported values of TIFF `Compression` (259).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compression {
    /// 1: uncompressed.
    None,
    /// 2 to 4: CCITT, of one bit per sample.
    Ccitt(Fax),
    /// 5: LZW.
    Lzw,
    /// 7: each tile is a JPEG stream, which may use shared tables.
    Jpeg,
    /// 8 and 32946: a zlib stream.
    Deflate,
    /// 32773: run lengths of bytes.
    PackBits,
    /// 50000: Zstandard.
    Zstd,
    /// 50001: each tile is a WebP file.
    WebP,
    /// Not a TIFF compression: the only tile is a whole JPEG file.
    JpegFile {
        /// Chroma subsampling, horizontal and vertical: 1 or 2. `None` if the file cannot be
        /// rendered from its planes.
        subsampling: Option<[u8; 2]>,
        /// Whether decoding needs all its coefficients in memory.
        buffered: bool,
    },
    /// Not a TIFF compression: the only tile is a whole PNG file.
    PngFile,
    /// Not a TIFF compression: the only tile is a whole SVG, which is drawn and not decoded.
    Svg {
        /// Whether it has texts, so that fonts are needed.
        texts: bool,
        /// Whether it has images, each of which is a request.
        images: bool,
    },
}

/// The coding of bilevel rows (ITU-T T.4 and T.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fax {
    /// 2: each row is coded on its own and begins at a byte boundary.
    Rle,
    /// 3: each row is coded on its own.
    Group3,
    /// 3 with bit 0 of T4Options: a row may refer to the row above.
    Group3Lines,
    /// 4: every row refers to the row above.
    Group4,
}

impl Compression {
    /// Whether tiles are JPEG streams.
    pub fn is_jpeg(self) -> bool {
        match self {
            Self::Jpeg | Self::JpegFile { .. } => true,
            Self::None
            | Self::Ccitt(_)
            | Self::Lzw
            | Self::Deflate
            | Self::PackBits
            | Self::Zstd
            | Self::WebP
            | Self::PngFile
            | Self::Svg { .. } => false,
        }
    }

    /// Whether the only tile is the whole file, which is decoded.
    pub fn is_file(self) -> bool {
        match self {
            Self::JpegFile { .. } | Self::PngFile => true,
            Self::None
            | Self::Ccitt(_)
            | Self::Lzw
            | Self::Jpeg
            | Self::Deflate
            | Self::PackBits
            | Self::Zstd
            | Self::WebP
            | Self::Svg { .. } => false,
        }
    }
}

/// The supported values of TIFF `PhotometricInterpretation` (262).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Photometric {
    /// 0: grey, 0 is white.
    MinIsWhite,
    /// 1: grey, 0 is black.
    MinIsBlack,
    /// 2: red, green, blue.
    Rgb,
    /// 3: an index into a palette.
    Palette,
    /// 5: cyan, magenta, yellow, black.
    Cmyk,
    /// 6: supported with JPEG compression only.
    YCbCr,
}

/// First byte of a serialized index: the version of its format.
const FORM: u8 = 4;

impl Index {
    /// Size of the largest level as stored, before [`Index::orientation`] is applied.
    pub fn size(&self) -> Size<SourceSpace> {
        self.levels.first().map_or(Size::new(0, 0), |level| Size::new(level.width, level.height))
    }

    /// Serializes the index, to store or cache it. The masks follow the index, so that the format
    /// is not recursive.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serialising into a growing vector cannot fail; empty bytes would not decode as an index.
        let masks: Vec<_> = self.levels.iter().map(|level| level.mask.as_deref()).collect();
        postcard::to_extend(&(self, masks), vec![FORM]).unwrap_or_default()
    }

    /// Size of the image after [`Index::orientation`] is applied.
    pub fn upright_size(&self) -> Size<SourceSpace> {
        let size = self.size();
        match self.orientation {
            5..=8 => Size::new(size.height, size.width),
            _ => size,
        }
    }

    /// Deserializes [`Index::to_bytes`]; `None` if the bytes are damaged or of another format.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (&form, body) = bytes.split_first()?;
        let (mut index, masks): (Self, Vec<Option<Level>>) =
            if form == FORM { postcard::from_bytes(body).ok()? } else { return None };
        for (level, mask) in index.levels.iter_mut().zip(masks) {
            level.mask = mask.map(Box::new);
        }
        let sound = !index.levels.is_empty() && index.levels.iter().all(Level::is_sound);
        sound.then_some(index)
    }
}

impl Level {
    /// Whether all numbers are in range; a stored index may be damaged.
    fn is_sound(&self) -> bool {
        let sides = [self.width, self.height, self.tile_width, self.tile_height];
        let planes = if self.planar { u64::from(self.samples) } else { 1 };
        sides.iter().all(|side| (1..=0x3fff_ffff).contains(side))
            && (1..=limits::SAMPLES).contains(&u64::from(self.samples))
            && self.halvings.is_none_or(|by| by < 32)
            && matches!(self.bits, 1..=16 | 24 | 32)
            && u64::from(self.tiles_across()) * u64::from(self.tiles_down()) * planes
                == self.tiles.len() as u64
            && self.mask.as_ref().is_none_or(|mask| {
                let same = (mask.width, mask.height) == (self.width, self.height);
                same && mask.is_mask() && mask.is_sound()
            })
    }

    /// Whether the level can be a mask: one grey channel and no alpha.
    pub(super) fn is_mask(&self) -> bool {
        self.mask.is_none() && self.pixel_type() == PixelFormat::GRAY
    }

    /// Whether pixels have alpha, from a sample or from a mask.
    pub fn has_alpha(&self) -> bool {
        self.alpha.is_some() || self.mask.is_some()
    }

    /// The byte range of a tile of the level or its mask; `None` if there is no such tile.
    pub fn tile(&self, number: usize) -> Option<Span> {
        let of_mask = || self.mask.as_ref()?.tiles.get(number - self.tiles.len());
        if number < self.tiles.len() { self.tiles.get(number) } else { of_mask() }.copied()
    }

    /// The number of tiles, including those of the mask.
    pub fn all_tiles(&self) -> usize {
        self.tiles.len() + self.mask.as_ref().map_or(0, |mask| mask.tiles.len())
    }

    /// The scale of the level: its pixels per pixel of the full image, whose side has `full`
    /// pixels, while the same side of the level has `len`.
    pub fn ratio(&self, full: u32, len: u32) -> f64 {
        match self.halvings {
            Some(by) => 1.0 / f64::from(1_u32 << by),
            None => f64::from(len) / f64::from(full),
        }
    }

    /// The numbers of the tiles that a region touches, plane by plane in row-major order, followed
    /// by those of the mask.
    pub fn tiles_in(
        &self,
        columns: Range<u32>,
        rows: Range<u32>,
    ) -> impl Iterator<Item = usize> + '_ {
        let of_mask = self.mask.as_deref().map(|mask| mask.own_tiles(&columns, &rows));
        let own = self.tiles.len();
        let of_mask = of_mask.into_iter().flatten().map(move |number| own + number);
        self.own_tiles(&columns, &rows).chain(of_mask)
    }

    /// The same without the tiles of the mask.
    fn own_tiles(
        &self,
        columns: &Range<u32>,
        rows: &Range<u32>,
    ) -> impl Iterator<Item = usize> + use<> {
        let (across, down) = (self.tiles_across(), self.tiles_down());
        let touched = |pixels: &Range<u32>, tile: u32, tiles: u32| {
            // An empty region touches none.
            let end = if pixels.is_empty() { 0 } else { pixels.end.div_ceil(tile).min(tiles) };
            (pixels.start / tile) as usize..end as usize
        };
        let columns = touched(columns, self.tile_width, across);
        let rows = touched(rows, self.tile_height, down);
        let (stride, plane) = (across as usize, across as usize * down as usize);
        let planes = if self.planar { usize::from(self.samples) } else { 1 };
        (0..planes).flat_map(move |sample| {
            let columns = columns.clone();
            rows.clone()
                .flat_map(move |y| columns.clone().map(move |x| sample * plane + y * stride + x))
        })
    }

    /// Memory of the level as a part of an index, in bytes; the same on every machine.
    pub fn memory(&self) -> u64 {
        let lists = self.palette.as_ref().map_or(0, Vec::len)
            + self.jpeg_tables.as_ref().map_or(0, Vec::len);
        let mask = self.mask.as_ref().map_or(0, |mask| mask.memory());
        // The span of a tile has two numbers of eight bytes.
        256 + lists as u64 + 16 * self.tiles.len() as u64 + mask
    }

    /// Bytes of a whole decompressed tile; of one plane if the level is planar.
    pub fn tile_bytes(&self) -> u64 {
        self.row_bytes().saturating_mul(self.tile_height.into())
    }

    /// Bytes of a row of a decompressed tile; each row begins at a byte boundary.
    pub fn row_bytes(&self) -> u64 {
        let samples = if self.planar { 1 } else { u64::from(self.samples) };
        (u64::from(self.tile_width) * samples * u64::from(self.bits)).div_ceil(8)
    }

    /// Bits per sample after unpacking: 8 or 16.
    pub fn depth(&self) -> u8 {
        if self.bits == 16 { 16 } else { 8 }
    }

    /// Number of tiles in a row.
    pub fn tiles_across(&self) -> u32 {
        self.width.div_ceil(self.tile_width)
    }

    /// Number of rows of tiles.
    pub fn tiles_down(&self) -> u32 {
        self.height.div_ceil(self.tile_height)
    }

    /// The pixel format before conversion for rendering: the colour model, and whether there is
    /// alpha. Palette and YCbCr samples count as RGB.
    pub fn pixel_type(&self) -> PixelFormat {
        let model = match self.photometric {
            Photometric::MinIsWhite | Photometric::MinIsBlack => ColorModel::Gray,
            Photometric::Rgb | Photometric::YCbCr | Photometric::Palette => ColorModel::Rgb,
            Photometric::Cmyk => ColorModel::Cmyk,
        };
        PixelFormat { model, alpha: self.has_alpha() }
    }

    /// The pixel format for rendering: [`Level::pixel_type`], but grey with alpha becomes RGB with
    /// alpha.
    pub fn drawn_type(&self) -> PixelFormat {
        match self.pixel_type() {
            PixelFormat { model: ColorModel::Gray, alpha: true } => PixelFormat::RGBA,
            pixel => pixel,
        }
    }
}

impl From<Span> for ByteRange {
    fn from(span: Span) -> Self {
        Self::new(span.start, span.len)
    }
}
