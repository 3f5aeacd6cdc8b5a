//! Tile compression by image profiles, and dry runs.

use crate::support;

use std::{collections::BTreeMap, fs};

use serde_json::Value;
use support::{Store, azulejo, root, text};

/// The compression of the only pyramid's first level.
fn compression(store: &Store) -> Value {
    let pyramids = store.pyramids();
    assert_eq!(pyramids.len(), 1);
    support::inspected(&store.0.path().join(&pyramids[0]))["levels"][0]["compression"].clone()
}

#[test]
fn a_profile_that_changes_its_compression_makes_the_pyramid_again() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let profile = folder.path().join("azulejo.toml");
    fs::copy(root().join("crates/originals/fixtures/chart.png"), folder.path().join("c.png"))
        .unwrap();
    let ingest = || {
        let done = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", &store.name()]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        text(&done.stderr)
    };
    let before = ingest();
    assert!(before.starts_with("1 stored"), "{before}");
    assert_eq!(compression(&store), "Deflate");
    for (profile_text, stored) in [
        ("compression = 'jpeg'", Some("Jpeg")),
        ("compression = 'jpeg'\nchroma = 420", Some("Jpeg")),
        ("compression = 'jpeg'\nchroma = '420'", None),
        ("compression = 'lossless'\nchroma = 420", Some("Deflate")),
        ("compression = 'auto'", Some("Deflate")),
    ] {
        fs::write(&profile, profile_text).unwrap();
        let stderr = ingest();
        assert_eq!(stderr.starts_with("1 stored"), stored.is_some(), "{profile_text}: {stderr}");
        assert_eq!(compression(&store), stored.unwrap_or("Jpeg"), "{profile_text}");
    }
}

#[test]
fn a_dry_run_refuses_what_the_run_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    let tulips = fs::read(root().join("samples/tulips.png")).unwrap();
    put("good.png", &tulips);
    put("half.png", &tulips[..tulips.len() / 2]);
    put("text.jpg", b"no picture");
    put("avif.png", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf");
    put("a%b.png", &tulips);
    put("page.svg", b"<html/>");
    put("large.jpg", &fs::read(root().join("samples/pier.jpg")).unwrap());
    put("notes.txt", b"passed over");
    let store = Store::new();
    let lines = |options: &[&str]| {
        let to = store.name();
        let folder = folder.path().to_str().unwrap();
        let command = ["ingest", folder, "--to", &to, "--json", "--max-memory", "12MiB"];
        let done = azulejo(&[&command, options].concat());
        assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
        let lines = text(&done.stdout);
        let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let of = |line: Value| Some((line["file"].as_str()?.to_owned(), line));
        lines.filter_map(of).collect::<BTreeMap<_, _>>()
    };
    let (dry, wet) = (lines(&["--dry-run"]), lines(&[]));
    assert_eq!(store.pyramids(), ["assets/Samples/good.tif"], "of the run itself");
    assert_eq!(dry.keys().collect::<Vec<_>>(), wet.keys().collect::<Vec<_>>());
    assert_eq!(dry.values().filter(|line| line["status"] == "failed").count(), 6, "{dry:?}");
    for (file, line) in &dry {
        if line["status"] == "planned" {
            assert_eq!(wet[file]["status"], "stored", "{file}");
        } else {
            assert_eq!(line, &wet[file], "{file}");
        }
    }
    // As they are, none of them is a pyramid.
    let (dry, wet) = (lines(&["--dry-run", "--as-is"]), lines(&["--as-is"]));
    assert_eq!(dry, wet);
}
