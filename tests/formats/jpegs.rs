//! JPEG: sizes, scans, inks and structure.

use azulejo::codec::jpeg::{Segments, marker};

use super::{
    Picture,
    readers::{File, imagemagick, pillow, report},
    refusal, reply, store,
};

/// The markers of a file and the lengths of their segments.
fn segments(file: &[u8]) -> Vec<(u8, usize)> {
    let mut segments = Segments { rest: file };
    let mut found = Vec::new();
    for (marker, body) in segments.by_ref() {
        found.push((marker, body.len()));
    }
    found
}

#[test]
fn files_have_the_structure_of_real_replies() {
    let store = store();
    let body = reply(&store, "Test/smooth?scl=1").body;
    assert_eq!(&body[..20], b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\x01\0\x48\0\x48\0\0");
    let markers: Vec<u8> = segments(&body).iter().map(|(marker, _)| *marker).collect();
    let wanted = [marker::APP0, marker::DQT, marker::DHT, marker::SOF0, marker::SOS, marker::EOI];
    let mut sorted = wanted;
    sorted[1..4].sort_unstable();
    let mut found = markers.clone();
    found[1..4].sort_unstable();
    assert_eq!(found, sorted, "one segment of each kind: {markers:02x?}");
    assert_eq!(segments(&body)[1], (marker::DQT, 2 * 65));
    let file = File::new(&body, "jpg");
    report("exiftool", &["-validate", "-warning", file.path()]);
    if let Some((line, _)) = pillow(&file, "RGB") {
        assert_eq!(line, "203 151 RGB 72 72");
    }
}

/// `printRes=` is in every format that has a place for it.
#[test]
fn print_resolution_is_in_the_file() {
    let store = store();
    for (format, extension) in
        [("jpeg", "jpg"), ("pjpeg", "jpg"), ("jpeg,cmyk", "jpg"), ("png8", "png")]
    {
        let query = format!("Test/flat?scl=1&printRes=300&fmt={format}");
        let file = File::new(&reply(&store, &query).body, extension);
        if let Some((line, _)) = pillow(&file, "RGB") {
            assert!(line.ends_with("300 300"), "{format}: {line}");
        }
    }
}

#[test]
fn passes_of_a_progressive_file_are_the_same_picture() {
    let store = store();
    let scans = |file: &[u8]| file.windows(2).filter(|pair| *pair == [0xff, marker::SOS]).count();
    let wanted = File::new(&reply(&store, "Test/smooth?scl=1&fmt=jpeg").body, "jpg");
    let wanted = pillow(&wanted, "RGB");
    for (value, count) in [("auto", 5), ("need", 5), ("3", 7), ("4", 10), ("5", 13)] {
        let body = reply(&store, &format!("Test/smooth?scl=1&fmt=pjpeg&pscan={value}")).body;
        assert_eq!(scans(&body), count, "{value}");
        let file = File::new(&body, "jpg");
        report("exiftool", &["-validate", "-warning", file.path()]);
        if let (Some((_, pixels)), Some((_, wanted))) = (pillow(&file, "RGB"), &wanted) {
            assert!(pixels == *wanted, "{value}");
        }
    }
    let same = |query: &str| reply(&store, query).body;
    assert!(same("Test/flat?scl=1&pscan=5") == same("Test/flat?scl=1"), "baseline has no passes");
}

#[test]
fn inks_are_stored_inverted_and_read_as_inks() {
    let store = store();
    // White, black, red, half grey.
    let picture = Picture::of(64, 16, 3, |x, _| {
        [[255; 4], [0; 4], [255, 0, 0, 0], [128, 128, 128, 0]][x as usize / 16]
    });
    store.put("assets/Test/inks.tif", picture.pyramid());
    let wanted = [[0, 0, 0, 0], [0, 0, 0, 255], [0, 255, 255, 0], [0, 0, 0, 127]];
    for format in ["jpeg", "pjpeg"] {
        let query = format!("Test/inks?scl=1&qlt=98&fmt={format},cmyk");
        let file = File::new(&reply(&store, &query).body, "jpg");
        report("exiftool", &["-validate", "-warning", file.path()]);
        // Pillow hands Adobe's inks out as inks; ImageMagick as well.
        let theirs = [pillow(&file, "CMYK").map(|(_, pixels)| pixels), imagemagick(&file, "cmyk")];
        for pixels in theirs.into_iter().flatten() {
            for (nth, wanted) in wanted.iter().enumerate() {
                let at = (8 * 64 + nth * 16 + 8) * 4;
                let near = pixels[at..at + 4].iter().zip(wanted).all(|(a, b)| a.abs_diff(*b) <= 3);
                assert!(near, "{format} {nth}: {:?}, not {wanted:?}", &pixels[at..at + 4]);
            }
        }
    }
}

#[test]
fn jpeg_size_is_the_best_quality_that_fits() {
    let store = store();
    let length = |query: &str| reply(&store, query).body.len();
    for (format, kib) in
        [("jpeg", 3), ("jpeg", 5), ("jpeg", 8), ("pjpeg", 5), ("jpeg,gray", 4), ("jpeg,cmyk", 6)]
    {
        let base = format!("Test/smooth?scl=1&fmt={format}");
        let made = reply(&store, &format!("{base}&qlt=95&jpegSize={kib}")).body;
        assert!(made.len() <= kib << 10, "{format} {kib}: {}", made.len());
        let quality = (1..=95).rfind(|q| length(&format!("{base}&qlt={q}")) <= kib << 10).unwrap();
        assert!(
            made == reply(&store, &format!("{base}&qlt={quality}")).body,
            "{format} {kib}: not {quality}"
        );
    }
    // What fits is not changed; 0 is any size; other formats ignore it.
    let whole = reply(&store, "Test/smooth?scl=1&qlt=90").body;
    assert!(reply(&store, "Test/smooth?scl=1&qlt=90&jpegSize=900").body == whole);
    assert!(reply(&store, "Test/smooth?scl=1&qlt=90&jpegSize=0").body == whole);
    assert!(length("Test/smooth?scl=1&fmt=png&jpegSize=1") > 1 << 10);
    let message = refusal(&store, "Test/smooth?scl=1&jpegSize=1");
    assert!(message.contains("jpegSize=1: expected at least 2, the KiB that"), "{message}");
    assert_eq!(
        length("Test/flat?scl=1&rect=0,0,1,1&jpegSize=1"),
        length("Test/flat?scl=1&rect=0,0,1,1")
    );
}
