//! Pairs of known origin, made of the samples.

use std::{io::Cursor, path::Path};

use compare::{Comparison, Decoded, Likeness, compare, decode, difference};
use image::{
    DynamicImage, ImageFormat, Rgba,
    codecs::jpeg::JpegEncoder,
    imageops::FilterType::{self, CatmullRom, Lanczos3, Triangle},
};

/// A part of a sample, four times as large as the pictures made of it.
fn sample(x: u32, y: u32) -> DynamicImage {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/dandelions.jpg");
    image::open(path).unwrap().crop_imm(400 + x, 300 + y, 1600, 1200)
}

fn scaled(image: &DynamicImage, kernel: FilterType) -> DynamicImage {
    image.resize_exact(image.width() / 4, image.height() / 4, kernel)
}

fn jpeg(image: &DynamicImage, quality: u8) -> Decoded {
    let mut bytes = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut bytes, quality);
    image.to_rgb8().write_with_encoder(encoder).unwrap();
    decode(&bytes).unwrap()
}

fn lossless(image: &DynamicImage, format: ImageFormat) -> Decoded {
    let mut bytes = Vec::new();
    image.write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    decode(&bytes).unwrap()
}

#[track_caller]
fn check(old: &Decoded, new: &Decoded, wanted: Likeness) -> Comparison {
    let found = compare(old, new).unwrap();
    assert_eq!(found.likeness, wanted, "{:?}", found.measures);
    found
}

#[test]
fn equal_pixels_are_equal_in_any_format() {
    let picture = scaled(&sample(0, 0), Lanczos3);
    let old = lossless(&picture, ImageFormat::Png);
    let found = check(&old, &lossless(&picture, ImageFormat::Bmp), Likeness::Equal);
    assert_eq!(found.measures.score, 100.0);
}

#[test]
fn other_qualities_are_encoder_only() {
    let picture = scaled(&sample(0, 0), Lanczos3);
    let old = jpeg(&picture, 85);
    let mut before = 100.0;
    for quality in [90, 75, 60, 40] {
        let score = check(&old, &jpeg(&picture, quality), Likeness::Encoder).measures.score;
        assert!(score < before, "{quality}: {score}");
        before = score;
    }
    check(&old, &lossless(&picture, ImageFormat::Png), Likeness::Encoder);
}

#[test]
fn other_kernels_are_resampling() {
    let picture = sample(0, 0);
    let old = jpeg(&scaled(&picture, Lanczos3), 85);
    let softer = check(&old, &jpeg(&scaled(&picture, Triangle), 85), Likeness::Resampling);
    assert!(softer.measures.gain < -0.02, "{:?}", softer.measures);
    let sharpened = scaled(&picture, Lanczos3).unsharpen(1.0, 0);
    let sharper = check(&old, &jpeg(&sharpened, 85), Likeness::Resampling);
    assert!(sharper.measures.gain > 0.1, "{:?}", sharper.measures);
    // Lossless files have no encoder to blame.
    let old = lossless(&scaled(&picture, Lanczos3), ImageFormat::Png);
    check(&old, &lossless(&scaled(&picture, CatmullRom), ImageFormat::Png), Likeness::Resampling);
}

#[test]
fn shifts_are_found_to_a_tenth_of_a_pixel() {
    let old = jpeg(&scaled(&sample(40, 40), Lanczos3), 85);
    // The part of the sample begins further to the left or above, so the picture moves to the right
    // or down; four pixels of the sample are one of the picture.
    for (x, y) in [(1, 0), (2, 2), (4, 0), (-4, 4), (0, -6), (8, 8), (-8, -7)] {
        let [left, above] = [40 - x, 40 - y].map(|start: i32| start as u32);
        let new = jpeg(&scaled(&sample(left, above), Lanczos3), 85);
        let shift = check(&old, &new, Likeness::Shifted).measures.shift;
        for (found, wanted) in [(shift.x, x), (shift.y, y)] {
            assert!((found - f64::from(wanted) / 4.0).abs() < 0.1, "{x}, {y}: {shift:?}");
        }
    }
    let far = jpeg(&scaled(&sample(24, 40), Lanczos3), 85);
    check(&old, &far, Likeness::Different);
}

