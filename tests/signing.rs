//! Signed requests from end to end: what is free, and how long a reply may live.

use std::fs;

use azulejo::{
    catalog::signature::sign,
    http::{HttpReply, HttpRequest, Method, Signing},
    serve::serve,
    store::MemoryStore,
};

const KEY: &str = "0123456789abcdef0123456789abcdef";
const NOW: u64 = 1_800_000_000;

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let chart = fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/chart.tif")).unwrap();
    for id in ["shoe", "never", "tricky"] {
        store.put(&format!("assets/Shop/{id}.tif"), chart.clone());
    }
    store.put("records/Shop/never.json", br#"{"expiration": -1}"#.to_vec());
    store.put("records/Shop/tricky.json", br#"{"postModifier": "req=img"}"#.to_vec());
    store.put("content/Shop/film.mp4", vec![7; 100]);
    store
}

fn request(signing: Signing, path: &str, query: &str) -> HttpRequest {
    let mut request = HttpRequest {
        path: path.to_owned(),
        query: query.to_owned(),
        received_at: NOW as f64 * 1000.0,
        ..HttpRequest::default()
    };
    request.access.signing = signing;
    request.access.keys = vec![KEY.into()];
    request
}

fn answer(request: &HttpRequest) -> HttpReply {
    pollster::block_on(serve(request, &store(), || 0.0))
}

/// `Cache-Control` of a request that is signed for a number of seconds.
fn control(path: &str, modifiers: &str, seconds: u64) -> String {
    let query = sign(KEY, path, modifiers, Some(NOW + seconds)).unwrap();
    let reply = answer(&request(Signing::Required, path, &query));
    assert!(matches!(reply.status, 200 | 206), "{}", reply.status);
    reply.header("cache-control").unwrap().to_owned()
}

#[test]
fn a_reply_lives_no_longer_than_its_signature() {
    let image = |seconds| control("/is/image/Shop/shoe", "wid=30", seconds);
    assert_eq!(image(600), "public, max-age=600");
    assert_eq!(image(36_010), "public, max-age=36000, stale-while-revalidate=10");
    assert_eq!(image(99_999), "public, max-age=36000, stale-while-revalidate=60");
    assert_eq!(control("/is/image/Shop/never", "wid=30", 60), "public, max-age=60");
    assert_eq!(control("/is/image/Shop/shoe", "req=props", 9), "public, max-age=9");
    assert_eq!(control("/is/image/Shop/shoe", "req=userdata", 9), "public, max-age=9");
    assert_eq!(control("/is/image/Shop/shoe", "wid=30&cache=off", 60), "no-store");
    assert_eq!(control("/is/content/Shop/film.mp4", "", 60), "public, max-age=60");
}

#[test]
fn the_304_the_head_and_the_range_of_a_signed_url_end_with_it() {
    let path = "/is/image/Shop/shoe";
    let query = sign(KEY, path, "wid=30", Some(NOW + 60)).unwrap();
    let mut http_request = request(Signing::Required, path, &query);
    let whole = answer(&http_request);
    http_request.if_none_match = whole.header("etag").map(str::to_owned);
    let revalidated = answer(&http_request);
    assert_eq!(
        (revalidated.status, revalidated.header("cache-control")),
        (304, Some("public, max-age=60"))
    );
    http_request.if_none_match = None;
    http_request.method = Method::Head;
    let head = answer(&http_request);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("cache-control"), Some("public, max-age=60"));
    let path = "/is/content/Shop/film.mp4";
    let query = sign(KEY, path, "", Some(NOW + 60)).unwrap();
    let mut http_request = request(Signing::Required, path, &query);
    http_request.range = Some("bytes=0-9".into());
    let part = answer(&http_request);
    assert_eq!((part.status, part.body.len()), (206, 10));
    assert_eq!(part.header("cache-control"), Some("public, max-age=60"));
}

/// The tag is the shared cache's key: neither signature nor expiry are part of it.
#[test]
fn all_signatures_of_a_request_share_one_copy() {
    let path = "/is/image/Shop/shoe";
    let tag = |expires| {
        let query = sign(KEY, path, "wid=30", expires).unwrap();
        answer(&request(Signing::Required, path, &query)).header("etag").unwrap().to_owned()
    };
    assert_eq!(tag(None), tag(Some(NOW + 9)));
    assert_eq!(tag(None), tag(Some(NOW + 99)));
}

