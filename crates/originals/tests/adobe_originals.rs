//! The originals that Adobe's converter accepts ("ic", "Supported Input Image Formats"). Each row of
//! its table is read, or is refused by name with a command that converts it. TIFF has its own tests.

use std::io::{Cursor, Write as _};

use azulejo::{
    pixel::ColorModel::{self, Cmyk, Gray, Rgb},
    pyramid::{Index, Rows, open as open_pyramid},
    store::{FetchBuffer, MemoryStore, fulfil},
};
use flate2::write::ZlibEncoder;
use image::{DynamicImage, ImageFormat, RgbImage};
use originals::{Compression, Options, open};

/// Ingests an original without loss. Returns the pyramid's colour model, whether it has alpha, and
/// its pixels.
fn read(original: &[u8]) -> (ColorModel, bool, Vec<u8>) {
    let opened = open(Cursor::new(original), original.len() as u64, 1 << 30).unwrap();
    let lossless = Options { compression: Compression::Lossless, ..Options::default() };
    let file = opened.pyramid(lossless).unwrap();
    let store = MemoryStore::new();
    store.put("x.tif", file.clone());
    let buffer = FetchBuffer::default();
    let index: Index =
        pollster::block_on(fulfil(&store, &buffer, open_pyramid("x.tif", &buffer))).unwrap();
    let level = &index.levels[0];
    let pixel = level.pixel_type();
    let tile = |number: usize| {
        let span = level.tiles[number];
        file.get(span.start as usize..(span.start + span.len) as usize)
    };
    let mut rows = Rows::stored(level, 0..level.width, 0..level.height, tile).unwrap();
    let mut pixels = Vec::new();
    while let Some(row) = rows.next_row() {
        pixels.extend_from_slice(row.unwrap());
    }
    (pixel.model, pixel.alpha, pixels)
}

/// Eight pixels in two rows: the corners of the RGB cube.
const CORNERS: [[u8; 3]; 8] = [
    [0, 0, 0],
    [255, 0, 0],
    [0, 255, 0],
    [0, 0, 255],
    [255, 255, 0],
    [0, 255, 255],
    [255, 0, 255],
    [255, 255, 255],
];

/// A BMP of 4 × 2 pixels: the header after its length, palette or masks, rows bottom up.
fn bmp(header: &[u8], between: &[u8], rows: &[u8]) -> Vec<u8> {
    let offset = 14 + 4 + header.len() + between.len();
    let mut file = b"BM".to_vec();
    file.extend(((offset + rows.len()) as u32).to_le_bytes());
    file.extend([0; 4]);
    file.extend((offset as u32).to_le_bytes());
    file.extend((header.len() as u32 + 4).to_le_bytes());
    [&file, header, between, rows].concat()
}

/// A header of 40 + `longer` bytes, without its length.
fn info(height: i32, bits: u16, compression: u32, colors: u32, longer: usize) -> Vec<u8> {
    let mut header = [4_i32.to_le_bytes(), height.to_le_bytes()].concat();
    header.extend([1, 0]);
    header.extend(bits.to_le_bytes());
    header.extend(compression.to_le_bytes());
    // Its length, 300 pixels an inch each way, colours.
    for number in [0, 11811, 11811, colors, 0] {
        header.extend(number.to_le_bytes());
    }
    header.resize(36 + longer, 0);
    header
}

/// The rows of [`CORNERS`], each padded to four bytes, the lower one first.
fn bottom_up(pixel: impl Fn([u8; 3]) -> Vec<u8>) -> Vec<u8> {
    let row = |corners: &[[u8; 3]]| {
        let mut row: Vec<u8> = corners.iter().flat_map(|&color| pixel(color)).collect();
        row.resize(row.len().next_multiple_of(4), 0);
        row
    };
    [row(&CORNERS[4..]), row(&CORNERS[..4])].concat()
}

/// [`CORNERS`] as a BMP palette: blue, green, red and 0.
fn palette() -> Vec<u8> {
    CORNERS.iter().flat_map(|[red, green, blue]| [*blue, *green, *red, 0]).collect()
}