#[test]
fn changed_colours_are_told_apart_from_another_picture() {
    let picture = scaled(&sample(0, 0), Lanczos3);
    let old = jpeg(&picture, 85);
    for changed in [picture.brighten(6), picture.adjust_contrast(12.0), picture.huerotate(20)] {
        check(&old, &jpeg(&changed, 85), Likeness::Colours);
    }
    check(&old, &jpeg(&picture.fliph(), 85), Likeness::Different);
    let mut marked = picture.to_rgba8();
    for (x, y) in (0..16).flat_map(|x| (0..16).map(move |y| (x, y))) {
        marked.put_pixel(200 + x, 100 + y, Rgba([255, 255, 255, 255]));
    }
    check(&old, &jpeg(&marked.into(), 85), Likeness::Different);
}

#[test]
fn alpha_is_compared_over_two_backgrounds() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/tulips.png");
    let picture = image::open(path).unwrap().resize(300, 300, Triangle);
    let old = lossless(&picture, ImageFormat::Png);
    let mut opaque = picture.to_rgba8();
    opaque.pixels_mut().for_each(|pixel| pixel.0[3] = 255);
    check(&old, &lossless(&opaque.into(), ImageFormat::Png), Likeness::Different);
    // Each of these is hidden by one of the backgrounds.
    for background in [0_u8, 255] {
        let mut flat = picture.to_rgba8();
        for pixel in flat.pixels_mut() {
            let [channels @ .., alpha] = &mut pixel.0;
            let part = f32::from(*alpha) / 255.0;
            for channel in channels {
                let mixed = f32::from(*channel) * part + f32::from(background) * (1.0 - part);
                *channel = mixed.round() as u8;
            }
            *alpha = 255;
        }
        check(&old, &lossless(&flat.into(), ImageFormat::Png), Likeness::Different);
    }
    // What is transparent has no colour.
    let mut hidden = picture.to_rgba8();
    for pixel in hidden.pixels_mut().filter(|pixel| pixel.0[3] == 0) {
        pixel.0 = [9, 200, 30, 0];
    }
    check(&old, &lossless(&hidden.into(), ImageFormat::Png), Likeness::Equal);
}

#[test]
fn pictures_of_any_size_are_compared() {
    for (width, height) in [(1, 1), (1, 40), (7, 7), (9, 3), (300, 2), (2, 3000)] {
        let picture = |value: u8| {
            let fill = Rgba([value, value, value, 255]);
            let image = image::RgbaImage::from_pixel(width, height, fill);
            lossless(&image.into(), ImageFormat::Png)
        };
        check(&picture(90), &picture(90), Likeness::Equal);
        let found = compare(&picture(90), &picture(200)).unwrap();
        // One colour of many cells can be another colour, or another picture.
        assert!(matches!(found.likeness, Likeness::Different | Likeness::Colours), "{found:?}");
        assert!(found.measures.score < 70.0, "{width} × {height}: {found:?}");
        assert!(!difference(&picture(90).picture, &picture(200).picture).unwrap().is_empty());
    }
}

#[test]
fn a_large_picture_has_the_score_of_its_worst_strip() {
    let picture = sample(0, 0).resize_exact(1600, 1300, Triangle);
    let (old, mut new) = (lossless(&picture, ImageFormat::Png), jpeg(&picture, 90));
    let fine = compare(&old, &new).unwrap().measures.score;
    let row = new.picture.width * 4;
    let (fresh, last) = (jpeg(&picture, 10).picture.rgba, 1000 * row);
    new.picture.rgba[last..].copy_from_slice(&fresh[last..]);
    let worst = compare(&old, &new).unwrap().measures.score;
    assert!(worst < fine - 30.0, "{fine}, {worst}");
}

#[test]
fn a_difference_is_black_where_pictures_are_equal() {
    let picture = |last: u8| {
        let grey = |x: u32, y: u32| if x >= 2900 && y >= 150 { last } else { 60 };
        let image = image::RgbaImage::from_fn(3000, 240, |x, y| {
            let grey = grey(x, y);
            Rgba([grey, grey, grey, 255])
        });
        lossless(&image.into(), ImageFormat::Png).picture
    };
    let jpeg = difference(&picture(60), &picture(70)).unwrap();
    let shown = image::load_from_memory(&jpeg).unwrap().to_rgb8();
    assert_eq!(shown.dimensions(), (1000, 80));
    let [first, last] = [(0, 0), (999, 79)].map(|(x, y)| shown.get_pixel(x, y).0[0]);
    assert!(first <= 2 && (38..=42).contains(&last), "{first}, {last}");
}
