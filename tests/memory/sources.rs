//! Sources of all kinds: our pyramids, files of other servers, TIFFs of other programs; and
//! files that claim to be what they are not.

use std::{fs, path::Path};

use azulejo::{
    codec::Subsampling,
    pixel::{ColorModel, PixelFormat},
    pyramid::write::{TileCompression, WriteOptions, Writer},
};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

const SIZE: (u32, u32) = (1600, 1200);

/// Waves with a little noise, as a photograph has: samples of a pixel, row by row.
fn pixels((width, height): (u32, u32), samples: u32) -> Vec<u8> {
    let mut state = 7_u32;
    let mut pixels = Vec::with_capacity((width * height * samples) as usize);
    for y in 0..height {
        for x in 0..width {
            for sample in 0..samples {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let wave = (x * (sample + 2) / 5) ^ (y / 3);
                pixels.push((wave as u8) / 2 + 60 + (state >> 28) as u8);
            }
        }
    }
    pixels
}

fn pyramid(
    size: (u32, u32),
    model: ColorModel,
    alpha: bool,
    compression: TileCompression,
) -> Vec<u8> {
    let pixel = PixelFormat { model, alpha };
    let options = WriteOptions { compression, ..WriteOptions::default() };
    let mut writer = Writer::new(size.0, size.1, pixel, options).unwrap();
    let pixels = pixels(size, pixel.samples() as u32);
    for row in pixels.chunks_exact(size.0 as usize * pixel.samples()) {
        writer.push_row(row).unwrap();
    }
    writer.finish().unwrap()
}

/// A pyramid as `ingest` makes it of a photograph.
pub fn photograph(width: u32, height: u32) -> Vec<u8> {
    let compression = TileCompression::Jpeg { quality: 90, subsampling: Subsampling::Yuv420 };
    pyramid((width, height), ColorModel::Rgb, false, compression)
}

/// What compresses worst.
fn noise() -> Vec<u8> {
    let mut state = 1_u32;
    let mut writer = Writer::new(
        SIZE.0,
        SIZE.1,
        PixelFormat { model: ColorModel::Rgb, alpha: false },
        WriteOptions { compression: TileCompression::Deflate, ..WriteOptions::default() },
    )
    .unwrap();
    for _ in 0..SIZE.1 {
        let row = (0..SIZE.0 * 3).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        writer.push_row(&row.collect::<Vec<u8>>()).unwrap();
    }
    writer.finish().unwrap()
}

fn jpeg(factor: SamplingFactor, progressive: bool, color: ColorType, samples: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 85);
    encoder.set_sampling_factor(factor);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels(SIZE, samples), SIZE.0 as u16, SIZE.1 as u16, color).unwrap();
    file
}

fn png(color: png::ColorType, samples: u32, depth: png::BitDepth) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIZE.0, SIZE.1);
    encoder.set_color(color);
    encoder.set_depth(depth);
    let bytes = if depth == png::BitDepth::Sixteen { 2 } else { 1 };
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&pixels(SIZE, samples * bytes)).unwrap();
    writer.finish().unwrap();
    file
}

/// A classic TIFF of one directory.
#[derive(Clone, Copy)]
struct Tiff {
    size: (u32, u32),
    bits: u16,
    samples: u16,
    planar: bool,
    compression: u16,
    photometric: u16,
    /// Tile sides; strips of so many rows where the width is 0.
    tile: (u32, u32),
}

impl Tiff {
    const RGB: Self = Self {
        size: SIZE,
        bits: 8,
        samples: 3,
        planar: false,
        compression: 1,
        photometric: 2,
        tile: (256, 256),
    };

    /// Bytes of a tile or strip of one plane.
    fn tile_bytes(&self) -> u32 {
        let samples = if self.planar { 1 } else { u32::from(self.samples) };
        let width = if self.tile.0 == 0 { self.size.0 } else { self.tile.0 };
        width * samples * u32::from(self.bits) / 8 * self.tile.1
    }

    /// The file with its pixels, which are not compressed.
    fn file(&self) -> Vec<u8> {
        let width = if self.tile.0 == 0 { self.size.0 } else { self.tile.0 };
        let planes = if self.planar { u32::from(self.samples) } else { 1 };
        let count = self.size.0.div_ceil(width) * self.size.1.div_ceil(self.tile.1) * planes;
        let len = self.tile_bytes();
        let start = 4096 + 8 * count;
        let mut file = self.head(count, |nth| (start + nth * len, len));
        file.resize(start as usize, 0);
        file.extend(pixels((len, 1), count));
        file
    }

