use super::*;

use crate::{
    pyramid::{self, Rows},
    store::{self, FetchBuffer, MemoryStore},
};

const ASTRONAUT: &[u8] = include_bytes!("../../../tests/fixtures/astronaut.jpg");
const KEY: &str = "https://img.example.com/a";

fn open(file: &[u8]) -> Result<Index> {
    let store = MemoryStore::new();
    store.put(KEY, file.to_vec());
    let buffer = FetchBuffer::default();
    pollster::block_on(store::fulfil(&store, &buffer, pyramid::open(KEY, &buffer)))
}

/// All pixels of a file, in the format for rendering.
fn decode(file: &[u8]) -> Result<Vec<u8>> {
    let index = open(file)?;
    let level = &index.levels[0];
    let mut rows = Rows::new(level, 0..level.width, 0..level.height, |_| Some(file))?;
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row?);
    }
    Ok(pixels)
}

fn png_file(
    color: ::png::ColorType,
    depth: ::png::BitDepth,
    chunks: Chunks,
    data: &[u8],
) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut file, 2, 2);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if let Some(palette) = chunks.palette {
        encoder.set_palette(palette.to_vec());
    }
    if let Some(transparent) = chunks.transparent {
        encoder.set_trns(transparent.to_vec());
    }
    let mut writer = encoder.write_header().unwrap();
    if let Some(exif) = chunks.exif {
        writer.write_chunk(::png::chunk::ChunkType(*b"eXIf"), exif).unwrap();
    }
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    file
}

#[derive(Default)]
struct Chunks<'a> {
    palette: Option<&'a [u8]>,
    transparent: Option<&'a [u8]>,
    exif: Option<&'a [u8]>,
}

/// A TIFF with one entry: `Orientation`.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    exif
}

/// A JPEG with a segment inserted after its start marker.
fn with_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut file = vec![0xff, 0xd8, 0xff, marker];
    file.extend((body.len() as u16 + 2).to_be_bytes());
    file.extend(body);
    file.extend(&ASTRONAUT[2..]);
    file
}

#[test]
fn a_jpeg_file_is_a_level_of_one_tile() {
    let index = open(ASTRONAUT).unwrap();
    let mut reference = jpeg_decoder::Decoder::new(ASTRONAUT);
    reference.read_info().unwrap();
    let info = reference.info().unwrap();
    assert_eq!(index.size(), crate::geometry::Size::new(info.width.into(), info.height.into()));
    assert_eq!(index.levels[0].tiles, [Span { start: 0, len: ASTRONAUT.len() as u64 }]);
    assert!(matches!(
        index.levels[0].compression,
        Compression::JpegFile { subsampling: Some(_), .. }
    ));
    assert_eq!(Index::from_bytes(&index.to_bytes()), Some(index));
}

#[test]
fn a_jpeg_file_gives_the_pixels_of_another_decoder() {
    let ours = decode(ASTRONAUT).unwrap();
    let theirs = jpeg_decoder::Decoder::new(ASTRONAUT).decode().unwrap();
    assert_eq!(ours.len(), theirs.len());
    let worst = ours.iter().zip(&theirs).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(worst <= Some(4), "{worst:?}");
}

#[test]
fn cmyk_is_read_as_adobe_writes_it() {
    use jpeg_encoder::ColorType::{Cmyk, CmykAsYcck};
    let pixel = |file: &[u8]| -> [u8; 4] { decode(file).unwrap()[..4].try_into().unwrap() };
    for color in [Cmyk, CmykAsYcck] {
        let mut file = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut file, 100);
        encoder.encode(&[0, 255, 255, 0].repeat(64), 8, 8, color).unwrap();
        let [c, m, y, k] = pixel(&file);
        assert!(c < 9 && m > 246 && y > 246 && k < 9, "magenta and yellow: {c} {m} {y} {k}");
        if color == Cmyk {
            // Also without Adobe's segment.
            let segment = file.windows(5).position(|bytes| bytes == b"Adobe").unwrap();
            file[segment] = b'X';
            assert_eq!(pixel(&file), [c, m, y, k]);
        }
    }
}

#[test]
fn the_orientation_of_a_jpeg_is_that_of_its_exif() {
    for value in [1, 3, 6, 8] {
        let file = with_segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(value)].concat());
        assert_eq!(open(&file).unwrap().orientation, value);
    }
    let file = with_segment(0xe1, &[b"Exif\0\0".as_slice(), &exif(9)].concat());
    assert_eq!(open(&file).unwrap().orientation, 1);
    let file = with_segment(0xe1, b"Exif\0\0MM");
    assert_eq!(open(&file).unwrap().orientation, 1);
}