#[test]
fn bmp_rgb_and_indexed_of_1_5_6_and_8_bits_uncompressed_and_rle() {
    let eight = palette();
    let bgr = |[red, green, blue]: [u8; 3]| vec![blue, green, red];
    let bgrx = |[red, green, blue]: [u8; 3]| vec![blue, green, red, 0];
    let five = |[red, green, blue]: [u8; 3]| {
        let bits = u16::from(red >> 3) << 10 | u16::from(green >> 3) << 5 | u16::from(blue >> 3);
        bits.to_le_bytes().to_vec()
    };
    let six = |[red, green, blue]: [u8; 3]| {
        let bits = u16::from(red >> 3) << 11 | u16::from(green >> 2) << 5 | u16::from(blue >> 3);
        bits.to_le_bytes().to_vec()
    };
    let masks =
        |masks: [u32; 3]| masks.iter().flat_map(|mask| mask.to_le_bytes()).collect::<Vec<_>>();
    let mut top_down = bottom_up(bgr);
    top_down.rotate_left(12);
    let core = [[4, 0], [2, 0], [1, 0], [24, 0]].concat();
    let v4 = |masks: [u32; 4]| {
        let mut header = info(2, 32, 3, 0, 108 - 40);
        for (nth, mask) in masks.iter().enumerate() {
            header[36 + 4 * nth..][..4].copy_from_slice(&mask.to_le_bytes());
        }
        header
    };
    let files = [
        ("4 bits", bmp(&info(2, 4, 0, 8, 0), &eight, &[0x45, 0x67, 0, 0, 0x01, 0x23, 0, 0])),
        ("8 bits", bmp(&info(2, 8, 0, 8, 0), &eight, &[4, 5, 6, 7, 0, 1, 2, 3])),
        (
            "RLE8",
            bmp(
                &info(2, 8, 1, 8, 0),
                &eight,
                &[0, 4, 4, 5, 6, 7, 0, 0, 1, 0, 1, 1, 1, 2, 1, 3, 0, 1],
            ),
        ),
        (
            "RLE4",
            bmp(&info(2, 4, 2, 8, 0), &eight, &[0, 4, 0x45, 0x67, 0, 0, 2, 0x01, 2, 0x23, 0, 1]),
        ),
        ("16 bits", bmp(&info(2, 16, 0, 0, 0), &[], &bottom_up(five))),
        ("5-6-5", bmp(&info(2, 16, 3, 0, 0), &masks([0xf800, 0x7e0, 0x1f]), &bottom_up(six))),
        ("24 bits", bmp(&info(2, 24, 0, 0, 0), &[], &bottom_up(bgr))),
        ("24 bits, top down", bmp(&info(-2, 24, 0, 0, 0), &[], &top_down)),
        ("24 bits, OS/2", bmp(&core, &[], &bottom_up(bgr))),
        ("32 bits, the fourth is none", bmp(&info(2, 32, 0, 0, 0), &[], &bottom_up(bgrx))),
        (
            "32 bits, masks",
            bmp(
                &info(2, 32, 3, 0, 0),
                &masks([0xff, 0xff00, 0xff_0000]),
                &bottom_up(|[red, green, blue]| vec![red, green, blue, 9]),
            ),
        ),
        ("V4, no mask of alpha", bmp(&v4([0xff_0000, 0xff00, 0xff, 0]), &[], &bottom_up(bgrx))),
    ];
    for (name, file) in files {
        assert_eq!(read(&file), (Rgb, false, CORNERS.concat()), "{name}");
    }
    let one = bmp(
        &info(2, 1, 0, 2, 0),
        &[0, 0, 255, 0, 255, 255, 255, 0],
        &[0b1010_0000, 0, 0, 0, 0b0001_0000, 0, 0, 0],
    );
    let (red, white) = ([255, 0, 0], [255; 3]);
    let expected = [red, red, red, white, white, red, white, red].concat();
    assert_eq!(read(&one), (Rgb, false, expected), "1 bit");
    let alpha = bottom_up(|[red, green, blue]| vec![blue, green, red, 128]);
    let alpha = bmp(&v4([0xff_0000, 0xff00, 0xff, 0xff00_0000]), &[], &alpha);
    let expected = CORNERS.iter().flat_map(|[red, green, blue]| [*red, *green, *blue, 128]);
    assert_eq!(read(&alpha), (Rgb, true, expected.collect()), "V4 with alpha");
}

