//! What is decoded of replies, and what is said of others.

use std::{fs, io::Cursor, path::PathBuf};

use compare::{
    Decoded, Picture,
    Undecoded::{Damaged, NotPicture, Unsupported},
    decode, media_type, unify,
};
use image::{ImageFormat, Rgba, RgbaImage};

use crate::skip::skip;

fn corpus(name: &str) -> Option<Vec<u8>> {
    let corpus = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/corpus"));
    if !corpus.is_dir() {
        skip("corpus", &format!("{} is not here", corpus.display()));
        return None;
    }
    Some(fs::read(corpus.join(name)).unwrap())
}

fn file(format: ImageFormat) -> Vec<u8> {
    let colours = |x, y| Rgba([x as u8 * 20, y as u8 * 30, 90, 255]);
    let image = RgbaImage::from_fn(12, 8, colours);
    let mut bytes = Vec::new();
    let mut out = Cursor::new(&mut bytes);
    let image = image::DynamicImage::from(image);
    // JPEG has no alpha.
    let is_jpeg = format == ImageFormat::Jpeg;
    let image = if is_jpeg { image.into_rgb8().into() } else { image };
    image.write_to(&mut out, format).unwrap();
    bytes
}

#[test]
fn formats_are_known_by_their_first_bytes() {
    for (format, name) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::Gif, "image/gif"),
        (ImageFormat::WebP, "image/webp"),
        (ImageFormat::Bmp, "image/bmp"),
    ] {
        let bytes = file(format);
        assert_eq!(media_type(&bytes), Some(name));
        let picture = decode(&bytes).unwrap().picture;
        assert_eq!((picture.width, picture.height, picture.rgba.len()), (12, 8, 12 * 8 * 4));
    }
    for (bytes, name) in [
        (&b"II*\0\x08\0\0\0"[..], "image/tiff"),
        (b"\0\0\0\x1cftypavif\0\0\0\0", "image/avif"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "image/jp2"),
        (b"%PDF-1.7\n", "application/pdf"),
    ] {
        assert_eq!(media_type(bytes), Some(name));
        assert!(
            matches!(decode(bytes), Err(Unsupported(why)) if why.ends_with("not decoded here"))
        );
    }
    assert_eq!((media_type(b"image.size=9"), decode(b"image.size=9")), (None, Err(NotPicture)));
    assert_eq!(decode(b""), Err(NotPicture));
}

#[test]
fn damage_is_told_wherever_it_is() {
    for format in [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP, ImageFormat::Bmp] {
        let whole = file(format);
        for len in 12..whole.len() - 20 {
            let decoded = decode(&whole[..len]);
            assert!(matches!(decoded, Err(Damaged(_))), "{format:?}, {len} bytes: {decoded:?}");
        }
    }
    // A JPEG that was cut off may be shown in part, as browsers do.
    let whole = file(ImageFormat::Jpeg);
    for len in 3..whole.len() {
        let decoded = decode(&whole[..len]);
        assert!(matches!(decoded, Err(Damaged(_)) | Ok(_)), "{len} bytes: {decoded:?}");
    }
    assert!(matches!(decode(b"\xff\xd8\xff\xe0garbage"), Err(Damaged(_))));
}

#[test]
fn a_picture_that_is_too_large_is_told_before_it_is_decoded() {
    // The header of a BMP of 40,000 × 40,000 pixels.
    let mut bmp = file(ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&40_000_u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&40_000_u32.to_le_bytes());
    let wanted = Unsupported("40000 × 40000 pixels are more than 32 million".to_owned());
    assert_eq!(decode(&bmp), Err(wanted));
}

#[test]
fn animations_are_not_compared() {
    for (name, format) in [
        ("anim/animated-loop-3.gif", "GIF"),
        ("anim/animated-loop-3.webp", "WebP"),
        ("anim/ball.png", "PNG"),
    ] {
        let Some(bytes) = corpus(name) else { return };
        assert_eq!(decode(&bytes), Err(Unsupported(format!("an animated {format}"))), "{name}");
    }
}

#[test]
fn inks_are_told_apart() {
    for (name, cmyk) in [
        ("cmyk/CMYK.jpg", true),
        ("cmyk/jpg-ycck.jpg", true),
        ("cmyk/jpg-icc-chunked.jpg", false),
        ("photos/jared-evans-119758.jpg", false),
    ] {
        let Some(bytes) = corpus(name) else { return };
        let decoded = decode(&bytes);
        let Ok(Decoded { cmyk: found, profile, .. }) = decoded else { panic!("{name}") };
        assert_eq!(found, cmyk, "{name}");
        // That RGB file names a profile of inks, which must not be applied.
        assert!(profile.is_none() || !name.starts_with("cmyk/"), "{name}");
    }
}

#[test]
fn pictures_are_upright() {
    let Some(upright) = corpus("orientation/Landscape_1.jpg") else { return };
    let upright = decode(&upright).unwrap().picture;
    for number in 2..=8 {
        let turned = corpus(&format!("orientation/Landscape_{number}.jpg")).unwrap();
        let turned = decode(&turned).unwrap().picture;
        assert_eq!((turned.width, turned.height), (upright.width, upright.height), "{number}");
    }
}

#[test]
fn pictures_with_different_profiles_are_compared_in_srgb() {
    let Some(bytes) = corpus("gamut/P3-sRGB-blue.png") else { return };
    let decoded = decode(&bytes).unwrap();
    let plain = Decoded { profile: None, ..decoded.clone() };
    let (mut one, mut other) = (decoded.clone(), decoded.clone());
    assert!(!unify(&mut one, &mut other), "one profile: nothing to do");
    assert_eq!(one, decoded);
    let mut other = plain.clone();
    assert!(unify(&mut one, &mut other));
    assert_eq!(other, plain, "without a profile it is sRGB");
    assert!(one.picture != plain.picture && one.profile.is_none());
}

#[test]
fn a_damaged_profile_is_no_obstacle() {
    let rgba = vec![200; 16 * 16 * 4];
    let picture = Picture { width: 16, height: 16, rgba };
    let mut old = decode(&file(ImageFormat::Png)).unwrap();
    old.picture = picture;
    let mut new = Decoded { profile: Some(b"no profile RGB ".repeat(20)), ..old.clone() };
    assert!(unify(&mut old, &mut new));
    assert_eq!(old.picture, new.picture);
}
