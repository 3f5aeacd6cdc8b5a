//! Goldens: a request, and the exact bytes of its answer.
//!
//! `tests/golden/<family>/<case>.url` holds `# what it proves`, then `Test/<fixture>?modifiers`;
//! beside it lies the answer, `.png`, `.jpg`, or `.txt` (status, MIME type, blank line, body).
//! `BLESS=1` rewrites them; a failure writes what came out to `tests/golden/actual/`.
//!
//! `tests/golden/tags.txt` holds the entity tags: caches find pictures by them, so an answer that
//! changes and keeps its tag would be the old one for as long as it is cached.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its tools too")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use azulejo::{
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    for entry in fs::read_dir(root().join("fixtures")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "tif") {
            let name = path.file_stem().unwrap().to_str().unwrap();
            store.put(&format!("assets/Test/{name}.tif"), fs::read(&path).unwrap());
        }
    }
    store
}

fn answer(store: &MemoryStore, request: &str) -> HttpReply {
    let (object, query) = request.split_once('?').unwrap_or((request, ""));
    let request = HttpRequest {
        path: format!("/is/image/{object}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

/// The extension of a golden, and its bytes.
fn golden(reply: &HttpReply) -> (&'static str, Vec<u8>) {
    match (reply.status, reply.header("content-type").unwrap()) {
        (200, "image/png") => ("png", reply.body.clone()),
        (200, "image/jpeg") => ("jpg", reply.body.clone()),
        (status, mime) => {
            let mut text = format!("{status}\n{mime}\n\n").into_bytes();
            text.extend_from_slice(&reply.body);
            ("txt", text)
        }
    }
}

fn cases() -> Vec<PathBuf> {
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

#[test]
fn every_answer_is_the_golden_to_the_byte() {
    let store = store();
    let cases = cases();
    assert!(cases.len() >= 30, "only {} cases were found", cases.len());
    let noted = fs::read_to_string(root().join("golden/tags.txt")).unwrap_or_default();
    let noted: BTreeMap<&str, &str> = noted.lines().filter_map(|l| l.split_once(' ')).collect();
    let mut tags = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in &cases {
        let text = fs::read_to_string(case).unwrap();
        let (title, request) = text.trim_end().split_once('\n').unwrap();
        assert!(title.starts_with("# "), "{}: no title", case.display());
        let reply = answer(&store, request);
        let (extension, bytes) = golden(&reply);
        let expected = case.with_extension(extension);
        let changed = fs::read(&expected).is_ok_and(|before| before != bytes);
        if let Some(tag) = reply.header("etag") {
            let name = case.strip_prefix(root().join("golden")).unwrap().with_extension("");
            let name = name.to_str().unwrap().replace('\\', "/");
            let same = noted.get(name.as_str()) == Some(&tag);
            assert!(!(changed && same), "{name}: other bytes under the same tag; raise ENGINE");
            tags.insert(name, tag.to_owned());
        }
        if std::env::var_os("BLESS").is_some() {
            for stale in ["png", "jpg", "txt"] {
                let _ = fs::remove_file(case.with_extension(stale));
            }
            fs::write(&expected, &bytes).unwrap();
        } else if fs::read(&expected).ok().as_deref() != Some(bytes.as_slice()) {
            let actual = root().join("golden/actual");
            fs::create_dir_all(&actual).unwrap();
            fs::write(actual.join(expected.file_name().unwrap()), &bytes).unwrap();
            wrong.push(format!("{}: {request}\n  {title}", expected.display()));
        }
    }
    let told: String = tags.iter().map(|(name, tag)| format!("{name} {tag}\n")).collect();
    if std::env::var_os("BLESS").is_some() {
        fs::write(root().join("golden/tags.txt"), &told).unwrap();
    }
    assert!(
        wrong.is_empty(),
        "{} differ, see tests/golden/actual:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    let noted: String = noted.iter().map(|(name, tag)| format!("{name} {tag}\n")).collect();
    assert!(std::env::var_os("BLESS").is_some() || told == noted, "tags differ from tags.txt");
}

/// `rect=` cuts a view into tiles that fit together without a seam, filters and all (r-rect).
#[test]
fn the_parts_of_a_view_make_up_the_whole() {
    let store = store();
    // The second radius is blurred at reduced size, on a grid that parts must share.
    for view in [
        "Test/dandelions?wid=300&op_usm=1.5,2&op_sharpen=1&fmt=png",
        "Test/chart?scl=1&op_usm=1.5,8&fmt=png",
    ] {
        parts_make_up_the_whole(&store, view);
    }
}

fn parts_make_up_the_whole(store: &MemoryStore, view: &str) {
    let pixels = |rect: &str| {
        let reply = answer(store, &format!("{view}{rect}"));
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
        let decoder = png::Decoder::new(std::io::Cursor::new(reply.body));
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width as usize, info.height as usize, pixels)
    };
    let (width, height, whole) = pixels("");
    for (x, y) in [(0, 0), (102, 61), (200, 120)] {
        let (w, h, part) = pixels(&format!("&rect={x},{y},100,49"));
        assert_eq!((w, h), (100, 49));
        for row in 0..h.min(height - y) {
            let from = ((y + row) * width + x) * 3;
            assert_eq!(part[row * w * 3..][..w * 3], whole[from..from + w * 3], "{x},{y}+{row}");
        }
    }
}
