//! `/preview/…`: what the page may read of a bucket, and what it may not.

use std::fs;

use azulejo::{
    http::{HttpReply, HttpRequest, Method, Signing},
    serve::preview::{PreviewSettings, Token, preview},
    store::MemoryStore,
};

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let chart = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/chart.tif")).unwrap();
    for id in ["Shop/shoe", "Shop/hidden", "Shop/secret/a", "Private/a", "default/logo", "Far/a"] {
        store.put(&format!("assets/{id}.tif"), chart.clone());
    }
    let put = |key: &str, json: &str| store.put(key, json.as_bytes().to_vec());
    put("records/Shop/shoe.json", r#"{"modifier": "wid=9", "original": {"sha256": "abc"}}"#);
    put("records/Shop/shoe.json", r#"{"modifier": "wid=9", "owner": "Jo"}"#);
    put("records/Shop/hidden.json", r#"{"published": false}"#);
    put("records/Private/a.json", "{}");
    put(
        "catalogs/Shop.json",
        r#"{"format": 1, "macros": [["card", "wid=9"]], "rules":
            [{"name": "no", "expression": "^Shop/secret", "onMatch": "error"}]}"#,
    );
    put(
        "catalogs/Far.json",
        r#"{"format": 1, "attributes": {"ClientAddressFilter": "192.0.2.0/24", "MaxPix": "9,9"}}"#,
    );
    put("catalogs/Private.json", r#"{"format": 1}"#);
    put("catalogs/Locked.json", r#"{"format": 1, "attributes": {"RequestLock": "1"}}"#);
    store
}

fn request(path: &str) -> HttpRequest {
    let range = Some("bytes=0-".into());
    let mut request =
        HttpRequest { path: format!("/preview/{path}"), range, ..HttpRequest::default() };
    request.access.client = Some("198.51.100.1".into());
    request
}

fn settings(sources: &str) -> PreviewSettings {
    PreviewSettings { sources: sources.to_owned(), token: Token::Unset, edits: false }
}

fn answer(request: &HttpRequest) -> HttpReply {
    pollster::block_on(preview(request, &settings("Shop, Far ,Locked"), &store()))
}

fn status(path: &str) -> u16 {
    answer(&request(path)).status
}

fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

#[test]
fn records_and_catalogs_come_with_the_versions_that_they_are_stored_under() {
    let record = answer(&request("record/Shop/shoe"));
    assert_eq!((record.status, record.header("cache-control")), (200, Some("no-cache")));
    assert!(text(&record).contains("wid=9") && !text(&record).contains("Jo"), "{}", text(&record));
    let catalog = answer(&request("catalog/Shop"));
    assert!(text(&catalog).contains("card"));
    assert!(
        catalog
            .header("etag")
            .is_some_and(|tag| tag.len() > 2 && tag != record.header("etag").unwrap())
    );
    assert_eq!(catalog.header("access-control-allow-origin"), None, "other origins read nothing");
}

#[test]
fn a_pyramid_comes_by_ranges() {
    let mut http_request = request("source/Shop/shoe");
    http_request.range = Some("bytes=0-3".into());
    let part = answer(&http_request);
    assert_eq!((part.status, part.body.as_slice()), (206, &b"II*\0"[..]));
    assert!(part.header("content-range").unwrap().starts_with("bytes 0-3/"));
    http_request.range = Some("bytes=99999999-".into());
    let beyond = answer(&http_request);
    assert_eq!(beyond.status, 416);
    assert!(beyond.header("content-range").unwrap().starts_with("bytes */"));
    for none in [None, Some("bytes=-9".to_owned()), Some("lines=1-2".to_owned())] {
        http_request.range = none;
        assert_eq!(answer(&http_request).status, 403, "a pyramid goes out by ranges only");
    }
    http_request.range = Some("bytes=0-3".into());
    http_request.method = Method::Head;
    assert!(answer(&http_request).body.is_empty());
    http_request.method = Method::Other;
    assert_eq!(answer(&http_request).status, 405);
}

#[test]
fn what_is_missing_or_unpublished_is_nothing() {
    for path in [
        "source/Shop/none",
        "record/Shop/none",
        "source/Shop/hidden",
        "record/Shop/hidden",
        "catalog/default",
        "source/Shop/..%2F..%2FPrivate/a",
        "source/Shop/../Private/a",
        "source/Shop",
        "other/Shop/shoe",
        "",
    ] {
        let reply = answer(&request(path));
        assert_eq!((reply.status, reply.body.len()), (204, 0), "{path}");
    }
    let mut test = request("source/Shop/hidden");
    test.access.unpublished = true;
    assert_eq!(answer(&test).status, 206, "a test context shows it");
}

#[test]
fn only_listed_catalogs_are_open_and_their_own_refusals_hold() {
    for path in ["source/Private/a", "record/Private/a", "catalog/Private", "catalog/Nowhere"] {
        assert_eq!(status(path), 403, "{path}");
    }
    assert_eq!(status("source/default/logo"), 206, "the default catalog stands behind each");
    assert_eq!(status("source/Shop/secret/a"), 403, "a rule refuses it");
    assert_eq!(status("source/Shop/s%65cret/a"), 403, "however it is spelt");
    for path in ["source/Far/a", "catalog/Far", "source/Locked/a", "catalog/Locked"] {
        assert_eq!(status(path), 403, "{path}");
    }
    let mut near = request("catalog/Far");
    near.access.client = Some("192.0.2.7".into());
    let shown = answer(&near);
    assert_eq!(shown.status, 200);
    assert!(text(&shown).contains("MaxPix") && !text(&shown).contains("192.0.2"));
    let none = pollster::block_on(preview(&request("catalog/default"), &settings(""), &store()));
    assert_eq!(none.status, 403, "an empty list opens nothing");
}

#[test]
fn a_server_that_requires_signatures_shows_nothing() {
    for signing in [Signing::Presets, Signing::Required] {
        for path in ["source/Shop/shoe", "record/Shop/shoe", "catalog/Shop"] {
            let mut signed = request(path);
            signed.access.signing = signing;
            assert_eq!(answer(&signed).status, 403, "{path}");
        }
    }
}
