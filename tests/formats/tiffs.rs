//! TIFF replies.

use super::{
    Picture, flat,
    readers::{File, imagemagick, pillow, report, run},
    reply, smooth, store,
};
use crate::skip::skip;

/// The samples that libtiff and libvips read.
fn vips(file: &File) -> Option<Vec<u8>> {
    let raw = File::new(&[], "raw");
    let done = run("vips", &["rawsave", file.path(), raw.path()])?;
    let complaint = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && complaint.is_empty(), "{complaint}");
    Some(std::fs::read(raw.path()).unwrap())
}

/// Writes the samples that tifffile, a reader of its own, decodes.
const TIFFFILE: &str = "import sys, imagecodecs, tifffile
with tifffile.TiffFile(sys.argv[1]) as file:
    open(sys.argv[2], 'wb').write(file.pages[0].asarray().tobytes())";

fn tifffile(file: &File) -> Option<Vec<u8>> {
    if !run("python3", &["-c", "import tifffile, imagecodecs"])
        .is_some_and(|done| done.status.success())
    {
        skip("tifffile", "Python has none with imagecodecs");
        return None;
    }
    let raw = File::new(&[], "raw");
    report("python3", &["-c", TIFFFILE, file.path(), raw.path()])?;
    Some(std::fs::read(raw.path()).unwrap())
}

const COMPRESSIONS: [(&str, &str); 3] = [("", "None"), ("lzw", "LZW"), ("zip", "AdobeDeflate")];

#[test]
fn lossless_files_hold_the_pixels() {
    let store = store();
    let rgb = |picture: &Picture| picture.rgba().iter().flat_map(|p| [p[0], p[1], p[2]]).collect();
    for (name, picture) in [("flat", flat()), ("smooth", smooth())] {
        let pixels: Vec<u8> = rgb(&picture);
        for (word, libtiffs) in COMPRESSIONS {
            let reply = reply(&store, &format!("Test/{name}?scl=1&fmt=tif,,{word}&printRes=300"));
            assert_eq!(reply.header("content-type"), Some("image/tiff"));
            let file = File::new(&reply.body, "tif");
            if let Some(text) = report("tiffinfo", &["-s", file.path()]) {
                assert!(text.contains(&format!("Compression Scheme: {libtiffs}")), "{text}");
                assert!(text.contains("Resolution: 300, 300 pixels/inch"), "{text}");
            }
            report("exiftool", &["-warning", "-error", file.path()]);
            for theirs in [vips(&file), tifffile(&file), pillow(&file, "RGB").map(|(_, data)| data)]
            {
                assert!(theirs.is_none_or(|theirs| theirs == pixels), "{name} {word}");
            }
        }
    }
}

#[test]
fn alpha_and_the_colours_below_it_are_those_of_png() {
    let store = store();
    let png = File::new(&reply(&store, "Test/disc?scl=1&fmt=png-alpha").body, "png");
    let Some((_, wanted)) = pillow(&png, "RGBA") else { return };
    for (word, _) in COMPRESSIONS {
        let body = reply(&store, &format!("Test/disc?scl=1&fmt=tif-alpha,,{word}")).body;
        let file = File::new(&body, "tif");
        for theirs in [vips(&file), tifffile(&file), pillow(&file, "RGBA").map(|(_, data)| data)] {
            assert!(theirs.is_none_or(|theirs| theirs == wanted), "{word}");
        }
    }
    // JPEG has no alpha, so it is not used (r-is-http-fmt).
    let jpeg = reply(&store, "Test/disc?scl=1&fmt=tif-alpha,,jpeg").body;
    assert!(jpeg == reply(&store, "Test/disc?scl=1&fmt=tif-alpha").body);
}

#[test]
fn grey_and_inks_are_read_as_such() {
    let store = store();
    for (word, _) in COMPRESSIONS {
        let file = |model: &str| {
            File::new(
                &reply(&store, &format!("Test/smooth?scl=1&fmt=tif,{model},{word}")).body,
                "tif",
            )
        };
        let (grey, inks) = (file("gray"), file("cmyk"));
        let png = reply(&store, "Test/smooth?scl=1&fmt=png,gray").body;
        let png = pillow(&File::new(&png, "png"), "L").map(|(_, data)| data);
        if let (Some(theirs), Some(wanted)) = (vips(&grey), png) {
            assert!(theirs == wanted, "{word}");
        }
        // The naive conversion back.
        let rgb = smooth().data;
        for theirs in [vips(&inks), tifffile(&inks)].into_iter().flatten() {
            for (inks, rgb) in theirs.chunks_exact(4).zip(rgb.chunks_exact(3)) {
                let back = [0, 1, 2].map(|nth| {
                    ((255 - u32::from(inks[nth])) * (255 - u32::from(inks[3])) + 127) / 255
                });
                assert!(back.iter().zip(rgb).all(|(a, b)| a.abs_diff(u32::from(*b)) <= 1));
            }
        }
    }
}

