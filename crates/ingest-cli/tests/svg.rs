//! SVG: stored unchanged, distinguished from pictures, refused if it is invalid.

use crate::support;

use std::fs;

use serde_json::Value;
use support::{Store, azulejo, corpus, text};

const SVG: &str =
    r#"<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="9" height="5"/>"#;

fn ingest(store: &Store, file: &std::path::Path) -> (Option<i32>, String) {
    let done = azulejo(&["ingest", file.to_str().unwrap(), "--to", &store.name()]);
    (done.status.code(), text(&done.stderr))
}

fn record(store: &Store, id: &str) -> Value {
    let record = fs::read(store.0.path().join(format!("records/Samples/{id}.json"))).unwrap();
    serde_json::from_slice(&record).unwrap()
}

#[test]
fn an_svg_is_stored_unchanged_with_a_record() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let file = folder.path().join("logo.svg");
    fs::write(&file, SVG).unwrap();
    let (code, stderr) = ingest(&store, folder.path());
    assert_eq!(code, Some(0), "{stderr}");
    assert_eq!(store.files(), ["records/Samples/logo.json", "svg/Samples/logo.svg"]);
    assert_eq!(fs::read_to_string(store.0.path().join("svg/Samples/logo.svg")).unwrap(), SVG);
    let record = record(&store, "logo");
    assert_eq!((&record["svg"], record.get("width")), (&true.into(), None));
    assert_eq!(record["original"]["mime"], "image/svg+xml");
    assert!(ingest(&store, folder.path()).1.contains("1 unchanged"));

    let render = |id: &str| {
        let out = store.0.path().join("out.jpg");
        let request = format!("Samples/{id}?wid=9");
        azulejo(&["render", &request, "--from", &store.name(), "-o", out.to_str().unwrap()])
    };
    let drawn = render("logo");
    assert!(drawn.status.success(), "{}", text(&drawn.stderr));
    let size = || {
        let drawn = image::open(store.0.path().join("out.jpg")).unwrap();
        fs::remove_file(store.0.path().join("out.jpg")).unwrap();
        (drawn.width(), drawn.height())
    };
    assert_eq!(size(), (9, 5));

    // The same id as a picture, and back: the record says which of the two is meant.
    fs::remove_file(&file).unwrap();
    let picture = folder.path().join("logo.png");
    image::RgbImage::new(90, 50).save(&picture).unwrap();
    assert_eq!(ingest(&store, folder.path()).0, Some(0));
    assert!(render("logo").status.success());
    assert_eq!(size(), (9, 5));
    assert_eq!(store.files(), ["assets/Samples/logo.tif", "records/Samples/logo.json"]);
    fs::remove_file(&picture).unwrap();
    fs::write(&file, SVG).unwrap();
    assert_eq!(ingest(&store, folder.path()).0, Some(0));
    assert!(render("logo").status.success());
    assert_eq!(size(), (9, 5));
    assert_eq!(store.files(), ["records/Samples/logo.json", "svg/Samples/logo.svg"]);
}

#[test]
fn an_svg_that_replaces_a_third_party_pyramid_removes_its_index() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let pyramid = folder.path().join("logo.tif");
    fs::copy(support::root().join("tests/fixtures/foreign.tif"), &pyramid).unwrap();
    let file = pyramid.to_str().unwrap();
    let done = azulejo(&["ingest", file, "--to", &store.name(), "--as-is"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    // A long index lies beside its pyramid; that of this small one is in its record.
    fs::write(store.0.path().join("assets/Samples/logo.tif.index"), "an index").unwrap();
    fs::remove_file(&pyramid).unwrap();
    fs::write(folder.path().join("logo.svg"), SVG).unwrap();
    assert_eq!(ingest(&store, folder.path()).0, Some(0));
    assert_eq!(store.files(), ["records/Samples/logo.json", "svg/Samples/logo.svg"]);
    assert!(record(&store, "logo").get("pyramidIndex").is_none());
}

#[test]
fn an_invalid_svg_is_refused_by_name() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    for (name, content) in [
        ("open.svg", SVG.replace("/>", ">")),
        ("page.svg", "<html/>".to_owned()),
        ("long.svg", SVG.replace("9", &"9".repeat(1 << 20))),
        ("text.svg", "a drawing".to_owned()),
    ] {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let (code, stderr) = ingest(&store, folder.path());
    assert_eq!(code, Some(1));
    for expected in [
        "open.svg: not well-formed XML: ",
        "page.svg: XML with the root <html>: expected <svg",
        "long.svg: an SVG of 1025 KiB: expected at most 1024 KiB",
        "text.svg: not a file of an accepted format: ",
    ] {
        assert!(stderr.contains(expected), "{expected}\n{stderr}");
    }
    assert!(store.files().is_empty());
}

#[test]
fn the_drawings_of_the_corpus_are_accepted() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    let (code, stderr) = ingest(&store, &corpus.join("svg"));
    assert_eq!(code, Some(0), "{stderr}");
    let drawings = store.files().into_iter().filter(|name| name.starts_with("svg/")).count();
    assert_eq!(drawings, 10, "{stderr}");
}
