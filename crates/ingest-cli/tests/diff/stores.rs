//! Both servers are Azulejo: a process that serves one store, and the engine over another.

use std::{fs, path::Path};

use image::{DynamicImage, ImageFormat, imageops::FilterType::Lanczos3};

use super::Folder;
use crate::{
    serve::Server,
    support::{Store, azulejo, root, text},
};

/// Ingests a picture as `Shop/<name>`.
fn ingest(store: &Store, picture: &DynamicImage, name: &str, more: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("{name}.png"));
    picture.save_with_format(&file, ImageFormat::Png).unwrap();
    put(store, &file, more);
}

fn put(store: &Store, file: &Path, more: &[&str]) {
    let (file, to) = (file.to_str().unwrap(), store.name());
    let done = [&["ingest", file, "--to", &to, "--root", "Shop"][..], more].concat();
    let done = azulejo(&done);
    assert!(done.status.success(), "{}", text(&done.stderr));
}

/// A photograph of 600 × 400 pixels, and pixels around it.
fn photograph() -> DynamicImage {
    let sample = image::open(root().join("samples/dandelions.jpg")).unwrap();
    sample.crop_imm(400, 300, 2480, 1680).resize_exact(620, 420, Lanczos3)
}

fn part(photograph: &DynamicImage, x: u32, y: u32) -> DynamicImage {
    photograph.crop_imm(x, y, 600, 400)
}

#[test]
fn two_stores_differ_by_what_was_ingested() {
    let (before, after, folder) = (Store::new(), Store::new(), Folder::new());
    let photograph = photograph();
    let picture = part(&photograph, 10, 10);
    for name in ["same", "shifted", "moved", "size", "mirrored", "brighter", "quality", "gone"] {
        ingest(&before, &picture, name, &[]);
    }
    ingest(&after, &picture, "same", &[]);
    ingest(&after, &part(&photograph, 9, 12), "shifted", &[]);
    ingest(&after, &part(&photograph, 2, 10), "moved", &[]);
    ingest(&after, &picture.crop_imm(0, 0, 600, 397), "size", &[]);
    ingest(&after, &picture.fliph(), "mirrored", &[]);
    ingest(&after, &picture.brighten(9), "brighter", &[]);
    ingest(&after, &picture, "quality", &["--quality", "25"]);
    fs::copy(root().join("samples/README.md"), folder.path("guide.txt")).unwrap();
    for store in [&before, &after] {
        put(store, Path::new(&folder.path("guide.txt")), &["--content"]);
    }

    let server = Server::start(&["--from", &before.name()]);
    let urls = [
        "https://images.example.com/is/image/Shop/same?wid=600",
        "https://images.example.com/is/image/Shop/same?wid=300&fmt=png-alpha",
        "https://images.example.com/is/content/Shop/guide.txt",
        "/is/image/Shop/shifted?wid=600",
        "/is/image/Shop/moved?wid=600",
        "/is/image/Shop/size?wid=600",
        "/is/image/Shop/size?req=props",
        "/is/image/Shop/mirrored?wid=600",
        "/is/image/Shop/brighter?wid=600",
        "/is/image/Shop/quality?wid=600",
        "/is/image/Shop/shifted?wid=60&fmt=avif",
        "/is/image/Shop/gone?wid=600",
        "/is/image/Shop/never?wid=600",
    ];
    let old = format!("http://{}", server.address());
    let done = folder.diff(&old, &after.name(), &urls, &[]);
    assert_eq!((done.code, done.pairs.len()), (Some(1), urls.len()), "{}", done.stderr);
    for (end, class) in [
        ("same?wid=600", "equal"),
        ("png-alpha", "equal"),
        ("guide.txt", "equal"),
        ("shifted?wid=600", "shifted"),
        ("moved?wid=600", "different-picture"),
        ("size?wid=600", "wrong-size"),
        ("size?req=props", "different-text"),
        ("mirrored?wid=600", "different-picture"),
        ("brighter?wid=600", "other-colours"),
        // The last encoder was told the same for both.
        ("quality?wid=600", "resampling"),
        ("fmt=avif", "not-compared"),
        ("gone?wid=600", "new-failed"),
        ("never?wid=600", "failed-alike"),
    ] {
        assert_eq!(done.class(end), class, "{}", done.pair(end));
        let over = !matches!(class, "equal" | "failed-alike" | "other-colours");
        if class != "other-colours" {
            assert_eq!(done.pair(end)["over"], over, "{}", done.pair(end));
        }
    }
    let shift = &done.pair("shifted?wid=600")["shift"];
    let shift = [0, 1].map(|axis| shift[axis].as_f64().unwrap());
    assert!((shift[0] - 1.0).abs() < 0.1 && (shift[1] + 2.0).abs() < 0.1, "{shift:?}");
    let note = done.pair("shifted?wid=600")["notes"][0].as_str().unwrap();
    assert_eq!(note, "shifted 1 px to the right and 2 px up");
    let size = done.pair("size?wid=600");
    assert_eq!((&size["old"]["height"], &size["new"]["height"]), (&400.into(), &397.into()));
    assert!(done.stderr.contains("different picture            2         2\n"), "{}", done.stderr);
    assert_eq!(server.terminate(), (Some(0), String::new()));
}

#[test]
fn a_quality_of_the_encoder_is_within_or_over_the_threshold() {
    let (store, folder) = (Store::new(), Folder::new());
    ingest(&store, &part(&photograph(), 10, 10), "a", &[]);
    let reply = |quality: u8| {
        let request = format!("Shop/a?wid=600&qlt={quality}");
        let done = azulejo(&["render", &request, "--from", &store.name()]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        done.stdout
    };
    folder.write("recorded.jpg", reply(60));
    let manifest = folder.write("manifest.csv", "url,file\nShop/a?wid=600&qlt=80,recorded.jpg\n");
    let recorded = folder.path("");
    let compare = |threshold: &str| {
        let (new, threshold) = (store.name(), ["--threshold", threshold]);
        let sides = ["--old", &recorded, "--new", &new, &manifest];
        super::run(&[&sides[..], &threshold].concat())
    };
    let done = compare("100");
    assert_eq!((done.code, done.class("a?wid=600&qlt=80")), (Some(1), "encoder-only"));
    let score = done.pairs[0]["score"].as_f64().unwrap();
    assert!((40.0..95.0).contains(&score), "{score}");
    for (threshold, code) in [(score - 0.01, 0), (score, 0), (score + 0.01, 1)] {
        assert_eq!(compare(&threshold.to_string()).code, Some(code), "{threshold}, {score}");
    }
}