/// The worst and the mean difference of two lists of samples.
fn differences(one: &[u8], other: &[u8]) -> (u8, f64) {
    assert_eq!(one.len(), other.len());
    let apart = || one.iter().zip(other).map(|(a, b)| a.abs_diff(*b));
    (apart().max().unwrap_or(0), apart().map(f64::from).sum::<f64>() / one.len() as f64)
}

#[test]
fn jpeg_strips_are_as_good_as_a_jpeg() {
    let store = store();
    // Several strips, and a last one that is lower.
    let large =
        Picture::of(1500, 133, 3, |x, y| [(x / 6) as u8, y as u8 + 60, ((x + y) / 8) as u8, 255]);
    store.put("assets/Test/large.tif", large.pyramid());
    for query in [
        "fmt=tif,,jpeg&qlt=95,1",
        "fmt=tif,,jpeg&qlt=95",
        "fmt=tif,gray,jpeg&qlt=95",
        "fmt=tif,cmyk,jpeg&qlt=95",
    ] {
        let file = File::new(&reply(&store, &format!("Test/large?scl=1&{query}")).body, "tif");
        if let Some(text) = report("tiffinfo", &["-s", file.path()]) {
            assert!(text.contains("Compression Scheme: JPEG"), "{text}");
            assert!(text.contains(" Strips:") && !text.contains(" 1 Strips:"), "{text}");
        }
        let exact = query.replace(",jpeg&", ",zip&");
        let exact = File::new(&reply(&store, &format!("Test/large?scl=1&{exact}")).body, "tif");
        for (theirs, exact) in
            [(vips(&file), vips(&exact)), (imagemagick(&file, "rgb"), imagemagick(&exact, "rgb"))]
        {
            if let (Some(theirs), Some(exact)) = (theirs, exact) {
                let (worst, mean) = differences(&theirs, &exact);
                assert!(worst < 24 && mean < 2.0, "{query}: {worst}, {mean:.2}");
            }
        }
    }
}

/// What does not compress is stored as it is.
#[test]
fn noise_is_not_longer_than_its_pixels() {
    let store = store();
    let noise = Picture::of(300, 200, 3, |x, y| {
        (y * 300 + x)
            .wrapping_mul(2_654_435_761)
            .rotate_left(9)
            .wrapping_mul(2_246_822_519)
            .to_le_bytes()
    });
    store.put("assets/Test/noise.tif", noise.pyramid());
    for word in ["lzw", "zip"] {
        let body = reply(&store, &format!("Test/noise?scl=1&fmt=tif,,{word}")).body;
        assert!(body.len() < noise.data.len() + 500, "{word}: {}", body.len());
        let file = File::new(&body, "tif");
        for theirs in [vips(&file), tifffile(&file)] {
            assert!(theirs.is_none_or(|theirs| theirs == noise.data), "{word}");
        }
    }
}

#[test]
fn files_of_all_shapes_are_exact() {
    let store = store();
    for (width, height) in [(1, 1), (1, 700), (700, 1), (17, 31)] {
        let picture = Picture::of(width, height, 3, |x, y| [x as u8, y as u8, (x * y) as u8, 255]);
        store.put("assets/Test/shape.tif", picture.pyramid());
        for (word, _) in COMPRESSIONS {
            let body = reply(&store, &format!("Test/shape?scl=1&fmt=tif,,{word}")).body;
            let file = File::new(&body, "tif");
            for theirs in [vips(&file), tifffile(&file), pillow(&file, "RGB").map(|(_, data)| data)]
            {
                assert!(
                    theirs.is_none_or(|theirs| theirs == picture.data),
                    "{width} × {height} {word}"
                );
            }
        }
        reply(&store, "Test/shape?scl=1&fmt=tif,,jpeg");
    }
}

/// The tags of the first directory of a little-endian TIFF.
fn tags(file: &[u8]) -> Vec<u16> {
    let short = |at: usize| u16::from_le_bytes([file[at], file[at + 1]]);
    let at = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    (0..usize::from(short(at))).map(|nth| short(at + 2 + 12 * nth)).collect()
}

/// TIFF 6.0, page 15: the entries of a directory are in ascending order by tag.
#[test]
fn a_directory_has_each_tag_once_and_in_order() {
    let store = store();
    for form in ["tif", "tif,,lzw", "tif,,zip", "tif,,jpeg", "tif,gray", "tif,cmyk", "tif-alpha"] {
        for (embed, has_profile) in [("", false), ("&icc=AdobeRGB&iccEmbed=1", true)] {
            if has_profile && form.contains("cmyk") {
                continue;
            }
            let query = format!("Test/smooth?scl=1&fmt={form}{embed}");
            let tags = tags(&reply(&store, &query).body);
            assert!(tags.windows(2).all(|pair| pair[0] < pair[1]), "{query}: {tags:?}");
            assert_eq!(tags.contains(&34675), has_profile, "{query}");
        }
    }
}