#[test]
fn a_header_longer_than_the_first_read_is_read_on() {
    let mut file = vec![0xff, 0xd8];
    for _ in 0..20 {
        file.extend([0xff, 0xe4, 0xff, 0xff]);
        file.extend([7; 0xfffd]);
    }
    file.extend(&ASTRONAUT[2..]);
    assert_eq!(open(&file).unwrap().size(), open(ASTRONAUT).unwrap().size());
}

#[test]
fn png_files_of_all_kinds_are_spread_to_8_bits() {
    use ::png::{BitDepth::*, ColorType::*};
    let plain = Chunks::default;
    let grey = png_file(Grayscale, One, plain(), &[0b0100_0000, 0b1000_0000]);
    assert_eq!(decode(&grey).unwrap(), [0, 255, 255, 0]);
    let deep = png_file(Grayscale, Sixteen, plain(), &[0, 9, 0x7f, 9, 0x80, 9, 0xff, 9]);
    assert_eq!(decode(&deep).unwrap(), [0, 0x7f, 0x80, 0xff]);
    let rgb: Vec<u8> = (0..12).collect();
    assert_eq!(decode(&png_file(Rgb, Eight, plain(), &rgb)).unwrap(), rgb);
    let rgba: Vec<u8> = (0..16).map(|n| n * 16).collect();
    assert_eq!(decode(&png_file(Rgba, Eight, plain(), &rgba)).unwrap(), rgba);
    let pairs = [10, 255, 20, 0, 30, 128, 40, 1];
    let expected = [10, 10, 10, 255, 20, 20, 20, 0, 30, 30, 30, 128, 40, 40, 40, 1];
    assert_eq!(decode(&png_file(GrayscaleAlpha, Eight, plain(), &pairs)).unwrap(), expected);
    let chunks = Chunks { palette: Some(&[1, 2, 3, 4, 5, 6]), ..plain() };
    let indexed = png_file(Indexed, Eight, chunks, &[0, 1, 1, 0]);
    assert_eq!(decode(&indexed).unwrap(), [1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3]);
    let chunks = Chunks { palette: Some(&[1, 2, 3, 4, 5, 6]), transparent: Some(&[9]), exif: None };
    let indexed = png_file(Indexed, Eight, chunks, &[0, 1, 1, 0]);
    let expected = [1, 2, 3, 9, 4, 5, 6, 255, 4, 5, 6, 255, 1, 2, 3, 9];
    assert_eq!(decode(&indexed).unwrap(), expected);
    let chunks = Chunks { exif: Some(&exif(6)), ..plain() };
    assert_eq!(open(&png_file(Rgb, Eight, chunks, &rgb)).unwrap().orientation, 6);
}

#[test]
fn other_formats_are_refused_by_name() {
    let cases: [(&[u8], &str); 9] = [
        (b"RIFF\x10\0\0\0WEBPVP8 ", "WebP"),
        (b"GIF89a\x01\0\x01\0", "GIF"),
        (b"\xef\xbb\xbf  <svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"\0\0\0\x20ftypavif\0\0\0\0", "AVIF"),
        (b"\0\0\0\x20ftypheic\0\0\0\0", "HEIF"),
        (b"8BPS\0\x01", "Photoshop"),
        (b"%PDF-1.7", "PDF"),
        (b"<!DOCTYPE html><html>", "HTML"),
    ];
    for (file, name) in cases {
        let error = open(file).unwrap_err();
        assert!(error.message.contains(name) && error.message.contains("convert"), "{error:?}");
    }
    assert!(open(b"anything").unwrap_err().message.contains("not a TIFF, JPEG or PNG"));
    let sof = ASTRONAUT.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    let mut lossless = ASTRONAUT.to_vec();
    lossless[sof + 1] = 0xc3;
    assert!(open(&lossless).unwrap_err().message.contains("lossless"));
}

#[test]
fn cut_and_changed_files_end_in_a_word_not_a_panic() {
    use ::png::{BitDepth::*, ColorType::*};
    let palette = Chunks { palette: Some(&[1; 6]), transparent: Some(&[9]), exif: Some(&exif(3)) };
    let png = png_file(Indexed, Eight, palette, &[0, 1, 1, 0]);
    let small = {
        let mut file = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut file, 80);
        encoder.encode(&[90; 20 * 20 * 3], 20, 20, jpeg_encoder::ColorType::Rgb).unwrap();
        file
    };
    let mut drawn = 0;
    for file in [png, small] {
        for cut in 0..file.len() {
            drawn += usize::from(decode(&file[..cut]).is_ok());
        }
        for at in 0..file.len() {
            for change in [0x00, 0x01, 0x7f, 0x80, 0xff] {
                let mut changed = file.clone();
                changed[at] ^= change;
                // The plan refuses a file that declares a huge size before it is decoded.
                let modest = |index: Index| Rows::memory(&index.levels[0], 0..20) < 1 << 24;
                if open(&changed).is_ok_and(modest) {
                    drawn += usize::from(decode(&changed).is_ok());
                }
            }
        }
    }
    assert!(drawn > 0);
}
