//! AVIF replies, as other programs read them.

use std::{env, fs, path::Path, process, process::Command};

use azulejo::{
    client_hints::ClientHints,
    http::{HttpReply, HttpRequest},
    serve::serve,
};

use crate::{
    golden,
    oracles::{Compared, decibels, decoded},
    shop,
    skip::skip,
};

/// Requests, and the least PSNR of their AVIF to the PNG of the same request.
const CASES: [(&str, f64); 12] = [
    ("Test/dandelions?wid=320&qlt=50", 34.0),
    ("Test/dandelions?wid=320&qlt=90", 40.0),
    ("Test/dandelions?wid=321&hei=199&fit=stretch&qlt=100,1", 47.0),
    ("Test/dandelions?wid=160&fmt=avif,gray", 38.0),
    ("Test/chart?wid=200&qlt=95,1", 42.0),
    ("Test/tulips?wid=150&fmt=avif-alpha&qlt=90", 36.0),
    ("Test/tulips?wid=77&hei=51&fmt=avif-alpha&qlt=90,1", 38.0),
    ("Test/tulips?wid=64&fmt=avif-alpha,gray&qlt=90", 38.0),
    ("Test/dandelions?wid=1&hei=1&fit=stretch&qlt=90,1", 38.0),
    ("Test/dandelions?wid=1&hei=40&fit=stretch&qlt=95", 30.0),
    ("Test/dandelions?wid=40&hei=1&fit=stretch&qlt=95", 30.0),
    ("Test/dandelions?wid=2000&hei=5&fit=stretch&qlt=95", 30.0),
];

/// The programs that write the picture of an AVIF file as a PNG.
const READERS: [(&str, &[&str]); 2] = [
    (
        "python3",
        &["-c", "import sys; from PIL import Image; Image.open(sys.argv[1]).save(sys.argv[2])"],
    ),
    ("vips", &["copy"]),
];

/// What a reader makes of a file, as a PNG; `None` if the program is missing or reads no AVIF.
fn read(reader: usize, file: &Path) -> Option<Vec<u8>> {
    let (program, arguments) = READERS[reader];
    let png = file.with_extension(format!("{program}.png"));
    let done = Command::new(program).args(arguments).args([file, &png]).output();
    let bytes =
        fs::read(&png).ok().filter(|_| done.as_ref().is_ok_and(|done| done.status.success()));
    if bytes.is_none() {
        skip(program, "install libvips-tools with libheif and a decoder of AV1, and Pillow 11.3");
    }
    bytes
}

#[test]
fn other_programs_read_the_picture() {
    let store = golden::cases::store();
    let folder = env::temp_dir().join(format!("azulejo-avif-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut wrong = Vec::new();
    for (nth, (request, least)) in CASES.into_iter().enumerate() {
        let as_avif = if request.contains("fmt=") { "" } else { "&fmt=avif" };
        let reply = golden::answer(&store, &format!("{request}{as_avif}"));
        assert_eq!(reply.header("content-type"), Some("image/avif"), "{request}");
        let as_png = request.replace("fmt=avif", "fmt=png");
        let as_png = if as_avif.is_empty() { as_png } else { format!("{request}&fmt=png") };
        let wanted = decoded(&golden::answer(&store, &as_png).body);
        let file = folder.join(format!("{nth}.avif"));
        fs::write(&file, &reply.body).unwrap();
        for (reader, (program, _)) in READERS.into_iter().enumerate() {
            let Some(png) = read(reader, &file) else { continue };
            let found = decoded(&png);
            let size = (found.width, found.height);
            assert_eq!(size, (wanted.width, wanted.height), "{request}");
            let decibels = decibels(&wanted, &found, Compared::All);
            if decibels < least {
                wrong.push(format!("{request}: {decibels:.1} dB by {program}"));
            }
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn exiftool_reads_the_colours_and_the_size() {
    let reply = golden::answer(&golden::cases::store(), "Test/tulips?wid=90&hei=61&fmt=avif-alpha");
    let file = env::temp_dir().join(format!("azulejo-{}.avif", process::id()));
    fs::write(&file, &reply.body).unwrap();
    let done = Command::new("exiftool").args(["-S", "-n"]).arg(&file).output();
    fs::remove_file(&file).unwrap();
    let Ok(done) = done else { return skip("exiftool", "install libimage-exiftool-perl") };
    let text = String::from_utf8(done.stdout).unwrap();
    for line in [
        "FileType: AVIF",
        "ImageWidth: 90",
        "ImageHeight: 61",
        "ColorPrimaries: 1",
        "TransferCharacteristics: 13",
        "MatrixCoefficients: 6",
        "AuxiliaryImageType: urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
    }
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_before_it_is_drawn() {
    let store = golden::cases::store();
    let reply = golden::answer(&store, "Test/dandelions?wid=1600&hei=1600&fit=stretch&fmt=avif");
    let text = String::from_utf8(reply.body).unwrap();
    assert_eq!(reply.status, 403);
    assert!(
        text.contains("fmt=avif: 1600 × 1600 are 2560000 pixels, and the limit of AVIF is 2097152"),
        "{text}"
    );
    // The same size without pixels, and in another format, is answered.
    for query in ["req=props&fmt=avif", "fmt=jpeg"] {
        let request = format!("Test/dandelions?wid=1600&hei=1600&fit=stretch&{query}");
        assert_eq!(golden::answer(&store, &request).status, 200, "{query}");
    }
}

/// A reply of Smart Imaging to a browser that accepts AVIF.
fn smart(query: &str) -> HttpReply {
    let request = HttpRequest {
        path: "/is/image/Shop/shoe".to_owned(),
        query: format!("{query}&bfc=on"),
        hints: ClientHints { accept: Some("image/avif,*/*".to_owned()), ..ClientHints::default() },
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, &shop::store(), || 0.0))
}

#[test]
fn smart_imaging_sends_avif_where_it_is_shorter() {
    let reply = smart("wid=200&fmt=png-alpha");
    assert_eq!(reply.header("content-type"), Some("image/avif"));
    let saved: i64 = reply.header("x-adobe-smart-imaging").unwrap().parse().unwrap();
    let png = shop::get(&shop::store(), "Shop/shoe?wid=200&fmt=png-alpha");
    assert_eq!(saved, png.body.len() as i64 - reply.body.len() as i64);
}

#[test]
fn smart_imaging_tries_avif_up_to_a_megapixel() {
    let tried = |query: &str| {
        let reply = smart(query);
        assert_eq!(reply.status, 200, "{query}");
        reply.header("x-adobe-smart-imaging").is_some()
    };
    assert!(tried("wid=1024&hei=1024&fit=stretch&qlt=50"));
    assert!(!tried("wid=1024&hei=1025&fit=stretch&qlt=50"));
}
