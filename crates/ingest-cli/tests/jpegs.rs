//! JPEG originals: damaged ones, and that ingest and the page make the same pyramids.

use crate::support;

use std::{
    fmt::Write as _,
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use azulejo::{
    codec::{
        Subsampling,
        jpeg::encode::{Components, Encoder},
    },
    http::HttpRequest,
    serve::serve,
    store::MemoryStore,
    time_slice::at_once,
};
use sha2::{Digest as _, Sha256};
use support::{Store, azulejo, root, text};

/// Half of a picture, baseline or progressive.
fn half(folder: &Path, progressive: bool) -> PathBuf {
    let pixels: Vec<u8> =
        (0..200 * 160_u32).flat_map(|n| [n as u8, (n / 200) as u8, ((n * n) >> 7) as u8]).collect();
    let encoder = Encoder::new(Components::YCbCr(Subsampling::Yuv420), 85);
    let mut file = Vec::new();
    if progressive {
        at_once(async |slice| {
            encoder.progressive_file(pixels, (200, 160), (72, None), &mut file, slice).await;
        });
    } else {
        at_once(async |slice| {
            encoder.file(pixels.as_slice().into(), (200, 160), 72, &mut file, slice).await
        });
    }
    let path = folder.join(if progressive { "progressive.jpg" } else { "baseline.jpg" });
    fs::write(&path, &file[..file.len() / 2]).unwrap();
    path
}

#[test]
fn half_a_jpeg_fails_by_name_and_is_stored_with_allow_damaged() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = root().join("tests/fixtures/jpeg/half-missing.jpg");
    for file in [half(folder.path(), false), half(folder.path(), true), fixture] {
        let store = Store::new();
        let (name, to) = (file.to_str().unwrap(), store.name());
        let done = azulejo(&["ingest", name, "--to", &to]);
        assert_eq!(done.status.code(), Some(1));
        let stderr = text(&done.stderr);
        assert!(
            stderr.contains(&format!("{name}: the JPEG is damaged: it ends early")),
            "{stderr}"
        );
        assert!(stderr.contains("--allow-damaged"), "{stderr}");
        assert!(store.files().is_empty());

        let done = azulejo(&["ingest", name, "--to", &to, "--allow-damaged"]);
        assert!(done.status.success());
        let warned = format!("{name}: stored, although the JPEG is damaged: it ends early");
        assert!(text(&done.stderr).contains(&warned), "{}", text(&done.stderr));
        assert_eq!(store.pyramids().len(), 1);

        let store = Store::new();
        let done = azulejo(&["ingest", name, "--to", &store.name(), "--allow-damaged", "--json"]);
        let lines = text(&done.stdout);
        let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap());
        let lines: Vec<serde_json::Value> = lines.collect();
        let stored = lines.iter().find(|line| line["status"] == "stored").unwrap();
        assert_eq!(stored["warning"], "the JPEG is damaged: it ends early");
    }
}

#[test]
fn an_intact_jpeg_is_stored_without_a_warning() {
    let store = Store::new();
    let file = "tests/fixtures/jpeg/420-no-eoi.jpg";
    let done = azulejo(&["ingest", file, "--to", &store.name(), "--allow-damaged", "--json"]);
    assert!(done.status.success() && !text(&done.stdout).contains("\"warning\""));
}

/// Each original, and the hash of its picture in full size. `tests/wasm` drops the same files on the
/// page's module and compares with the same hashes.
#[test]
fn an_ingested_jpeg_has_the_pixels_that_a_dropped_one_has() {
    let fixtures = root().join("tests/fixtures");
    let list = fixtures.join("jpeg/pixels.txt");
    let noted = fs::read_to_string(&list).unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let mut found = String::new();
    for name in [
        "astronaut.jpg",
        "jpeg/420-no-eoi.jpg",
        "jpeg/cmyk-no-adobe.jpg",
        "jpeg/dnl.jpg",
        "jpeg/jfif-adobe0.jpg",
        "jpeg/jfif-rgb-ids.jpg",
        "jpeg/y11-cb21-cr12.jpg",
    ] {
        let original = fixtures.join(name);
        let ingested = fs::read(Store::new().pyramid(&original)).unwrap();
        let bytes = fs::read(&original).unwrap();
        let opened = originals::open(Cursor::new(&bytes), bytes.len() as u64, 1 << 30).unwrap();
        let dropped = opened.pyramid(originals::Options::default()).unwrap();
        assert!(ingested == dropped, "{name}: the pyramids differ");

        let store = MemoryStore::new();
        store.put("assets/Preview/dropped.tif", ingested);
        let request = HttpRequest {
            path: "/is/image/Preview/dropped".to_owned(),
            query: "scl=1&fmt=png".to_owned(),
            ..HttpRequest::default()
        };
        let reply = runtime.block_on(serve(&request, &store, || 0.0));
        assert_eq!(reply.status, 200, "{name}");
        let hash = Sha256::digest(&reply.body);
        let hash = hash.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").unwrap();
            text
        });
        writeln!(found, "{name} {hash}").unwrap();
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(&list, &found).unwrap();
    } else {
        assert_eq!(found, noted, "other pixels than {}", list.display());
    }
}
