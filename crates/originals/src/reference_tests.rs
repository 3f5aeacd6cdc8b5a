//! Compares decoded `fixtures/` with what other programs wrote or read.

use std::{fs, io::Cursor, path::Path};

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::ColorModel,
    pyramid::Metadata,
};
use image::DynamicImage;

use crate::{Opened, Unreadable, formats, picture::Picture};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)).unwrap()
}

/// Opens a file with the decoder of its format.
fn opened(file: Vec<u8>) -> Result<Opened<'static>, Unreadable> {
    let (_, open) = formats::detect(&file)?;
    let len = file.len() as u64;
    open(Box::new(Cursor::new(file)), len, 1 << 30)
}

/// A decoded, upright picture.
struct Decoded {
    size: Size<SourceSpace>,
    model: ColorModel,
    alpha: bool,
    data: Vec<u8>,
    metadata: Metadata,
}

fn decoded(name: &str) -> Decoded {
    let opened = opened(fixture(name)).unwrap();
    let mut metadata = opened.metadata;
    let picture = (opened.decode)().unwrap().upright(&mut metadata).unwrap();
    let Picture { size, pixel, rows, .. } = picture;
    let mut data = Vec::new();
    let read = rows.for_each_row(&mut |row| {
        data.extend_from_slice(row);
        Ok(())
    });
    read.unwrap();
    Decoded { size, model: pixel.model, alpha: pixel.alpha, data, metadata }
}

/// The samples of a PNG, converted to the pixel type of the decoded picture.
fn reference(name: &str, decoded: &Decoded) -> Vec<u8> {
    let image = image::load_from_memory(&fixture(name)).unwrap();
    assert_eq!(Size::new(image.width(), image.height()), decoded.size, "{name}");
    match (decoded.model, decoded.alpha) {
        (ColorModel::Gray, false) => image.into_luma8().into_raw(),
        (ColorModel::Gray, true) => image.into_luma_alpha8().into_raw(),
        (ColorModel::Rgb, false) => image.into_rgb8().into_raw(),
        (ColorModel::Rgb, true) | (ColorModel::Cmyk, _) => image.into_rgba8().into_raw(),
    }
}

/// The largest difference between two samples at the same place.
fn largest_difference(one: &[u8], other: &[u8]) -> u8 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, &b)| a.abs_diff(b)).max().unwrap_or(0)
}

#[test]
fn decoded_samples_equal_what_other_programs_wrote_and_read() {
    for (name, expected, model, tolerance) in [
        ("rgb.jp2", "rgb.png", ColorModel::Rgb, 0),
        ("rgba.jp2", "rgba.png", ColorModel::Rgb, 0),
        ("rgba.j2k", "rgba.png", ColorModel::Rgb, 0),
        ("grey16.j2k", "grey16.png", ColorModel::Gray, 0),
        ("cmyk.jp2", "cmyk.png", ColorModel::Cmyk, 0),
        ("lossy.jp2", "lossy-jp2.png", ColorModel::Rgb, 2),
        ("ycc.jp2", "ycc.png", ColorModel::Rgb, 2),
        ("rgb.jxl", "rgb.png", ColorModel::Rgb, 0),
        ("rgba.jxl", "rgba.png", ColorModel::Rgb, 0),
        ("grey16.jxl", "grey16.png", ColorModel::Gray, 0),
        ("frames.jxl", "frames.png", ColorModel::Rgb, 0),
        ("cmyk.jxl", "cmyk.png", ColorModel::Cmyk, 0),
        ("lossy.jxl", "lossy-jxl.png", ColorModel::Rgb, 2),
        ("rotated.jxl", "rotated-jxl.png", ColorModel::Rgb, 2),
    ] {
        let decoded = decoded(name);
        let difference = largest_difference(&decoded.data, &reference(expected, &decoded));
        println!("{name}: {difference}");
        assert!(difference <= tolerance, "{name}: {difference}");
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
        let difference = largest_difference(&decoded.data, &reference);
        assert!(difference <= 1, "{name}: {difference}");
    }
}

#[test]
fn an_orientation_is_applied_once_whatever_states_it() {
    let rotated = decoded("rotated.jp2");
    let upright = image::load_from_memory(&fixture("rgb.png")).unwrap().rotate90();
    assert_eq!(rotated.size, Size::new(47, 61));
    assert_eq!(rotated.data, DynamicImage::into_rgb8(upright).into_raw());
    assert!((rotated.metadata.resolution.unwrap() - 300.0).abs() < 0.01);
    for rotated in [rotated, decoded("rotated.jxl")] {
        assert_eq!(rotated.size, Size::new(47, 61));
        assert_eq!(rotated.metadata.orientation, None);
        let xmp = String::from_utf8(rotated.metadata.xmp.unwrap()).unwrap();
        assert!(xmp.contains("tiff:Orientation=\"1\""), "{xmp}");
        let icc = rotated.metadata.icc.unwrap();
        assert!(matches!(
            crate::Profile::of(Some(&icc), ColorModel::Rgb),
            crate::Profile::Embedded(_)
        ));
    }
}

#[test]
fn an_hdr_picture_is_converted_to_srgb() {
    let hdr = decoded("hdr.jxl");
    let reference = reference("rgb.png", &hdr);
    let mean = |data: &[u8], color: usize| {
        data.iter().skip(color).step_by(3).map(|&v| f64::from(v)).sum::<f64>()
    };
    for color in 0..3 {
        // White is 203 cd/m² and the decoder takes sRGB white for 255 cd/m²: a tenth darker, in all
        // channels alike.
        let ratio = mean(&hdr.data, color) / mean(&reference, color);
        assert!((0.88..0.92).contains(&ratio), "{color}: {ratio}");
    }
}

#[test]
fn a_file_that_ends_too_early_is_an_error_not_half_a_picture() {
    for name in ["rgb.jp2", "grey16.j2k", "rgb.jxl", "lossy.jxl", "rotated.jxl"] {
        let whole = fixture(name);
        for len in [13, whole.len() / 3, whole.len() - 40, whole.len() - 1] {
            let cut = whole[..len].to_vec();
            let made = opened(cut).and_then(|opened| (opened.decode)().map(drop));
            assert!(made.is_err(), "{name}: {len} of {} bytes", whole.len());
        }
    }
}