#[test]
fn viewers_get_their_properties_without_a_signature_where_presets_are_free() {
    let get = |query: &str| answer(&request(Signing::Presets, "/is/image/Shop/shoe", query));
    let properties = get("req=props,json&scl=1&id=-9&handler=s7RIJSONResponse");
    assert_eq!(properties.status, 200);
    assert!(String::from_utf8_lossy(&properties.body).contains("image.width"));
    for query in ["req=exists", "req=imageprops,xml", "req=set,json", "req=userdata", "req=map"] {
        assert_eq!(get(query).status, 200, "{query}");
    }
    assert_eq!(get("$thumbnail$").status, 200);
    for query in ["wid=30", "req=img", "req=tmb", "wid=30&req=props&req=img"] {
        assert_eq!(get(query).status, 403, "{query}");
    }
}

/// What a record makes of it counts: pixels are never free.
#[test]
fn a_request_for_words_that_becomes_a_picture_is_refused() {
    let query = "wid=30&req=props";
    let reply = answer(&request(Signing::Presets, "/is/image/Shop/tricky", query));
    assert_eq!(reply.status, 403);
    assert!(String::from_utf8_lossy(&reply.body).contains("not signed"));
    let signed = sign(KEY, "/is/image/Shop/tricky", query, None).unwrap();
    let reply = answer(&request(Signing::Presets, "/is/image/Shop/tricky", &signed));
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/jpeg")));
}

/// Names of presets are a secret where requests are signed.
#[test]
fn an_unknown_preset_lists_the_others_where_nothing_is_signed_only() {
    let lists_presets = |signing, query: &str| {
        let reply = answer(&request(signing, "/is/image/Shop/shoe", query));
        let text = String::from_utf8(reply.body).unwrap();
        assert!(text.contains("$nope$: no such macro"), "{text}");
        text.contains("thumbnail")
    };
    assert!(lists_presets(Signing::Off, "$nope$"));
    assert!(!lists_presets(Signing::Presets, "$nope$"));
    assert!(!lists_presets(Signing::Presets, "$nope$&req=props,json"));
    let signed = |query| sign(KEY, "/is/image/Shop/shoe", query, None).unwrap();
    for query in ["$nope$", "$nope$&req=explain", "$nope$&req=props,json", "$nope$&req=props,xml"] {
        assert!(!lists_presets(Signing::Required, &signed(query)), "{query}");
    }
    assert!(lists_presets(Signing::Off, "$nope$&req=explain"));
}

/// Whoever may not ask costs nothing, and hears of it in the form that was asked for.
#[test]
fn a_request_without_its_signature_is_refused_before_anything_is_read() {
    let store = store();
    let refused = |path: &str, query: &str| {
        let request = request(Signing::Required, path, query);
        let reply = pollster::block_on(serve(&request, &store, || 0.0));
        assert_eq!(store.take_reads().len(), 0, "{path}?{query}");
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let mime = reply.header("content-type").unwrap_or_default().to_owned();
        (reply.status, mime, String::from_utf8(reply.body).unwrap())
    };
    let signed = sign(KEY, "/is/image/Shop/shoe", "wid=30", Some(NOW - 1)).unwrap();
    for (query, expected) in [
        ("wid=30", "not signed"),
        ("wid=30&sig=AAAA", "signature is wrong"),
        ("$nope$", "not signed"),
        ("req=exists", "not signed"),
        (&*signed, "expired"),
    ] {
        let (status, mime, text) = refused("/is/image/Shop/shoe", query);
        assert_eq!((status, &*mime), (403, "text/plain; charset=utf-8"));
        assert!(text.contains(expected), "{query}: {text}");
    }
    let (status, mime, text) = refused("/is/image/Shop/shoe", "req=props,json&id=7");
    assert_eq!((status, &*mime), (200, "text/javascript; charset=utf-8"));
    assert!(text.starts_with("/*jsonp*/s7jsonError(") && text.ends_with(",\"7\");"), "{text}");
    let (status, mime, _) = refused("/is/image/Shop/shoe", "req=exists,xml&$x=1");
    assert_eq!((status, &*mime), (403, "text/xml; charset=utf-8"));
    let (status, mime, _) = refused("/is/image/Shop/shoe", "req=explain");
    assert_eq!((status, &*mime), (403, "application/json"));
    assert_eq!(refused("/is/content/Shop/film.mp4", "").0, 403);
}
