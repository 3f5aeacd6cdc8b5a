//! `azulejo ls`, `rm` and `mv` on a folder.

use crate::support;

use std::fs;

use serde_json::Value;
use support::{Store, azulejo, text};

/// A store with an image, whose original is kept, a document, and a set that shows the image.
fn shop() -> Store {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let (photo, guide) = (folder.path().join("red.png"), folder.path().join("guide.txt"));
    image::RgbImage::from_pixel(300, 200, image::Rgb([200, 30, 30])).save(&photo).unwrap();
    fs::write(&guide, "Sizes").unwrap();
    let ingest = |file: &std::path::Path, more: &[&str]| {
        let (file, to) = (file.to_str().unwrap(), store.name());
        let done = [&["ingest", file, "--root", "Shop", "--to", to.as_str()], more].concat();
        let done = azulejo(&done);
        assert!(done.status.success(), "{}", text(&done.stderr));
    };
    ingest(&photo, &["--keep-originals", "--prefix", "shoes/"]);
    ingest(&guide, &["--content"]);
    let set = r#"{"assetType":"ImageSet","imageSet":"Shop/shoes/red,Shop/blue"}"#;
    fs::write(store.0.path().join("records/Shop/colours.json"), set).unwrap();
    store
}

fn run(store: &Store, arguments: &[&str]) -> (Option<i32>, String, String) {
    let from = store.name();
    let done = azulejo(&[arguments, &["--from", from.as_str()]].concat());
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

#[test]
fn a_list_has_sizes_dates_and_all_that_is_stored() {
    let store = shop();
    let (code, catalogs, _) = run(&store, &["ls"]);
    assert_eq!(code, Some(0));
    assert!(catalogs.contains("3 objects") && catalogs.trim_end().ends_with("Shop"), "{catalogs}");
    let (_, lines, summary) = run(&store, &["ls", "Shop"]);
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[0].ends_with("Shop/colours") && lines[0].contains(" record "), "{lines:?}");
    assert!(lines[1].ends_with("content, record         Shop/guide.txt"), "{lines:?}");
    assert!(lines[2].ends_with("image, original, record  Shop/shoes/red"), "{lines:?}");
    assert!(summary.starts_with("3 objects, "), "{summary}");

    let (_, line, _) = run(&store, &["ls", "Shop/shoes/", "--json"]);
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["object"], "Shop/shoes/red");
    let keys: Vec<&str> = line["keys"].as_array().unwrap().iter().flat_map(Value::as_str).collect();
    assert_eq!(
        keys,
        [
            "assets/Shop/shoes/red.tif",
            "originals/Shop/shoes/red.png",
            "records/Shop/shoes/red.json"
        ]
    );
    let sizes = keys.iter().map(|key| fs::metadata(store.0.path().join(key)).unwrap().len());
    assert_eq!(line["bytes"], sizes.sum::<u64>());
    assert!(line["modified"].as_str().unwrap().starts_with("20"), "{line}");
    assert_eq!(run(&store, &["ls", "Nobody"]).1, "");
}

#[test]
fn an_object_is_removed_with_all_that_is_stored_of_it() {
    let store = shop();
    let before = store.files();
    let (code, keys, told) = run(&store, &["rm", "Shop/shoes/red", "--dry-run"]);
    assert_eq!((code, store.files() == before), (Some(0), true), "{told}");
    assert!(keys.contains("originals/Shop/shoes/red.png would be removed"), "{keys}");

    let (code, keys, told) = run(&store, &["rm", "Shop/shoes/red", "Shop/guide.txt"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(keys.lines().count(), 5, "{keys}");
    assert_eq!(store.files(), ["records/Shop/colours.json"]);
    assert!(told.contains("Shop/shoes/red: the set Shop/colours still shows it"), "{told}");
    assert!(told.ends_with("2 removed, 0 failed\n"), "{told}");

    let (code, _, told) = run(&store, &["rm", "Shop/shoes/red", "Shop/colours"]);
    assert_eq!((code, store.files().len()), (Some(1), 0), "the rest is removed");
    assert!(told.contains("Shop/shoes/red: there is no such object"), "{told}");
    let (code, _, told) = run(&store, &["rm", "red"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("expected rootId/id"), "{told}");
}

#[test]
fn a_removal_that_was_cut_off_is_completed() {
    let store = shop();
    fs::remove_file(store.0.path().join("assets/Shop/shoes/red.tif")).unwrap();
    let (code, keys, _) = run(&store, &["rm", "Shop/shoes/red"]);
    assert_eq!((code, keys.lines().count()), (Some(0), 2), "{keys}");
    assert!(store.files().iter().all(|key| !key.contains("red")), "{:?}", store.files());
}

#[test]
fn a_damaged_record_of_another_object_fails_no_removal() {
    let store = shop();
    fs::write(store.0.path().join("records/Shop/broken.json"), "{").unwrap();
    let (code, _, told) = run(&store, &["rm", "Shop/shoes/red"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("warning: records/Shop/broken.json: repair or delete it"), "{told}");
    assert!(told.contains("the set Shop/colours still shows it"), "{told}");
}

#[test]
fn an_object_gets_another_name() {
    let store = shop();
    let picture = |object: &str| {
        let request = format!("{object}?wid=100&fmt=png");
        azulejo(&["render", &request, "--from", &store.name()]).stdout
    };
    let before = picture("Shop/shoes/red");
    assert!(!before.is_empty());
    // As a run leaves it that is cut off after the first copy.
    let copied = store.0.path().join("assets/Outlet/red.tif");
    fs::create_dir_all(copied.parent().unwrap()).unwrap();
    fs::copy(store.0.path().join("assets/Shop/shoes/red.tif"), copied).unwrap();
    let (code, _, told) = run(&store, &["mv", "Shop/shoes/red", "Outlet/red"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(told.contains("warning: Shop/shoes/red: the set Shop/colours"), "{told}");
    assert!(picture("Outlet/red") == before && picture("Shop/shoes/red").is_empty());
    let keys = store.files();
    for key in ["assets/Outlet/red.tif", "originals/Outlet/red.png", "records/Outlet/red.json"] {
        assert!(keys.iter().any(|stored| stored == key), "{keys:?}");
    }
    // Its original is found, too.
    let reprocess = ["reprocess", "--root", "Outlet", "--to", &store.name(), "--quality", "50"];
    let done = azulejo(&reprocess);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("1 "), "{}", text(&done.stderr));
}

#[test]
fn no_object_takes_the_name_of_another() {
    let store = shop();
    let before = store.files();
    let (code, _, told) = run(&store, &["mv", "Shop/shoes/red", "Shop/colours"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("something else is there"), "{told}");
    assert_eq!(store.files(), before);
    assert_eq!(run(&store, &["mv", "Shop/none", "Shop/x"]).0, Some(1));
    assert_eq!(run(&store, &["mv", "Shop/guide.txt", "Shop/guide.txt"]).0, Some(1));
}