    /// Header, directory and lists; `place` tells where tiles lie, and how long they are.
    fn head(&self, count: u32, place: impl Fn(u32) -> (u32, u32)) -> Vec<u8> {
        let offsets: Vec<u32> = (0..count).map(|nth| place(nth).0).collect();
        let counts: Vec<u32> = (0..count).map(|nth| place(nth).1).collect();
        let mut entries: Vec<(u16, u16, u32, u32)> = vec![
            (256, 4, 1, self.size.0),
            (257, 4, 1, self.size.1),
            (258, 3, 1, self.bits.into()),
            (259, 3, 1, self.compression.into()),
            (262, 3, 1, self.photometric.into()),
            (277, 3, 1, self.samples.into()),
            (284, 3, 1, if self.planar { 2 } else { 1 }),
        ];
        let lists = 8 + 2 + 12 * 11 + 4;
        // Of a single tile the entry holds the number itself.
        let at = |nth: u32| match count {
            1 => [offsets[0], counts[0]][nth as usize],
            _ => lists + nth * 4 * count,
        };
        if self.tile.0 == 0 {
            entries.extend([
                (273, 4, count, at(0)),
                (278, 4, 1, self.tile.1),
                (279, 4, count, at(1)),
            ]);
        } else {
            entries.extend([(322, 4, 1, self.tile.0), (323, 4, 1, self.tile.1)]);
            entries.extend([(324, 4, count, at(0)), (325, 4, count, at(1))]);
        }
        entries.sort_unstable();
        let mut file = b"II\x2a\0\x08\0\0\0".to_vec();
        file.extend((entries.len() as u16).to_le_bytes());
        for (tag, kind, count, value) in entries {
            file.extend(tag.to_le_bytes());
            file.extend(kind.to_le_bytes());
            file.extend(count.to_le_bytes());
            file.extend(value.to_le_bytes());
        }
        file.resize(lists as usize, 0);
        offsets.iter().chain(&counts).for_each(|number| file.extend(number.to_le_bytes()));
        file
    }
}

/// What is drawn, by name.
pub fn all() -> Vec<(&'static str, Vec<u8>)> {
    let jpeg_tiles = |subsampling| TileCompression::Jpeg { quality: 90, subsampling };
    let fixture = |name: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
        fs::read(folder.join(name)).unwrap()
    };
    let (grey, rgb, cmyk) = (ColorModel::Gray, ColorModel::Rgb, ColorModel::Cmyk);
    vec![
        ("JPEG 4:2:0", pyramid(SIZE, rgb, false, jpeg_tiles(Subsampling::Yuv420))),
        ("JPEG 4:4:4", pyramid(SIZE, rgb, false, jpeg_tiles(Subsampling::Yuv444))),
        ("JPEG grey", pyramid(SIZE, grey, false, jpeg_tiles(Subsampling::Yuv444))),
        ("JPEG inks", pyramid(SIZE, cmyk, false, jpeg_tiles(Subsampling::Yuv444))),
        ("noise", noise()),
        ("Deflate RGB", pyramid(SIZE, rgb, false, TileCompression::Deflate)),
        ("Deflate RGBA", pyramid(SIZE, rgb, true, TileCompression::Deflate)),
        ("JPEG file 4:2:0", jpeg(SamplingFactor::R_4_2_0, false, ColorType::Rgb, 3)),
        ("JPEG file 4:4:4", jpeg(SamplingFactor::R_4_4_4, false, ColorType::Rgb, 3)),
        ("JPEG file 4:1:1", jpeg(SamplingFactor::R_4_1_1, false, ColorType::Rgb, 3)),
        ("JPEG file, progressive", jpeg(SamplingFactor::R_4_2_0, true, ColorType::Rgb, 3)),
        ("JPEG file, inks", jpeg(SamplingFactor::R_4_4_4, false, ColorType::Cmyk, 4)),
        ("PNG file RGB", png(png::ColorType::Rgb, 3, png::BitDepth::Eight)),
        ("PNG file RGBA", png(png::ColorType::Rgba, 4, png::BitDepth::Eight)),
        ("PNG file, 16 bits", png(png::ColorType::Rgb, 3, png::BitDepth::Sixteen)),
        ("TIFF, tiles", Tiff::RGB.file()),
        ("TIFF, strips", Tiff { tile: (0, 16), ..Tiff::RGB }.file()),
        ("TIFF, one strip", Tiff { tile: (0, SIZE.1), ..Tiff::RGB }.file()),
        ("TIFF, planes", Tiff { planar: true, ..Tiff::RGB }.file()),
        ("TIFF, 16 bits", Tiff { bits: 16, ..Tiff::RGB }.file()),
        ("TIFF, inks", Tiff { samples: 4, photometric: 5, ..Tiff::RGB }.file()),
        ("turned", fixture("turned.tif")),
        ("mask", fixture("tiff/cog-mask.tif")),
    ]
}

