//! Smart Imaging: what a reply takes from its client's headers.

use azulejo::{
    client_hints::ClientHints,
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};

use crate::shop::{self, catalog};

/// The headers of a client, by the fields of [`ClientHints`].
fn client(accept: &str, ratio: &str, connection: &str) -> ClientHints {
    let header = |value: &str| (!value.is_empty()).then(|| value.to_owned());
    ClientHints {
        accept: header(accept),
        pixel_ratio: header(ratio),
        connection: header(connection),
        save_data: None,
    }
}

fn get(store: &MemoryStore, query: &str, hints: ClientHints) -> HttpReply {
    let request = HttpRequest {
        path: "/is/image/Shop/shoe".to_owned(),
        query: query.to_owned(),
        hints,
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, store, || 0.0));
    assert_eq!(reply.status, 200, "{query}: {}", String::from_utf8_lossy(&reply.body));
    reply
}

/// Two replies are one: the same bytes under the same tag.
fn is_same(one: &HttpReply, other: &HttpReply) -> bool {
    assert_eq!(one.header("etag") == other.header("etag"), one.body == other.body);
    one.body == other.body
}

#[test]
fn a_reply_without_smart_imaging_is_the_same_for_all_clients() {
    let store = shop::store();
    for query in ["wid=50", "wid=50&dpr=on,2", "wid=50&bfc=off&dpr=off&network=off"] {
        let plain = get(&store, query, ClientHints::default());
        let other = get(&store, query, client("image/avif,image/webp", "3", "2g"));
        assert!(is_same(&plain, &other), "{query}");
        assert_eq!(other.header("vary"), None, "{query}");
        assert_eq!(other.header("x-adobe-smart-imaging"), None, "{query}");
    }
}

#[test]
fn dpr_without_a_number_is_that_of_the_client() {
    let store = shop::store();
    let asked = |query: &str, ratio: &str| get(&store, query, client("", ratio, ""));
    let dense = asked("wid=50&fmt=png&dpr=on", "1.8");
    assert_eq!(dense.body, asked("wid=50&fmt=png&dpr=on,2", "").body);
    assert_eq!(dense.header("vary"), Some("Sec-CH-DPR, DPR"));
    assert!(is_same(&dense, &asked("wid=50&fmt=png&dpr=on", "2.0")), "one class");
    assert!(!is_same(&dense, &asked("wid=50&fmt=png&dpr=on", "3")));
    let unknown = asked("wid=50&fmt=png&dpr=on", "");
    assert_eq!(unknown.body, asked("wid=50&fmt=png", "").body);
    assert_eq!(unknown.header("vary"), Some("Sec-CH-DPR, DPR"), "others may tell theirs");
}

#[test]
fn a_slow_connection_gets_less_quality_and_no_dense_pixels() {
    let store = shop::store();
    let asked = |query: &str, ect: &str| get(&store, query, client("", "3", ect));
    let slow = asked("wid=50&qlt=90&dpr=on,2&network=on", "3g");
    assert_eq!(slow.body, asked("wid=50&qlt=60", "4g").body);
    assert_eq!(slow.header("vary"), Some("Save-Data, ECT"));
    assert!(is_same(&slow, &asked("wid=50&qlt=90&dpr=on,2&network=on", "slow-2g")));
    let fast = asked("wid=50&qlt=90&dpr=on,2&network=on", "4g");
    assert_eq!(fast.body, asked("wid=50&qlt=90&dpr=on,2", "3g").body);
    let both = asked("wid=50&dpr=on&network=on", "2g");
    assert_eq!(both.header("vary"), Some("Sec-CH-DPR, DPR, Save-Data, ECT"));
}

