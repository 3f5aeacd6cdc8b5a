//! GIF and PNG with a palette.

use super::{
    Picture, disc, flat,
    readers::{File, imagemagick, pillow, report},
    refusal, reply, smooth, store,
};

/// The formats: the name, the same with alpha, the MIME type, the extension.
const FORMATS: [(&str, &str, &str, &str); 2] =
    [("gif", "gif-alpha", "image/gif", "gif"), ("png8", "png8-alpha", "image/png", "png")];

/// Checks the structure of a file with programs that do nothing else.
fn check(file: &File, extension: &str) {
    match extension {
        "gif" => {
            report("gifsicle", &["--info", file.path()]);
        }
        _ => {
            report("pngcheck", &["-v", file.path()]);
        }
    }
    report("exiftool", &["-validate", "-warning", file.path()]);
}

/// The pixels as Pillow and ImageMagick read them, and as one of them does at least.
fn decoded(file: &File) -> Option<Vec<[u8; 4]>> {
    let pixels = |bytes: Vec<u8>| bytes.as_chunks().0.to_vec();
    let theirs = pillow(file, "RGBA").map(|(_, bytes)| pixels(bytes));
    let others = imagemagick(file, "rgba").map(pixels);
    if let (Some(theirs), Some(others)) = (&theirs, &others) {
        // Colours that nobody sees may differ.
        let seen = |pixels: &[[u8; 4]]| {
            let pixel = |pixel: &[u8; 4]| if pixel[3] == 0 { [0; 4] } else { *pixel };
            pixels.iter().map(pixel).collect::<Vec<_>>()
        };
        assert!(seen(theirs) == seen(others), "Pillow and ImageMagick differ");
    }
    theirs.or(others)
}

#[test]
fn pictures_of_few_colours_are_exact() {
    let (store, flat) = (store(), flat().rgba());
    for (name, alpha_name, mime, extension) in FORMATS {
        for query in [
            format!("fmt={name}"),
            format!("fmt={alpha_name}"),
            format!("fmt={name}&quantize=adaptive,diffuse,200"),
            format!("fmt={name}&quantize=adaptive,off,256,ff0000,00ff01"),
        ] {
            let reply = reply(&store, &format!("Test/flat?scl=1&{query}"));
            assert_eq!(reply.header("content-type"), Some(mime));
            let file = File::new(&reply.body, extension);
            check(&file, extension);
            if let Some(pixels) = decoded(&file) {
                assert!(pixels == flat, "{query}");
            }
        }
    }
}

/// From one pixel to long rows; two, four and sixteen colours, which PNG packs.
#[test]
fn pictures_of_all_shapes_are_exact() {
    let store = store();
    for (width, height, colors) in
        [(1, 1, 1), (1, 300, 2), (300, 1, 3), (33, 7, 4), (31, 9, 16), (255, 3, 17), (5, 700, 255)]
    {
        let picture = Picture::of(width, height, 3, |x, y| {
            let nth = (x * 3 + y * 5) % colors;
            [nth as u8, 255 - nth as u8, (nth * 3 % 256) as u8, 255]
        });
        store.put("assets/Test/shape.tif", picture.pyramid());
        for (name, _, _, extension) in FORMATS {
            let reply = reply(&store, &format!("Test/shape?scl=1&fmt={name}"));
            let file = File::new(&reply.body, extension);
            check(&file, extension);
            if let Some(pixels) = decoded(&file) {
                assert!(pixels == picture.rgba(), "{name}, {width} × {height}");
            }
        }
    }
}

/// The mean squared difference of the colours.
fn error(one: &[[u8; 4]], other: &[[u8; 4]]) -> f64 {
    let pairs = one.iter().zip(other);
    let squares = pairs.flat_map(|(a, b)| {
        (0..3).map(|nth| {
            (f64::from(a[nth]) - f64::from(b[nth])) * (f64::from(a[nth]) - f64::from(b[nth]))
        })
    });
    squares.sum::<f64>() / (3 * one.len()) as f64
}

/// The same number of colours by ImageMagick, without dithering. Ours must not be worse.
#[test]
fn pictures_of_many_colours_are_as_near_as_those_of_imagemagick() {
    let (store, picture) = (store(), smooth());
    for colors in [16, 64, 256] {
        let query = format!("Test/smooth?scl=1&fmt=gif&quantize=adaptive,off,{colors}");
        let file = File::new(&reply(&store, &query).body, "gif");
        check(&file, "gif");
        let Some(ours) = decoded(&file) else { return };
        let whole = File::new(&reply(&store, "Test/smooth?scl=1&fmt=png").body, "png");
        let made = File::new(&[], "png");
        let count = colors.to_string();
        let arguments =
            [whole.path(), "+dither", "-colors", &count, &format!("png:{}", made.path())];
        if report("convert", &arguments).is_none() {
            return;
        }
        let Some(theirs) = imagemagick(&made, "rgba") else { return };
        let theirs = error(&picture.rgba(), theirs.as_chunks().0);
        let ours = error(&picture.rgba(), &ours);
        assert!(ours <= theirs * 1.02, "{colors} colours: {ours:.2}, ImageMagick's {theirs:.2}");
    }
}

