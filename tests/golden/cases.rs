//! The cases of `tests/golden`: requests of pictures of the fixtures.

use std::{
    fs,
    path::{Path, PathBuf},
};

use azulejo::store::MemoryStore;

/// The folder of the tests.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// A store of all fixtures.
pub fn store() -> MemoryStore {
    let store = MemoryStore::new();
    for entry in fs::read_dir(root().join("fixtures")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "tif") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            store.put(&format!("assets/Test/{name}.tif"), fs::read(&path).unwrap());
        }
        if path.extension().is_some_and(|extension| extension == "svg") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            store.put(&format!("svg/Test/{name}.svg"), fs::read(&path).unwrap());
            store.put(&format!("records/Test/{name}.json"), br#"{"svg": true}"#.to_vec());
        }
    }
    store
}

/// The files of all requests, in order.
pub fn cases() -> Vec<PathBuf> {
    let mut cases = Vec::new();
    for family in fs::read_dir(root().join("golden")).unwrap() {
        let family = family.unwrap().path();
        if family.is_dir() && family.file_name().unwrap() != "actual" {
            for case in fs::read_dir(family).unwrap() {
                cases.push(case.unwrap().path());
            }
        }
    }
    cases.retain(|case| case.extension().is_some_and(|extension| extension == "url"));
    cases.sort();
    cases
}

/// The title and the request of a case.
pub fn read(case: &Path) -> (String, String) {
    let text = fs::read_to_string(case).unwrap();
    let (title, request) = text.trim_end().split_once('\n').unwrap();
    assert!(title.starts_with("# "), "{}: no title", case.display());
    (title.to_owned(), request.to_owned())
}