#[test]
fn the_catalog_turns_conversion_on_and_a_url_off() {
    let store = shop::store();
    catalog(&store, &[("Bfc", "true")]);
    let vary =
        |query: &str| get(&store, query, ClientHints::default()).header("vary").map(str::to_owned);
    for converted in ["wid=50", "wid=50&fmt=pjpeg", "wid=50&fmt=png-alpha", "req=tmb"] {
        assert_eq!(vary(converted).as_deref(), Some("Accept"), "{converted}");
    }
    for untouched in ["wid=50&bfc=off", "req=props"] {
        assert_eq!(vary(untouched), None, "{untouched}");
    }
    let plain = shop::store();
    let turned_on = get(&plain, "wid=50&bfc=on", ClientHints::default());
    assert_eq!(turned_on.header("vary"), Some("Accept"));
}

#[test]
fn a_304_names_the_headers_that_the_reply_depends_on() {
    let store = shop::store();
    let tag =
        get(&store, "wid=50&bfc=on", ClientHints::default()).header("etag").map(str::to_owned);
    let request = HttpRequest {
        path: "/is/image/Shop/shoe".to_owned(),
        query: "wid=50&bfc=on".to_owned(),
        if_none_match: tag,
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, &store, || 0.0));
    assert_eq!((reply.status, reply.header("vary")), (304, Some("Accept")));
}

#[test]
fn the_smallest_file_is_sent_in_a_format_that_the_client_accepts() {
    let store = shop::store();
    let asked = |query: &str, accept: &str| get(&store, query, client(accept, "", ""));
    for query in ["wid=150", "wid=150&fmt=pjpeg", "wid=150&fmt=png", "wid=150&fmt=png-alpha"] {
        let plain = asked(query, "");
        let smart = format!("{query}&bfc=on");
        let webp = asked(&smart, "text/html, image/webp;q=0.9");
        assert_eq!(webp.header("content-type"), Some("image/webp"), "{query}");
        assert_eq!(webp.body.get(8..12), Some(&b"WEBP"[..]), "{query}");
        let saved = (plain.body.len() - webp.body.len()).to_string();
        assert_eq!(webp.header("x-adobe-smart-imaging"), Some(saved.as_str()), "{query}");
        // An older client gets the same file as without `bfc=`, under another tag.
        let older = asked(&smart, "image/*, */*");
        assert_eq!(older.header("content-type"), plain.header("content-type"), "{query}");
        assert!(older.body == plain.body, "{query}");
        assert_eq!(older.header("x-adobe-smart-imaging"), None, "{query}");
        let tags = [&plain, &webp, &older].map(|reply| reply.header("etag"));
        assert!(tags[0] == tags[2] || tags[0] != tags[1], "{query}");
        assert_ne!(tags[1], tags[2], "{query}");
    }
}

#[test]
fn a_requested_format_that_is_the_smallest_is_sent() {
    // Coarse noise: what WebP predicts from its neighbours is wrong everywhere.
    let noise = "layer=1&size=200,200&color=255,255,255&opac=50&blendMode=dissolve";
    let request = HttpRequest {
        path: "/is/image/".to_owned(),
        query: format!("layer=0&size=200,200&color=0,0,0&{noise}&qlt=10&bfc=on"),
        hints: client("image/webp", "", ""),
        ..HttpRequest::default()
    };
    let reply = pollster::block_on(serve(&request, &shop::store(), || 0.0));
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/jpeg")));
    let saved = reply.header("x-adobe-smart-imaging").and_then(|saved| saved.parse().ok());
    assert!(saved.is_some_and(|saved: i64| saved < 0), "{saved:?}");
}

#[test]
fn alpha_is_kept_and_other_formats_are_not_replaced() {
    let store = shop::store();
    let webp = client("image/webp", "", "");
    let reply = get(&store, "wid=300&fmt=png-alpha&bfc=on", webp.clone());
    assert_eq!(reply.body.get(12..16), Some(&b"VP8X"[..]), "a WebP with alpha");
    assert_eq!(reply.body.get(20).map(|flags| flags & 0x10), Some(0x10), "the alpha flag");
    let reply = get(&store, "wid=150&fmt=webp&bfc=on", webp.clone());
    assert_eq!((reply.header("vary"), reply.header("x-adobe-smart-imaging")), (None, None));
    let masked = get(&store, "wid=150&req=mask&bfc=on", webp);
    assert_ne!(masked.header("content-type"), Some("image/webp"), "a mask is data");
}
