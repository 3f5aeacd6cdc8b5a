//! PDF and EPS replies.

use super::{
    Picture,
    readers::{File, report, run},
    reply, smooth, store,
};

/// The image of a document as poppler extracts it, as samples of RGB.
fn extracted(file: &File) -> Option<Vec<u8>> {
    let prefix = file.path().trim_end_matches(".pdf");
    report("pdfimages", &["-png", file.path(), prefix])?;
    let png = File(format!("{prefix}-000.png").into());
    let done = run("convert", &[png.path(), "-depth", "8", "rgb:-"])?;
    done.status.success().then_some(done.stdout)
}

/// A page as a program paints it, a pixel for each of the image: one sample for grey, three for RGB,
/// four for inks. Poppler paints no inks.
fn painted(program: &str, file: &File, resolution: u32, count: usize) -> Option<Vec<u8>> {
    let (resolution, dpi) = (resolution.to_string(), format!("-r{resolution}"));
    let out = if program == "gs" {
        let device = ["", "pgmraw", "", "ppmraw", "pamcmyk32"][count];
        let out = File::new(&[], "out");
        let (device, target) =
            (format!("-sDEVICE={device}"), format!("-sOutputFile={}", out.path()));
        let options = ["-q", "-dBATCH", "-dNOPAUSE", "-dSAFER", "-dEPSCrop"];
        report(program, &[&options[..], &[&device, &dpi, &target, file.path()]].concat())?;
        out
    } else {
        let prefix = file.path().trim_end_matches(".pdf");
        let gray: &[&str] = if count == 1 { &["-gray"] } else { &[] };
        let options = ["-r", &resolution, "-singlefile", file.path(), prefix];
        report(program, &[gray, &options[..]].concat())?;
        File(format!("{prefix}.{}", if count == 1 { "pgm" } else { "ppm" }).into())
    };
    // The samples of 203 × 151 pixels are at the end of the file.
    let painted = std::fs::read(out.path()).unwrap();
    let length = 203 * 151 * count;
    assert!(painted.len() > length && painted.len() < length + 200, "{} bytes", painted.len());
    Some(painted[painted.len() - length..].to_vec())
}

fn worst(one: &[u8], other: &[u8]) -> u8 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(a, b)| a.abs_diff(*b)).max().unwrap_or(0)
}

#[test]
fn pages_show_the_picture_at_its_resolution() {
    let store = store();
    let rgb = smooth().data;
    for (query, most) in [("pdf", 0), ("pdf,,none", 0), ("pdf,,zip", 0), ("pdf,,jpeg&qlt=98,1", 12)]
    {
        let reply = reply(&store, &format!("Test/smooth?scl=1&printRes=144&fmt={query}"));
        assert_eq!(reply.header("content-type"), Some("application/pdf"));
        let file = File::new(&reply.body, "pdf");
        report("qpdf", &["--check", file.path()]);
        if let Some(text) = report("pdfinfo", &[file.path()]) {
            assert!(text.contains("Page size:       101.5 x 75.5 pts"), "{text}");
            assert!(text.contains("Pages:           1"), "{text}");
        }
        report("exiftool", &["-validate", "-warning", file.path()]);
        let pages = [painted("pdftoppm", &file, 144, 3), painted("gs", &file, 144, 3)];
        for theirs in pages.into_iter().chain([extracted(&file)]).flatten() {
            assert!(worst(&theirs, &rgb) <= most, "{query}: {}", worst(&theirs, &rgb));
        }
    }
}

#[test]
fn inks_of_documents_are_not_inverted() {
    let store = store();
    let tif = reply(&store, "Test/smooth?scl=1&fmt=tif,cmyk").body;
    let inks = tif[8..8 + 203 * 151 * 4].to_vec();
    for (format, most) in
        [("pdf,cmyk", 0), ("pdf,cmyk,zip", 0), ("pdf,cmyk,jpeg&qlt=98", 12), ("eps,cmyk", 0)]
    {
        let extension = format.split(',').next().unwrap();
        let body = reply(&store, &format!("Test/smooth?scl=1&printRes=144&fmt={format}")).body;
        let file = File::new(&body, extension);
        if let Some(theirs) = painted("gs", &file, 144, 4) {
            assert!(worst(&theirs, &inks) <= most, "{format}: {}", worst(&theirs, &inks));
        }
        if extension == "pdf"
            && let Some(theirs) = painted("pdftoppm", &file, 144, 3)
        {
            // Poppler converts inks its own way; a negative would be far off.
            let mean =
                |data: &[u8]| data.iter().map(|&v| f64::from(v)).sum::<f64>() / data.len() as f64;
            let apart = (mean(&theirs) - mean(&smooth().data)).abs();
            assert!(apart < 40.0, "{format}: {apart}");
        }
    }
}

