//! Files that cannot be ingested are reported by name, and the rest is stored.

use crate::support;

use std::fs;

use support::{Store, azulejo, corpus, root, text};

#[test]
fn a_bad_file_is_named_and_the_rest_is_done() {
    let store = Store::new();
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.jpg");
    let whole = fs::read(root().join("samples/tulips.png")).unwrap();
    fs::write(&bad, &whole[..whole.len() / 2]).unwrap();
    fs::copy(root().join("samples/tulips.png"), folder.path().join("good.png")).unwrap();
    fs::write(folder.path().join("notes.txt"), "no image").unwrap();
    let folder = folder.path().to_str().unwrap();
    let done = azulejo(&["ingest", folder, "--to", &store.name(), "--json"]);
    assert_eq!(done.status.code(), Some(1));
    assert_eq!(store.files(), ["assets/Samples/good.tif", "records/Samples/good.json"]);
    let lines: Vec<serde_json::Value> =
        text(&done.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |status: &str| lines.iter().find(|line| line["status"] == status).unwrap().clone();
    assert_eq!(of("failed")["file"], bad.to_str().unwrap());
    assert_eq!(of("stored")["key"], "assets/Samples/good.tif");
    assert_eq!(of("done")["failed"], 1);
    assert!(of("skipped")["file"].as_str().unwrap().ends_with("notes.txt"));
}

#[test]
fn an_image_over_the_memory_limit_is_refused_before_it_is_decoded() {
    let store = Store::new();
    let limit = ["ingest", "samples/pier.jpg", "--to", &store.name(), "--max-memory", "5MiB"];
    let done = azulejo(&limit);
    assert_eq!(done.status.code(), Some(1));
    let stderr = text(&done.stderr);
    assert!(stderr.contains("samples/pier.jpg: needs") && stderr.contains("5 MiB"), "{stderr}");
    assert!(store.files().is_empty());
}

#[test]
fn broken_files_are_named_and_the_good_ones_stored() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    let folders = ["hostile", "tiff"].map(|name| corpus.join(name));
    let [hostile, tiff] = folders.each_ref().map(|folder| folder.to_str().unwrap());
    let done = azulejo(&["ingest", hostile, tiff, "--to", &store.name(), "--id", "name"]);
    assert_eq!(done.status.code(), Some(1));
    let stderr = text(&done.stderr);
    // A panic costs one image only, but no decoder should.
    assert!(!stderr.contains("its decoder failed"), "{stderr}");
    let stored = store.pyramids();
    assert!(!stored.is_empty());
    for folder in folders {
        for file in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = file.file_name().unwrap().to_str().unwrap();
            let pyramid = stored.contains(&format!("assets/Samples/{name}.tif"));
            let named = stderr.contains(&format!("{}: ", file.display()));
            assert!(pyramid != named, "{name}: stored {pyramid}, named {named}");
        }
    }
    for name in stored {
        let pyramid = store.0.path().join(&name);
        let inspected = azulejo(&["inspect", pyramid.to_str().unwrap()]);
        assert!(inspected.status.success(), "{name}: {}", text(&inspected.stderr));
    }
}