#[test]
fn an_unsupported_bmp_is_refused_with_the_reason_and_the_fix() {
    for (file, message) in [
        (
            bmp(&info(2, 0, 4, 0, 0), &[], &[]),
            "a BMP that holds a JPEG is unsupported; take a JPEG out",
        ),
        (
            bmp(&info(2, 0, 5, 0, 0), &[], &[]),
            "a BMP that holds a PNG is unsupported; take a PNG out",
        ),
        (
            bmp(&[0; 60], &[], &[]),
            "a BMP whose header has 64 bytes, as of OS/2 2, is unsupported; convert",
        ),
        (b"BM".to_vec(), "a BMP whose header has 0 bytes"),
    ] {
        let error = open(Cursor::new(&file), file.len() as u64, 1 << 30).err().unwrap();
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

#[test]
fn bmp_keeps_its_resolution_and_its_profile() {
    let mut profile = b"0123456789abcdefRGB ".to_vec();
    profile.resize(77, 9);
    let mut header = info(2, 24, 0, 0, 124 - 40);
    header[52..56].copy_from_slice(b"DEBM");
    // Offsets count from the beginning of the header, including its length.
    header[108..112].copy_from_slice(&(124_u32 + 24).to_le_bytes());
    header[112..116].copy_from_slice(&77_u32.to_le_bytes());
    let rows = bottom_up(|[red, green, blue]| vec![blue, green, red]);
    let file = [bmp(&header, &[], &rows), profile.clone()].concat();
    let opened = open(Cursor::new(&file), file.len() as u64, 1 << 30).unwrap();
    let pyramid = opened.pyramid(Options::default()).unwrap();
    assert!(pyramid.windows(77).any(|bytes| bytes == profile));
    let store = MemoryStore::new();
    store.put("x.tif", pyramid);
    let buffer = FetchBuffer::default();
    let index = fulfil(&store, &buffer, open_pyramid("x.tif", &buffer));
    assert_eq!(pollster::block_on(index).unwrap().resolution, Some(300.0));
}

#[test]
fn bmp_that_ends_too_early_is_an_error() {
    let whole = bmp(&info(2, 24, 0, 0, 0), &[], &bottom_up(|[r, g, b]| vec![b, g, r]));
    for len in 2..whole.len() - 1 {
        let opened = open(Cursor::new(&whole[..len]), len as u64, 1 << 30);
        let made = opened.and_then(|opened| opened.pyramid(Options::default()));
        assert!(made.is_err(), "{len} of {} bytes", whole.len());
    }
}

#[test]
fn compuserve_gif_whose_transparent_entry_becomes_alpha() {
    let mut file = Vec::new();
    let mut encoder = gif::Encoder::new(&mut file, 4, 2, &CORNERS.concat()).unwrap();
    let frame = gif::Frame {
        width: 4,
        height: 2,
        transparent: Some(5),
        buffer: (0..8).collect::<Vec<u8>>().into(),
        ..gif::Frame::default()
    };
    encoder.write_frame(&frame).unwrap();
    drop(encoder);
    let (model, alpha, pixels) = read(&file);
    assert_eq!((model, alpha), (Rgb, true));
    for (nth, pixel) in pixels.chunks_exact(4).enumerate() {
        assert_eq!(pixel[3], if nth == 5 { 0 } else { 255 });
        assert!(nth == 5 || pixel[..3] == CORNERS[nth]);
    }
}

#[test]
fn jpeg_of_cmyk_rgb_and_grey() {
    use jpeg_encoder::ColorType;
    for (kind, samples, model) in
        [(ColorType::Luma, 1, Gray), (ColorType::Rgb, 3, Rgb), (ColorType::Cmyk, 4, Cmyk)]
    {
        let mut file = Vec::new();
        let encoder = jpeg_encoder::Encoder::new(&mut file, 90);
        encoder.encode(&vec![90; 16 * 16 * samples], 16, 16, kind).unwrap();
        let (read, alpha, pixels) = read(&file);
        assert_eq!((read, alpha), (model, false));
        assert!(pixels.iter().all(|&sample| sample.abs_diff(90) < 3), "{model:?} {pixels:?}");
    }
}

#[test]
fn png_of_rgb_grey_alpha_and_palettes_of_1_to_16_bits() {
    use png::{BitDepth, ColorType};
    let depths = [BitDepth::One, BitDepth::Two, BitDepth::Four, BitDepth::Eight, BitDepth::Sixteen];
    for (color, samples, model, alpha) in [
        (ColorType::Grayscale, 1, Gray, false),
        (ColorType::GrayscaleAlpha, 2, Gray, true),
        (ColorType::Rgb, 3, Rgb, false),
        (ColorType::Rgba, 4, Rgb, true),
        (ColorType::Indexed, 1, Rgb, false),
    ] {
        for depth in depths {
            let bits = depth as usize;
            let deep = !matches!(color, ColorType::Grayscale | ColorType::Indexed);
            if deep && bits < 8 || color == ColorType::Indexed && bits == 16 {
                continue;
            }
            let mut file = Vec::new();
            let mut encoder = png::Encoder::new(&mut file, 8, 8);
            encoder.set_color(color);
            encoder.set_depth(depth);
            if color == ColorType::Indexed {
                encoder.set_palette(vec![7; 3 << bits.min(8)]);
            }
            let data = vec![0; 8 * samples * bits];
            encoder.write_header().unwrap().write_image_data(&data).unwrap();
            let (read, has_alpha, pixels) = read(&file);
            assert_eq!((read, has_alpha), (model, alpha), "{color:?} {bits}");
            let all = if color == ColorType::Indexed { 7 } else { 0 };
            assert!(pixels.iter().all(|&sample| sample == all), "{color:?} {bits}");
        }
    }
}

/// A PSD of 4 × 2 pixels, with planes of `bits` bits per sample.
fn psd(mode: u16, planes: &[[u8; 8]], bits: u16, transparent: bool, compression: u8) -> Vec<u8> {
    let mut file = b"8BPS\0\x01\0\0\0\0\0\0".to_vec();
    file.extend((planes.len() as u16).to_be_bytes());
    file.extend([0, 0, 0, 2, 0, 0, 0, 4]);
    file.extend([bits.to_be_bytes(), mode.to_be_bytes()].concat());
    // No palette, no resources. The layer section holds a negative count for transparency.
    file.extend([0; 8]);
    let layers: &[u8] =
        if transparent { &[0, 0, 0, 8, 0, 0, 0, 4, 255, 255, 0, 0] } else { &[0; 4] };
    file.extend(layers);
    file.extend([0, compression]);
    let rows: Vec<Vec<u8>> = planes
        .iter()
        .flat_map(|plane| plane.chunks(4))
        .map(|row| {
            let bit = |row: &[u8]| row.iter().fold(0, |byte, value| byte << 1 | value >> 7) << 4;
            match bits {
                1 => vec![bit(row)],
                16 => row.iter().flat_map(|&value| [value, 77]).collect(),
                _ => row.to_vec(),
            }
        })
        .collect();
    if compression >= 2 {
        let mut stream = ZlibEncoder::new(&mut file, flate2::Compression::default());
        for mut row in rows {
            if compression == 3 {
                // Horizontal differences of 8-bit samples.
                (1..row.len()).rev().for_each(|at| row[at] = row[at].wrapping_sub(row[at - 1]));
            }
            stream.write_all(&row).unwrap();
        }
        stream.finish().unwrap();
    } else if compression == 1 {
        file.extend(rows.iter().flat_map(|row| (row.len() as u16 + 1).to_be_bytes()));
        file.extend(rows.iter().flat_map(|row| [&[row.len() as u8 - 1], row.as_slice()].concat()));
    } else {
        file.extend(rows.concat());
    }
    file
}

#[test]
fn photoshop_psd_of_cmyk_rgb_and_grey_with_alpha_and_without() {
    // Alpha is 0 or 255 here, so that there is no white matte to remove.
    let planes =
        [[10, 20, 30, 40, 50, 60, 70, 80], [90; 8], [0, 255, 0, 255, 0, 255, 0, 255], [7; 8]];
    let alpha = [255, 255, 255, 255, 255, 255, 255, 0];
    for (mode, colors, model) in [(1, 1, Gray), (3, 3, Rgb), (4, 4, Cmyk)] {
        for (bits, compression) in [(8, 0), (8, 1), (8, 2), (8, 3), (16, 0), (16, 1), (16, 2)] {
            for extra in [None, Some(true), Some(false)] {
                let mut stored = planes[..colors].to_vec();
                stored.extend(extra.map(|_| alpha));
                let file = psd(mode, &stored, bits, extra == Some(true), compression);
                let (read, has_alpha, pixels) = read(&file);
                let what =
                    format!("{model:?} {bits} bits, compression {compression}, extra {extra:?}");
                assert_eq!((read, has_alpha), (model, extra == Some(true)), "{what}");
                let samples = colors + usize::from(has_alpha);
                for (nth, pixel) in pixels.chunks_exact(samples).take(7).enumerate() {
                    for (plane, &sample) in planes[..colors].iter().zip(pixel) {
                        let value = if model == Cmyk { 255 - plane[nth] } else { plane[nth] };
                        assert_eq!(sample, value, "{what}");
                    }
                }
            }
        }
    }
    let bitmap = psd(0, &[[0, 255, 0, 255, 0, 0, 255, 255]], 1, false, 0);
    assert_eq!(read(&bitmap), (Gray, false, vec![255, 0, 255, 0, 255, 255, 0, 0]));
}

#[test]
fn eps_and_pict_are_refused_by_name_with_a_command() {
    let mut pict = vec![0; 512];
    pict.extend([0, 0, 0, 0, 0, 0, 0, 48, 0, 64, 0, 0x11, 0x02, 0xff, 0x0c, 0, 0xff, 0xfe]);
    for (file, name, command) in [
        (&b"%!PS-Adobe-3.0 EPSF-3.0\n"[..], "PostScript is not accepted: ", "gs -dSAFER"),
        (b"\xc5\xd0\xd3\xc6\x20\0\0\0", "PostScript is not accepted: ", "gs -dSAFER"),
        (&pict, "PICT is not accepted: ", "magick in.pict out.png"),
    ] {
        let error = open(Cursor::new(file), file.len() as u64, 1 << 30).err().unwrap().to_string();
        assert!(error.starts_with(name) && error.contains(command), "{error}");
    }
}

#[test]
fn a_png_with_the_header_of_a_pict_in_its_data_is_a_png() {
    // PICT is recognised by the bytes after the first 512. In a PNG they are pixel data.
    let mut file = Cursor::new(Vec::new());
    let picture = RgbImage::from_fn(64, 64, |x, y| image::Rgb([x as u8, (x * y) as u8, y as u8]));
    DynamicImage::from(picture).write_to(&mut file, ImageFormat::Png).unwrap();
    let mut file = file.into_inner();
    file[522..528].copy_from_slice(&[0, 0x11, 0x02, 0xff, 0x0c, 0]);
    let opened = open(Cursor::new(&file), file.len() as u64, 1 << 30).unwrap();
    assert_eq!(opened.format.name, "PNG");
}