#[test]
fn grey_documents_have_one_sample() {
    let store = store();
    let tif = reply(&store, "Test/smooth?scl=1&fmt=tif,gray").body;
    let grey = &tif[8..8 + 203 * 151];
    for format in ["pdf,gray", "pdf,gray,zip", "eps,gray"] {
        let extension = format.split(',').next().unwrap();
        let body = reply(&store, &format!("Test/smooth?scl=1&fmt={format}")).body;
        let file = File::new(&body, extension);
        let pages = [
            painted("gs", &file, 72, 1),
            if extension == "pdf" { painted("pdftoppm", &file, 72, 1) } else { None },
        ];
        for theirs in pages.into_iter().flatten() {
            // Ghostscript rounds some greys the other way.
            assert!(worst(&theirs, grey) <= 1, "{format}: {}", worst(&theirs, grey));
        }
    }
}

#[test]
fn eps_is_binary_and_has_its_bounds() {
    let store = store();
    let reply = reply(&store, "Test/smooth?scl=1&printRes=144&fmt=eps");
    assert_eq!(reply.header("content-type"), Some("image/eps"));
    let head = String::from_utf8_lossy(&reply.body[..700]).into_owned();
    assert!(head.contains("%%BoundingBox: 0 0 102 76\n"), "{head}");
    assert!(head.contains("%%HiResBoundingBox: 0 0 101.5 75.5\n"), "{head}");
    assert!(head.contains(&format!("%%BeginBinary: {}\nimage\n", 6 + 203 * 151 * 3)), "{head}");
    let file = File::new(&reply.body, "eps");
    report("exiftool", &["-validate", "-warning", file.path()]);
    // With a bounding box of whole points, a painted page has a row more.
    let whole = super::reply(&store, "Test/smooth?scl=1&fmt=eps").body;
    if let Some(theirs) = painted("gs", &File::new(&whole, "eps"), 72, 3) {
        assert!(worst(&theirs, &smooth().data) == 0);
    }
}

#[test]
fn documents_of_all_shapes_open() {
    let store = store();
    for (width, height) in [(1, 1), (1, 300), (300, 1), (20_000, 3)] {
        let picture = Picture::of(width, height, 3, |x, y| [x as u8, y as u8, 7, 255]);
        store.put("assets/Test/shape.tif", picture.pyramid());
        for format in ["pdf", "pdf,,zip", "pdf,,jpeg", "eps"] {
            let body = reply(&store, &format!("Test/shape?scl=1&fmt={format}")).body;
            let file = File::new(&body, format.split(',').next().unwrap());
            if format.starts_with("pdf") {
                report("qpdf", &["--check", file.path()]);
                report("pdfinfo", &[file.path()]);
            }
        }
    }
}

#[test]
fn profiles_are_embedded_in_files_that_have_a_place_for_them() {
    let store = store();
    for (format, extension) in
        [("tif", "tif"), ("tif,,zip", "tif"), ("png8", "png"), ("pdf", "pdf")]
    {
        let query = format!("Test/smooth?scl=1&icc=sRGB&iccEmbed=1&fmt={format}");
        let file = File::new(&reply(&store, &query).body, extension);
        if extension == "pdf" {
            report("qpdf", &["--check", file.path()]);
            if let Some(list) = report("pdfimages", &["-list", file.path()]) {
                assert!(list.contains(" icc "), "{list}");
            }
        } else if let Some(text) = report("exiftool", &["-ICC_Profile:ColorSpaceData", file.path()])
        {
            assert!(text.contains("RGB"), "{format}: {text}");
        }
    }
}