/// A PNG of a header and an empty IDAT.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    file.extend(width.to_be_bytes());
    file.extend(height.to_be_bytes());
    file.extend([8, 6, 0, 0, 0]);
    file.extend([0; 4]);
    file.extend(*b"\0\0\0\0IDAT\0\0\0\0\0\0\0\0IEND\0\0\0\0");
    file
}

/// A JPEG of a frame and a scan header.
fn jpeg_of(width: u16, height: u16, progressive: bool) -> Vec<u8> {
    let [[h1, h0], [w1, w0]] = [height, width].map(u16::to_be_bytes);
    let frame = if progressive { 0xc2 } else { 0xc0 };
    let mut file = vec![0xff, 0xd8, 0xff, frame, 0, 17, 8, h1, h0, w1, w0, 3];
    file.extend([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    file.extend([0xff, 0xda, 0, 12, 3, 1, 0, 2, 0, 3, 0, 0, 63, 0, 0, 0, 0xff, 0xd9]);
    file
}

/// A JPEG of 33 MiB whose height follows its data.
pub fn without_height() -> Vec<u8> {
    let mut file = jpeg_of(100, 0, false);
    file.resize(33 << 20, 0);
    file
}

/// A directory with sixty beneath it, all of which share lists of 60,000 numbers at the end of the
/// file.
pub fn of_shared_lists() -> Vec<u8> {
    const CHILDREN: u32 = 60;
    const LISTS: u32 = 1 << 20;
    /// Number of entries, entries, link.
    const DIRECTORY: usize = 2 + 12 * 11 + 4;
    let count = 60_000;
    let child = Tiff { size: (256, 25_600), ..Tiff::RGB }.head(count, |nth| (nth, 1));
    let (child, lists) = child[8..].split_at(DIRECTORY);
    let mut child = child.to_vec();
    for entry in child[2..DIRECTORY - 4].chunks_exact_mut(12) {
        if entry[4..8] == count.to_le_bytes() {
            let place = u32::from_le_bytes(entry[8..].try_into().unwrap());
            let moved = place - 8 - DIRECTORY as u32 + LISTS;
            entry[8..].copy_from_slice(&moved.to_le_bytes());
        }
    }
    // The entry SubIFDs comes behind all others.
    let mut file = Tiff { size: (256, 256), ..Tiff::RGB }.head(1, |_| (0, 1));
    file.truncate(8 + DIRECTORY - 4);
    file[8] += 1;
    let children = file.len() as u32 + 16;
    for number in [330 | 4 << 16, CHILDREN, children, 0] {
        file.extend(number.to_le_bytes());
    }
    let first = children + CHILDREN * 4;
    (0..CHILDREN).for_each(|nth| file.extend((first + nth * child.len() as u32).to_le_bytes()));
    (0..CHILDREN).for_each(|_| file.extend(&child));
    file.resize(LISTS as usize, 0);
    file.extend(lists);
    file
}

/// What is refused, by name.
pub fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let tiff = |size, tile, compression, len| {
        let tiff = Tiff { size, tile, compression, ..Tiff::RGB };
        let mut file = tiff.head(1, |_| (200, len));
        file.resize(400, 0);
        file
    };
    vec![
        ("PNG of 9,999,999²", png_of(9_999_999, 9_999_999)),
        ("PNG of 2³⁰²", png_of(0x3fff_ffff, 0x3fff_ffff)),
        ("PNG of a line", png_of(0x3fff_ffff, 1)),
        ("PNG of a column", png_of(1, 0x3fff_ffff)),
        ("JPEG of 65535²", jpeg_of(65535, 65535, false)),
        ("progressive JPEG of 65535²", jpeg_of(65535, 65535, true)),
        ("TIFF of one strip", tiff((9_999_999, 9_999_999), (0, 9_999_999), 1, 100)),
        ("TIFF of a long strip", tiff((100, 30_000_000), (0, 30_000_000), 1, 300)),
        (
            "TIFF of a strip that is not there",
            tiff((100, 30_000_000), (0, 30_000_000), 1, u32::MAX),
        ),
        ("TIFF of one column", tiff((1, 0x3fff_ffff), (0, 0x3fff_ffff), 1, 100)),
        ("TIFF of one line", tiff((0x3fff_ffff, 1), (0, 1), 1, 100)),
        ("TIFF of one deflated strip", tiff((16_000, 16_000), (0, 16_000), 8, 100)),
        ("TIFF of one tile", tiff((16_384, 16_384), (16_384, 16_384), 8, 100)),
        ("TIFF of one LZW tile", tiff((100, 100), (16_384, 16_384), 5, 100)),
        ("TIFF of a huge tile", tiff((9_999_999, 9_999_999), (0x3fff_fff0, 0x3fff_fff0), 8, 100)),
        ("TIFF of a long tile", tiff((256, 256), (256, 256), 7, u32::MAX)),
        ("TIFF of shared lists", of_shared_lists()),
    ]
}
