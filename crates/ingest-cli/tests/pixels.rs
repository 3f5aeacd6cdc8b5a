//! Pyramids have the pixels that other programs read from the originals.

use crate::support;

use std::{fs, path::Path};

use support::{
    Store, corpus,
    programs::{installed, output_of},
};

/// The mean of the squared differences of two pictures' samples, as libvips reads them.
fn difference(one: &Path, other: &Path, folder: &Path) -> f64 {
    let raw = |file: &Path, name: &str| {
        // What colour has a pixel that is not seen is nobody's business.
        let [seen, out] = ["seen.v", name].map(|name| folder.join(name));
        output_of("vips", &["premultiply", file.to_str().unwrap(), seen.to_str().unwrap()]);
        output_of("vips", &["cast", seen.to_str().unwrap(), out.to_str().unwrap(), "uchar"]);
        fs::read(out).unwrap()
    };
    let (one, other) = (raw(one, "one.v"), raw(other, "other.v"));
    // Width, height, bands, bits and format stand in the header.
    assert_eq!(one[4..24], other[4..24], "size, bands and depth");
    let len = (0..3).map(|at| u32::from_le_bytes(*one[4 + 4 * at..].first_chunk().unwrap()));
    let len = len.product::<u32>() as usize;
    let pairs = one[64..64 + len].iter().zip(&other[64..64 + len]);
    let sum: u64 = pairs.map(|(&a, &b)| u64::from(a.abs_diff(b)).pow(2)).sum();
    sum as f64 / len as f64
}

#[test]
fn cmyk_of_jpeg_stays_cmyk_as_libvips_reads_it() {
    let Some(corpus) = corpus() else { return };
    if !installed("vips") {
        return;
    }
    let store = Store::new();
    for name in [
        "CMYK.jpg",
        "Channel_digital_image_CMYK_color.jpg",
        "Channel_digital_image_CMYK_color_no_profile.jpg",
        "flower_small.cmyk.jpg",
        "jpg-ycck.jpg",
        "pil_sample_cmyk.jpg",
    ] {
        let original = corpus.join("cmyk").join(name);
        let made = store.pyramid(&original);
        assert_eq!(support::inspected(&made)["colors"], "CMYK", "{name}");
        let difference = difference(&original, &made, store.0.path());
        assert!(difference < 32.0, "{name}: {difference}");
    }
}

#[test]
fn webp_and_the_first_frame_of_gif_are_what_libvips_makes_of_them() {
    let Some(corpus) = corpus() else { return };
    if !installed("vips") {
        return;
    }
    let store = Store::new();
    let decoded = store.0.path().join("decoded.png");
    // Of the pixels that libvips decodes the same pyramid is made: what differs is the decoders'.
    // Those of lossy files smooth colours in their own ways.
    for (name, most) in [
        ("webp/simple-rgb.webp", 1.0),
        ("webp/simple-gray.webp", 1.0),
        ("webp/4.webp", 1.0),
        ("webp/1.webp", 1.0),
        ("webp/5_webp_a.webp", 1.0),
        ("webp/lossy_alpha.webp", 1.0),
        ("webp/2-color.webp", 0.0),
        ("webp/multi-color.webp", 0.0),
        ("anim/rotating-squares.webp", 0.0),
        ("anim/rotating-squares.gif", 0.0),
        ("anim/cogs.gif", 0.0),
        ("anim/interlaced.gif", 0.0),
        ("anim/dispose-background.gif", 0.0),
        ("anim/large-gif-anim-full-frame-replace.gif", 0.0),
    ] {
        let original = corpus.join(name);
        output_of("vips", &["copy", original.to_str().unwrap(), decoded.to_str().unwrap()]);
        let (made, reference) = (store.pyramid(&original), store.pyramid(&decoded));
        let difference = difference(&made, &reference, store.0.path());
        println!("{name}: {difference:.2}");
        assert!(difference <= most, "{name}: {difference}");
    }
}

#[test]
fn a_photoshop_file_is_what_imagemagick_makes_of_it() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    let original = corpus.join("psd/hopper.psd");
    let composite = store.0.path().join("composite.png");
    let first = format!("{}[0]", original.display());
    if !installed("vips") || !installed("convert") {
        return;
    }
    output_of("convert", &[&first, composite.to_str().unwrap()]);
    let difference = difference(&composite, &store.pyramid(&original), store.0.path());
    assert!(difference < 32.0, "{difference}");
    for (name, colors, alpha) in [
        ("transparentbg.psd", "RGB", "straight"),
        ("transparentbg.psb", "RGB", "straight"),
        ("cmyk-spot.psd", "CMYK", ""),
        // A saved selection is no transparency.
        ("4x4_8bit_rgba.psd", "RGB", ""),
        ("../wild/psd-saved-selection.psd", "RGB", ""),
        ("../wild/psd-transparency.psd", "RGB", "straight"),
        ("../wild/rgb-multichannel-no-transparency.psb", "RGB", ""),
        ("4x4_16bit_grayscale.psd", "grey", ""),
        ("4x4_8bit_index_color.psd", "RGB", ""),
    ] {
        let inspected = support::inspected(&store.pyramid(&corpus.join("psd").join(name)));
        assert_eq!(inspected["colors"], colors, "{name}");
        assert_eq!(inspected["alpha"].as_str().unwrap_or_default(), alpha, "{name}");
    }
}
