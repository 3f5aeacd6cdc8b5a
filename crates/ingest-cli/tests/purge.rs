//! `azulejo purge` on a folder.

use crate::support;

use std::{collections::BTreeSet, fs};

use azulejo::{http::HttpRequest, serve::serve};
use azulejo_cli::store::{Bucket, Location};
use support::{Store, azulejo, text};

/// A store with an image, a document, and what shows the image: a set, a set of that set, a
/// template, a record that leads to it, and the default image of another catalog.
fn shop() -> Store {
    let store = Store::new();
    let put = |key: &str, bytes: &[u8]| {
        let path = store.0.path().join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let pyramid = fs::read(support::root().join("tests/fixtures/tulips.tif")).unwrap();
    for id in ["red", "blue"] {
        put(&format!("assets/Shop/shoes/{id}.tif"), &pyramid);
    }
    let crops = r#"{"crops":{"Banner":{"rect":[0,0,1,1],"width":9,"height":9}},
        "swatch":{"color":"0xff0000","rect":[0,0,1,1],"width":9,"height":9}}"#;
    for (name, json) in [
        ("Shop/shoes/red", crops),
        ("Shop/spin", r#"{"imageSet":"Shop/shoes/blue,Shop/shoes/red"}"#),
        ("Shop/media", r#"{"assetType":"MediaSet","imageSet":"spin;Shop/shoes/blue;3"}"#),
        ("Shop/card", r#"{"path":"","modifier":"src=is(Shop/shoes/red?wid=9)"}"#),
        ("Outlet/alias", r#"{"path":"shoes/red.tif"}"#),
        ("Shop/plain", r#"{"modifier":"wid=9"}"#),
    ] {
        put(&format!("records/{name}.json"), json.as_bytes());
    }
    put("content/Shop/guide.txt", b"Sizes");
    put("catalogs/Shop.json", br#"{"format":1,"macros":[["Card","wid=9"]]}"#);
    let outlet =
        r#"{"format":1,"attributes":{"RootPath":"Shop","DefaultImage":"/Shop/shoes/red"}}"#;
    put("catalogs/Outlet.json", outlet.as_bytes());
    store
}

fn run(store: &Store, arguments: &[&str]) -> (Option<i32>, Vec<String>, String) {
    let from = store.name();
    let done = azulejo(&[&["purge"], arguments, &["--from", from.as_str()]].concat());
    let lines = text(&done.stdout).lines().map(str::to_owned).collect();
    (done.status.code(), lines, text(&done.stderr))
}

#[test]
fn purge_prints_urls_of_an_object_and_of_all_that_shows_it() {
    let store = shop();
    let (code, urls, told) = run(&store, &["Shop/shoes/red", "--host", "https://cdn.example/"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(
        urls,
        [
            "https://cdn.example/is/image/Shop/shoes/red",
            "https://cdn.example/is/image/Shop/shoes/red:Banner",
            "https://cdn.example/is/image/Shop/shoes/red:Swatch",
            "https://cdn.example/is/image/Outlet/alias",
            // By the catalog's RootPath.
            "https://cdn.example/is/image/Outlet/shoes/red",
            "https://cdn.example/is/image/Shop/card",
            "https://cdn.example/is/image/Shop/media",
            "https://cdn.example/is/image/Shop/spin",
        ]
    );
    assert!(told.contains("the DefaultImage of Outlet shows it"), "{told}");
    let (_, urls, told) = run(&store, &["Shop/shoes/red", "--alone"]);
    assert_eq!(urls.len(), 3, "{urls:?}");
    assert_eq!((urls[0].as_str(), told.as_str()), ("/is/image/Shop/shoes/red", ""));
    let (_, urls, _) = run(&store, &["Shop/guide.txt"]);
    assert_eq!(urls, ["/is/content/Shop/guide.txt"]);
}

#[test]
fn purge_adds_urls_of_presets_and_of_a_template() {
    let store = shop();
    let (_, urls, _) = run(&store, &["Shop/shoes/blue", "--alone", "--presets"]);
    assert_eq!(urls[0], "/is/image/Shop/shoes/blue?$Card$");
    assert!(urls.contains(&"/is/image/Shop/shoes/blue?$product$".to_owned()), "{urls:?}");
    assert!(urls.contains(&"/is/image/Shop/shoes/blue".to_owned()), "{urls:?}");

    let file = store.0.path().join("template.txt");
    let template = file.to_str().unwrap();
    fs::write(&file, "/is/image/Shop/<ID>?wid=9\n/is/image/<ROOT>/<ID>?req=set,json\n").unwrap();
    let (_, urls, _) =
        run(&store, &["Shop/spin", "Outlet/alias", "--alone", "--template", template]);
    assert_eq!(
        urls,
        [
            "/is/image/Shop/spin",
            "/is/image/Shop/spin?wid=9",
            "/is/image/Shop/spin?req=set,json",
            "/is/image/Outlet/alias",
            "/is/image/Outlet/alias?req=set,json",
        ]
    );
    fs::write(&file, "/is/image/Shop/shoe\n").unwrap();
    let (code, urls, told) = run(&store, &["Shop/spin", "--template", template]);
    assert_eq!((code, urls.len()), (Some(2), 0));
    assert!(told.contains("template.txt, line 1: /is/image/Shop/shoe: expected"), "{told}");
}

#[test]
fn a_purge_of_a_catalog_is_of_all_its_objects() {
    let store = shop();
    let (_, urls, _) = run(&store, &["Shop/", "--alone"]);
    let urls: BTreeSet<String> = urls.into_iter().collect();
    for url in ["image/Shop/shoes/blue", "image/Shop/spin", "content/Shop/guide.txt"] {
        assert!(urls.contains(&format!("/is/{url}")), "{urls:?}");
    }
    assert_eq!(urls.len(), 9, "{urls:?}");
    let (_, tags, _) = run(&store, &["Shop/", "--tags"]);
    assert_eq!(tags, ["Shop/", "+"]);
}

#[test]
fn a_purge_of_what_is_gone_prints_all_that_it_may_have_been() {
    let store = shop();
    fs::remove_file(store.0.path().join("assets/Shop/shoes/blue.tif")).unwrap();
    let (code, urls, _) = run(&store, &["Shop/shoes/blue"]);
    assert_eq!(code, Some(0));
    let own = ["/is/image/Shop/shoes/blue", "/is/content/Shop/shoes/blue"];
    assert_eq!(urls[..2], own);
    assert!(urls.contains(&"/is/image/Shop/spin".to_owned()), "{urls:?}");
}

#[test]
fn purge_splits_into_batches() {
    let store = shop();
    let (_, lines, _) = run(&store, &["Shop/", "--alone", "--json", "--batch", "4"]);
    let batches: Vec<serde_json::Value> =
        lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let lengths: Vec<usize> =
        batches.iter().map(|batch| batch["files"].as_array().unwrap().len()).collect();
    assert_eq!(lengths, [4, 4, 1]);
    let (_, lines, _) = run(&store, &["Shop/", "--alone", "--batch", "4"]);
    assert_eq!(lines.iter().position(String::is_empty), Some(4), "{lines:?}");
    let (_, lines, _) = run(&store, &["Shop/spin", "Shop/card", "--tags", "--json"]);
    assert_eq!(lines, [r#"{"tags":["Shop/spin","Shop/card","+"]}"#]);
    for wrong in [&["Shop/", "--batch", "1001"][..], &["Shop"], &["/"], &["Shop/a", "--hashed"]] {
        assert_eq!(run(&store, wrong).0, Some(2), "{wrong:?}");
    }
}

/// What is printed to purge an image is on every reply that shows it.
#[test]
fn purge_prints_tags_that_replies_have() {
    let store = shop();
    let location: Location = store.name().parse().unwrap();
    let bucket = Bucket::open(&location, None).unwrap();
    for hashed in [false, true] {
        let form = if hashed { &["--hashed"][..] } else { &[] };
        let (_, tags, _) = run(&store, &[&["Shop/shoes/red", "--tags"], form].concat());
        assert_eq!(tags.len(), 2, "{tags:?}");
        for url in [
            "/is/image/Shop/shoes/red?wid=9",
            "/is/image/Shop/shoes/red:Banner",
            "/is/image/Shop/card?wid=9",
            "/is/image/Shop/spin?req=set",
            "/is/image/Shop/media?req=set",
            "/is/image/Outlet/alias?wid=9",
            "/is/image/Outlet/shoes/red?wid=9",
            "/is/image/Outlet/none?wid=9",
        ] {
            let (path, query) = url.split_once('?').unwrap_or((url, ""));
            let mut request = HttpRequest {
                path: path.to_owned(),
                query: query.to_owned(),
                ..HttpRequest::default()
            };
            if hashed {
                request.access.cache_tags = azulejo::http::CacheTags::Hashed;
            }
            let reply = pollster(serve(&request, &bucket, || 0.0));
            assert_eq!(reply.status, 200, "{url}: {}", text(&reply.body));
            let header = reply.header("cache-tag").unwrap();
            assert!(header.split(',').any(|tag| tag == tags[0]), "{url}: {tags:?} in {header}");
        }
    }
}

fn pollster<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}