#[test]
fn predefined_palettes_and_forced_colours_are_all_that_is_there() {
    let store = store();
    let count = |query: &str| {
        let file = File::new(&reply(&store, query).body, "gif");
        check(&file, "gif");
        let mut pixels = decoded(&file)?;
        pixels.sort_unstable();
        pixels.dedup();
        Some(pixels)
    };
    if let Some(pixels) = count("Test/smooth?scl=1&fmt=gif&quantize=web") {
        assert!(pixels.len() > 8);
        assert!(pixels.iter().all(|pixel| pixel[..3].iter().all(|value| value % 51 == 0)));
    }
    if let Some(pixels) = count("Test/smooth?scl=1&fmt=gif&quantize=mac,off") {
        assert!(pixels.iter().all(|pixel| pixel[..3].iter().all(|value| value % 17 == 0)));
    }
    // The example of r-is-http-quantize.
    let query = "Test/disc?scl=1&fmt=gif-alpha&quantize=adaptive,off,2,000000,ffffff";
    if let Some(pixels) = count(query) {
        let seen: Vec<_> = pixels.iter().filter(|pixel| pixel[3] > 0).collect();
        assert_eq!(seen, [&[0, 0, 0, 255], &[255; 4]]);
        assert_eq!(pixels.len(), 3, "{pixels:?}");
    }
}

#[test]
fn alpha_becomes_a_key_at_one_half_and_the_background_does_not_show() {
    let (store, picture) = (store(), disc());
    for (_, name, _, extension) in FORMATS {
        let query = format!("Test/disc?scl=1&fmt={name}&bgc=ff0000");
        let file = File::new(&reply(&store, &query).body, extension);
        check(&file, extension);
        let Some(pixels) = decoded(&file) else { continue };
        let wanted = picture.rgba();
        for (pixel, wanted) in pixels.iter().zip(&wanted) {
            assert_eq!(pixel[3], if wanted[3] >= 128 { 255 } else { 0 }, "{name}");
            let near = (0..3).all(|nth| pixel[nth].abs_diff(wanted[nth]) < 40);
            assert!(pixel[3] == 0 || near, "{pixel:?} {wanted:?}");
        }
    }
    // Without alpha it is laid on the background, which PNG's few colours show exactly.
    let file = File::new(&reply(&store, "Test/disc?scl=1&fmt=gif&bgc=ff0000").body, "gif");
    if let Some(pixels) = decoded(&file) {
        assert_eq!(pixels[0], [255, 0, 0, 255]);
    }
}

/// A palette of PNG has an alpha of its own for each colour, where all fit.
#[test]
fn png8_alpha_of_few_colours_keeps_their_alpha() {
    let store = store();
    let picture = Picture::of(64, 40, 4, |x, y| {
        if x < 2 { [0; 4] } else { [200, 30, if y > 20 { 99 } else { 7 }, (x * 3) as u8] }
    });
    store.put("assets/Test/soft.tif", picture.pyramid());
    let file = File::new(&reply(&store, "Test/soft?scl=1&fmt=png8-alpha").body, "png");
    check(&file, "png");
    if let Some(pixels) = decoded(&file) {
        assert!(pixels == picture.rgba());
    }
}

#[test]
fn grey_replies_and_masks_have_a_palette_of_greys() {
    let store = store();
    for (name, _, _, extension) in FORMATS {
        for query in [format!("scl=1&fmt={name},gray"), format!("scl=1&req=mask&fmt={name}")] {
            let file = File::new(&reply(&store, &format!("Test/disc?{query}")).body, extension);
            let png = query.replace(name, "png");
            let wanted = File::new(&reply(&store, &format!("Test/disc?{png}")).body, "png");
            if let (Some(pixels), Some(wanted)) = (decoded(&file), decoded(&wanted)) {
                assert!(pixels == wanted, "{query}");
            }
        }
    }
}

#[test]
fn what_a_palette_cannot_do_is_refused_by_name() {
    let store = store();
    for (query, wanted) in [
        ("fmt=gif-alpha&quantize=mac", "quantize=mac: expected adaptive or web: gif-alpha has no"),
        (
            "fmt=png8-alpha&quantize=mac",
            "quantize=mac: expected adaptive or web: png8-alpha has no",
        ),
        ("fmt=gif&quantize=adaptive,off,300", "expected 2 to 256 colours"),
        (
            "fmt=gif&quantize=adaptive,off,2,000000,ffffff,ff0000",
            "expected at most 2 forced colours",
        ),
    ] {
        let message = refusal(&store, &format!("Test/flat?{query}"));
        assert!(message.contains(wanted), "{message}");
    }
}
