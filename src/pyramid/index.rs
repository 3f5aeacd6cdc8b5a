//! What is known of a pyramid when its directories are read: levels, tiles, where things lie.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::{
    geometry::{Size, SourceSpace},
    limits,
    pixel::{ColorModel, PixelFormat},
    store::{ByteRange, Version},
};

/// A pyramid TIFF, opened: enough to plan any read of it.
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
    /// TIFF `Orientation` (274), 1 to 8; what the pixels need to stand upright.
    pub orientation: u8,
    /// Pixels per inch, where the file says so.
    pub resolution: Option<f32>,
    /// The ICC profile (34675).
    pub icc: Option<Span>,
    /// The XMP packet (700).
    pub xmp: Option<Span>,
    /// The Photoshop resource block (34377).
    pub photoshop: Option<Span>,
}

/// Bytes somewhere in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u64,
    /// How many bytes.
    pub len: u64,
}

/// One level: a picture of `width` × `height` pixels cut into tiles (or strips, which are
/// tiles as wide as the picture).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Level {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pixels across a tile.
    pub tile_width: u32,
    /// Pixels down a tile.
    pub tile_height: u32,
    /// Whether the tiles are strips: the last one is then stored short, not padded.
    pub strips: bool,
    /// How tiles are compressed.
    pub compression: Compression,
    /// What the samples mean.
    pub photometric: Photometric,
    /// Samples per pixel as stored, alpha and extra samples included: 1 to 64.
    pub samples: u8,
    /// Bits per sample as stored: 1 to 16, 24 or 32.
    pub bits: u8,
    /// Whether 16-bit samples are stored big-endian.
    pub big_endian: bool,
    /// Whether each sample has tiles of its own; those of the second follow those of the first.
    pub planar: bool,
    /// Whether horizontal differencing (predictor 2) was applied.
    pub predictor: bool,
    /// Red, green and blue of each index, where samples are indices.
    pub palette: Option<Vec<u8>>,
    /// Index of the alpha sample, and whether the colours are premultiplied by it.
    pub alpha: Option<(u8, bool)>,
    /// Whether the bits of each byte are stored lowest first (FillOrder 2).
    pub lsb_first: bool,
    /// The transparency mask of the picture, a level of one sample and of the same size. Its
    /// tiles are numbered behind those of the picture. It has none itself.
    #[serde(skip)]
    pub mask: Option<Box<Level>>,
    /// Where a pixel stands for exactly 2ⁿ × 2ⁿ of the full picture, whose odd rows and columns
    /// at the end are dropped: n. Else the level is the whole picture, squeezed.
    pub halvings: Option<u8>,
    /// Quantisation and Huffman tables shared by all JPEG tiles (347).
    pub jpeg_tables: Option<Vec<u8>>,
    /// Where each tile lies, rows of tiles top to bottom; an empty range is a missing tile.
    pub tiles: Vec<Span>,
}

/// TIFF `Compression` (259), as far as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compression {
    /// 1
    None,
    /// 2 to 4: of one bit a sample.
    Ccitt(Fax),
    /// 5
    Lzw,
    /// 7: a JPEG stream each, perhaps with shared tables.
    Jpeg,
    /// 8 and 32946
    Deflate,
    /// 32773
    PackBits,
    /// 50000
    Zstd,
    /// 50001: a WebP file each.
    WebP,
    /// None of TIFF's: the tile is a whole JPEG file.
    JpegFile {
        /// Where it can be drawn from planes, how much smaller its chroma is, across and
        /// down: 1 or 2.
        subsampling: Option<[u8; 2]>,
        /// Whether decoding it holds all its coefficients.
        buffered: bool,
    },
    /// None of TIFF's: the tile is a whole PNG file.
    PngFile,
}

/// How lines of black and white are coded (ITU-T T.4 and T.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fax {
    /// 2: each line for itself, from a whole byte on.
    Rle,
    /// 3: each line for itself.
    Group3,
    /// 3 with bit 0 of T4Options: lines may refer to the one above.
    Group3Lines,
    /// 4: all lines refer to the one above.
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
            | Self::PngFile => false,
        }
    }

    /// Whether the tile is the whole file, which is decoded whole.
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
            | Self::WebP => false,
        }
    }
}

/// TIFF `PhotometricInterpretation` (262), as far as it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Photometric {
    /// 0: grey, 0 is white.
    MinIsWhite,
    /// 1: grey, 0 is black.
    MinIsBlack,
    /// 2
    Rgb,
    /// 3: an index into a palette.
    Palette,
    /// 5: cyan, magenta, yellow, black.
    Cmyk,
    /// 6: only inside JPEG.
    YCbCr,
}

/// First byte of a stored index: the form of what follows.
const FORM: u8 = 3;

