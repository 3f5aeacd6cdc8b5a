//! What decoders make of `fixtures/`, against what other programs put in or read out.

use std::{fs, io::Cursor, path::Path};

use azulejo::{pyramid::Metadata, raster::ColorModel};
use image::DynamicImage;

use crate::{Opened, Unreadable, formats, picture::Picture};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

/// Opens a file as decoders see it.
fn opened(file: Vec<u8>) -> Result<Opened<'static>, Unreadable> {
    let (_, open) = formats::of(&file)?;
    let len = file.len() as u64;
    open(Box::new(Cursor::new(file)), len, 1 << 30)
}

/// A decoded picture: its size, samples of a pixel, samples, and metadata.
struct Decoded {
    size: (u32, u32),
    model: ColorModel,
    alpha: bool,
    data: Vec<u8>,
    metadata: Metadata,
}

fn decoded(name: &str) -> Decoded {
    let opened = opened(fixture(name)).unwrap();
    let Picture { size, pixel, metadata, rows, .. } = (opened.decode)().unwrap().upright().unwrap();
    let mut data = Vec::new();
    let each = rows.each(&mut |row| {
        data.extend_from_slice(row);
        Ok(())
    });
    each.unwrap();
    Decoded { size, model: pixel.model, alpha: pixel.alpha, data, metadata }
}

/// The samples of a PNG, with as many for a pixel as the decoded picture has.
fn reference(name: &str, decoded: &Decoded) -> Vec<u8> {
    let image = image::load_from_memory(&fixture(name)).unwrap();
    assert_eq!((image.width(), image.height()), decoded.size, "{name}");
    match (decoded.model, decoded.alpha) {
        (ColorModel::Grey, false) => image.into_luma8().into_raw(),
        (ColorModel::Grey, true) => image.into_luma_alpha8().into_raw(),
        (ColorModel::Rgb, false) => image.into_rgb8().into_raw(),
        (ColorModel::Rgb, true) | (ColorModel::Cmyk, _) => image.into_rgba8().into_raw(),
    }
}

/// The largest difference of two samples.
fn farthest(one: &[u8], other: &[u8]) -> u8 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, &b)| a.abs_diff(b)).max().unwrap_or(0)
}

#[test]
fn samples_are_those_that_other_programs_wrote_and_read() {
    for (name, expected, model, most) in [
        ("rgb.jp2", "rgb.png", ColorModel::Rgb, 0),
        ("rgba.jp2", "rgba.png", ColorModel::Rgb, 0),
        ("rgba.j2k", "rgba.png", ColorModel::Rgb, 0),
        ("grey16.j2k", "grey16.png", ColorModel::Grey, 0),
        ("inks.jp2", "inks.png", ColorModel::Cmyk, 0),
        ("lossy.jp2", "lossy-jp2.png", ColorModel::Rgb, 2),
        ("ycc.jp2", "ycc.png", ColorModel::Rgb, 2),
        ("rgb.jxl", "rgb.png", ColorModel::Rgb, 0),
        ("rgba.jxl", "rgba.png", ColorModel::Rgb, 0),
        ("grey16.jxl", "grey16.png", ColorModel::Grey, 0),
        ("frames.jxl", "frames.png", ColorModel::Rgb, 0),
        ("inks.jxl", "inks.png", ColorModel::Cmyk, 0),
        ("lossy.jxl", "lossy-jxl.png", ColorModel::Rgb, 2),
        ("turned.jxl", "turned-jxl.png", ColorModel::Rgb, 2),
    ] {
        let decoded = decoded(name);
        let difference = farthest(&decoded.data, &reference(expected, &decoded));
        println!("{name}: {difference}");
        assert!(difference <= most, "{name}: {difference}");
        assert_eq!(decoded.model, model, "{name}");
        assert_eq!(decoded.alpha, name.starts_with("rgba"), "{name}");
    }
}

#[test]
fn premultiplied_colours_become_straight() {
    for name in ["premultiplied.jp2", "premultiplied.jxl"] {
        let mut decoded = decoded(name);
        let reference = reference("premultiplied.png", &decoded);
        let bright = decoded.data.iter().zip(&reference).filter(|(ours, theirs)| ours > theirs);
        assert!(bright.count() > 1000, "{name}: colours are brighter where alpha is thin");
        for pixel in decoded.data.chunks_exact_mut(4) {
            let alpha = u32::from(pixel[3]);
            pixel[..3].iter_mut().for_each(|c| *c = ((u32::from(*c) * alpha + 127) / 255) as u8);
        }
        let difference = farthest(&decoded.data, &reference);
        assert!(difference <= 1, "{name}: {difference}");
    }
}

#[test]
fn pictures_are_turned_once_whatever_tells_it() {
    let turned = decoded("turned.jp2");
    let upright = image::load_from_memory(&fixture("rgb.png")).unwrap().rotate90();
    assert_eq!(turned.size, (47, 61));
    assert_eq!(turned.data, DynamicImage::into_rgb8(upright).into_raw());
    assert!((turned.metadata.resolution.unwrap() - 300.0).abs() < 0.01);
    for turned in [turned, decoded("turned.jxl")] {
        assert_eq!(turned.size, (47, 61));
        assert_eq!(turned.metadata.orientation, None);
        let xmp = String::from_utf8(turned.metadata.xmp.unwrap()).unwrap();
        assert!(xmp.contains("tiff:Orientation=\"1\""), "{xmp}");
        let icc = turned.metadata.icc.unwrap();
        assert!(crate::fits(&icc, ColorModel::Rgb));
    }
}

#[test]
fn what_bright_screens_show_is_brought_to_srgb() {
    let bright = decoded("bright.jxl");
    let reference = reference("rgb.png", &bright);
    let mean = |data: &[u8], color: usize| {
        data.iter().skip(color).step_by(3).map(|&v| f64::from(v)).sum::<f64>()
    };
    for color in 0..3 {
        // White is 203 of the 255 candelas that sRGB is taken for: a tenth darker, in no hue.
        let ratio = mean(&bright.data, color) / mean(&reference, color);
        assert!((0.88..0.92).contains(&ratio), "{color}: {ratio}");
    }
}

#[test]
fn a_file_that_ends_too_early_is_an_error_not_half_a_picture() {
    for name in ["rgb.jp2", "grey16.j2k", "rgb.jxl", "lossy.jxl", "turned.jxl"] {
        let whole = fixture(name);
        for len in [13, whole.len() / 3, whole.len() - 40, whole.len() - 1] {
            let cut = whole[..len].to_vec();
            let made = opened(cut).and_then(|opened| (opened.decode)().map(drop));
            assert!(made.is_err(), "{name}: {len} of {} bytes", whole.len());
        }
    }
}
