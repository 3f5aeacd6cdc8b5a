//! Unusual file names: each is served under its id, or refused with a message.

#![cfg(unix)]

use crate::s3_server;
use crate::support;

use std::{ffi::OsStr, fs, os::unix::ffi::OsStrExt, path::Path};

use support::{Store, azulejo, root, text};

/// File names, and what the URL calls them.
const SERVED: [(&str, &str); 9] = [
    ("a#1.png", "a%231"),
    ("a?b.png", "a%3Fb"),
    ("two words.png", "two%20words"),
    ("trailing .png", "trailing%20"),
    ("R\u{f6}te.png", "R%C3%B6te"),
    ("a&b=c.png", "a%26b%3Dc"),
    ("{x},$y$.png", "%7Bx%7D%2C%24y%24"),
    ("a+b.png", "a+b"),
    ("shoe:Large.png", "shoe:Large"),
];

fn put(folder: &Path, names: impl IntoIterator<Item = impl AsRef<OsStr>>) {
    let tulips = image::open(root().join("samples/tulips.png")).unwrap().thumbnail(40, 40);
    for name in names {
        let path = folder.join(name.as_ref());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        tulips.save_with_format(path, image::ImageFormat::Png).unwrap();
    }
}

#[test]
fn names_with_special_characters_become_ids() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    put(folder.path(), SERVED.map(|(name, _)| name));
    let long = "x".repeat(245);
    put(folder.path(), [format!("{long}.png"), "sub folder/100.png".to_owned()]);
    let done = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", &store.name()]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let others = [("", long.as_str()), ("", "sub%20folder/100")];
    for (_, url) in SERVED.into_iter().chain(others) {
        let request = format!("Samples/{url}?wid=9&fmt=png");
        let done = azulejo(&["render", &request, "--from", &store.name(), "-o", "/dev/null"]);
        assert!(done.status.success(), "{url}: {}", text(&done.stderr));
    }
    // The records are found again under the same names.
    let again = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", &store.name()]);
    assert!(text(&again.stderr).contains("11 unchanged"), "{}", text(&again.stderr));
    let listed = azulejo(&["unpublish-assets", "--to", &store.name()]);
    assert!(text(&listed.stderr).starts_with("11 unpublished"), "{}", text(&listed.stderr));
}

#[test]
fn names_that_cannot_be_ids_are_refused_one_by_one() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    put(
        folder.path(),
        ["good.png", "100%.png", "back\\slash.png", "line\nbreak.png", ".hidden.png"],
    );
    put(folder.path(), [format!("{}.png", "x".repeat(246))]);
    put(folder.path(), [OsStr::from_bytes(b"latin-\xe9.png")]);
    let done = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", &store.name()]);
    assert_eq!(done.status.code(), Some(1));
    let stderr = text(&done.stderr);
    for expected in [
        "100%.png: % cannot stand in an id: rename it",
        "back\\slash.png: \\\\ cannot stand in an id: rename it",
        "break.png: \\n cannot stand in an id: rename it",
        "x.png: its id has 246 bytes between two slashes, of at most 245: rename it",
        "latin-\u{fffd}.png: the name is not UTF-8",
        ".hidden.png: skipped, hidden",
        "1 stored",
    ] {
        assert!(stderr.contains(expected), "{expected}: {stderr}");
    }
    assert_eq!(store.pyramids(), ["assets/Samples/good.tif"]);
    // What is named itself is not passed over, and a name of dots alone is no id.
    put(folder.path(), ["..png"]);
    let [hidden, dots] = [".hidden.png", "..png"].map(|name| folder.path().join(name));
    let named = [hidden.to_str().unwrap(), dots.to_str().unwrap()];
    let done = azulejo(&["ingest", named[0], named[1], "--to", &store.name()]);
    let stderr = text(&done.stderr);
    assert!(stderr.contains("..png: \"..\" cannot stand between the slashes"), "{stderr}");
    let done =
        azulejo(&["render", "Samples/.hidden?wid=9", "--from", &store.name(), "-o", "/dev/null"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
}

#[test]
fn a_set_whose_name_cannot_be_an_id_is_refused() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    put(folder.path(), ["shoe-1.png", "shoe-2.png"]);
    let preset = "[[set]]\ntype = 'ImageSet'\nmatch = '(\\w+)-\\d'\nsuffix = ' 100%'";
    fs::write(folder.path().join("azulejo.toml"), preset).unwrap();
    let done = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", &store.name()]);
    let stderr = text(&done.stderr);
    assert_eq!((done.status.code(), store.pyramids().len()), (Some(1), 2), "{stderr}");
    assert!(stderr.contains("sets of Samples/: % cannot stand in an id"), "{stderr}");
}

#[test]
fn s3_stores_unusual_names_under_the_same_keys() {
    let (folder, bucket) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    put(folder.path(), SERVED.map(|(name, _)| name));
    fs::create_dir(bucket.path().join("pictures")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let port = runtime.block_on(s3_server::serve(bucket.path()));
    let azulejo = |stderr: &[&str]| s3_server::azulejo(port, s3_server::SECRET, stderr);
    let done = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", "s3://pictures"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    for (name, url) in SERVED {
        let request = format!("Samples/{url}?wid=9&fmt=png");
        let done = azulejo(&["render", &request, "--from", "s3://pictures", "-o", "/dev/null"]);
        assert!(done.status.success(), "{url}: {}", text(&done.stderr));
        let key = format!("pictures/assets/Samples/{}.tif", name.strip_suffix(".png").unwrap());
        assert!(bucket.path().join(&key).is_file(), "{key}");
    }
}

#[test]
fn decomposed_names_are_stored_and_requested_composed() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    // As macOS stores them.
    put(folder.path(), ["Ro\u{308}te.png"]);
    let done = azulejo(&["ingest", folder.path().to_str().unwrap(), "--to", &store.name()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(store.pyramids(), ["assets/Samples/R\u{f6}te.tif"]);
    for url in ["R%C3%B6te", "Ro%CC%88te", "x?src=Samples/Ro%CC%88te", "R\u{f6}te"] {
        let request = format!("Samples/{url}{}wid=9", if url.contains('?') { "&" } else { "?" });
        let done = azulejo(&["render", &request, "--from", &store.name(), "-o", "/dev/null"]);
        assert!(done.status.success(), "{url}: {}", text(&done.stderr));
    }
}