impl Index {
    /// The largest level's size, as stored.
    pub fn size(&self) -> Size<SourceSpace> {
        self.levels.first().map_or(Size::new(0, 0), |level| Size::new(level.width, level.height))
    }

    /// The index as it is stored or remembered; the levels' masks follow it, so that none has
    /// another within.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Serialising into a growing vector cannot fail; an empty one is no index to anybody.
        let masks: Vec<_> = self.levels.iter().map(|level| level.mask.as_deref()).collect();
        postcard::to_extend(&(self, masks), vec![FORM]).unwrap_or_default()
    }

    /// The picture's size as it stands upright.
    pub fn upright_size(&self) -> Size<SourceSpace> {
        let size = self.size();
        match self.orientation {
            5..=8 => Size::new(size.height, size.width),
            _ => size,
        }
    }

    /// An index from [`Index::to_bytes`]; `None` when it is damaged or of another form.
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
    /// Whether its numbers can be calculated with; a stored index may be damaged.
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

    /// Whether it can be the mask of another: one channel, and no alpha of its own.
    pub(super) fn is_mask(&self) -> bool {
        self.mask.is_none() && self.pixel_type() == PixelFormat::GRAY
    }

    /// Whether pixels have an alpha, in a sample or in a mask.
    pub fn has_alpha(&self) -> bool {
        self.alpha.is_some() || self.mask.is_some()
    }

    /// Where a tile lies, of the picture or of its mask.
    pub fn tile(&self, number: usize) -> Option<Span> {
        let of_mask = || self.mask.as_ref()?.tiles.get(number - self.tiles.len());
        if number < self.tiles.len() { self.tiles.get(number) } else { of_mask() }.copied()
    }

    /// How many tiles there are, those of the mask included.
    pub fn all_tiles(&self) -> usize {
        self.tiles.len() + self.mask.as_ref().map_or(0, |mask| mask.tiles.len())
    }

    /// Pixels of the level to those of the full picture, whose side has `full`, where the
    /// level's own side has `len`.
    pub fn ratio(&self, full: u32, len: u32) -> f64 {
        match self.halvings {
            Some(by) => 1.0 / f64::from(1_u32 << by),
            None => f64::from(len) / f64::from(full),
        }
    }

    /// Numbers of the tiles that a region touches, rows of tiles top to bottom, plane by plane;
    /// then those of the mask.
    pub fn tiles_in(
        &self,
        columns: Range<u32>,
        rows: Range<u32>,
    ) -> impl Iterator<Item = usize> + '_ {
        let of_mask = self.mask.as_deref().map(|mask| mask.own_tiles(&columns, &rows));
        let behind = self.tiles.len();
        let of_mask = of_mask.into_iter().flatten().map(move |number| behind + number);
        self.own_tiles(&columns, &rows).chain(of_mask)
    }

    /// The same without those of the mask.
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

    /// Bytes that it takes as a part of an index, the same on every machine.
    pub fn memory(&self) -> u64 {
        let lists = self.palette.as_ref().map_or(0, Vec::len)
            + self.jpeg_tables.as_ref().map_or(0, Vec::len);
        let mask = self.mask.as_ref().map_or(0, |mask| mask.memory());
        // Each place of a tile has two numbers of eight bytes.
        256 + lists as u64 + 16 * self.tiles.len() as u64 + mask
    }

    /// Bytes of a whole tile when it is decompressed, of one plane where there are planes.
    pub fn tile_bytes(&self) -> u64 {
        self.row_bytes().saturating_mul(self.tile_height.into())
    }

    /// Bytes of a row of a tile when it is decompressed; rows begin at whole bytes.
    pub fn row_bytes(&self) -> u64 {
        let samples = if self.planar { 1 } else { u64::from(self.samples) };
        (u64::from(self.tile_width) * samples * u64::from(self.bits)).div_ceil(8)
    }

    /// Bits per sample as they are calculated with: 8 or 16.
    pub fn depth(&self) -> u8 {
        if self.bits == 16 { 16 } else { 8 }
    }

    /// Tiles across.
    pub fn tiles_across(&self) -> u32 {
        self.width.div_ceil(self.tile_width)
    }

    /// Tiles down.
    pub fn tiles_down(&self) -> u32 {
        self.height.div_ceil(self.tile_height)
    }

    /// What a pixel is: its colours as they are stored, and whether it has an alpha.
    pub fn pixel_type(&self) -> PixelFormat {
        let model = match self.photometric {
            Photometric::MinIsWhite | Photometric::MinIsBlack => ColorModel::Gray,
            Photometric::Rgb | Photometric::YCbCr | Photometric::Palette => ColorModel::Rgb,
            Photometric::Cmyk => ColorModel::Cmyk,
        };
        PixelFormat { model, alpha: self.has_alpha() }
    }

    /// What a pixel is that is to be drawn: the same, but grey with alpha is RGB with alpha.
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
