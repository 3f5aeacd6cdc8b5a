use super::*;
use crate::{
    limits::TRUST_SECONDS,
    pyramid::Index,
    store::{self, MemoryStore},
};

const TULIPS: &[u8] = include_bytes!("../../tests/fixtures/tulips.tif");
const CHART: &[u8] = include_bytes!("../../tests/fixtures/chart.tif");
const KEY: &str = "assets/Shop/shoe.tif";

/// Seconds after which no cache entry is trusted.
const LATER: f64 = TRUST_SECONDS as f64;

fn get(store: &MemoryStore, query: &str, seconds: f64) -> HttpReply {
    let request = HttpRequest {
        path: "/is/image/Shop/shoe".to_owned(),
        query: query.to_owned(),
        received_at: 1.8e12 + seconds * 1000.0,
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn text(reply: &HttpReply) -> &str {
    std::str::from_utf8(&reply.body).unwrap()
}

#[test]
fn a_replaced_image_is_seen_once_its_cache_entry_expires() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let before = get(&store, "req=imageprops", 0.0);
    store.put(KEY, CHART.to_vec());
    assert_eq!(get(&store, "req=imageprops", LATER - 1.0).header("etag"), before.header("etag"));
    let after = get(&store, "req=imageprops", LATER + 1.0);
    assert_ne!(after.header("etag"), before.header("etag"));
    assert_ne!(after.body, before.body);
}

#[test]
fn an_unchanged_image_is_confirmed_by_a_read_of_no_bytes() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    get(&store, "req=imageprops", 0.0);
    store.take_reads();
    get(&store, "req=imageprops", LATER + 1.0);
    let reads = store.take_reads();
    assert_eq!(reads.iter().map(|read| read.range.len).collect::<Vec<_>>(), [0]);
    get(&store, "req=imageprops", LATER + 2.0);
    assert!(store.take_reads().is_empty(), "the confirmation is remembered, too");
}

#[test]
fn a_missing_image_is_cached_and_seen_once_it_exists() {
    let store = MemoryStore::new();
    assert_eq!(get(&store, "wid=9", 0.0).status, 403);
    store.take_reads();
    assert_eq!(get(&store, "wid=8", 1.0).status, 403);
    assert!(store.take_reads().is_empty());
    store.put(KEY, TULIPS.to_vec());
    assert_eq!(get(&store, "wid=9", LATER + 1.0).status, 200);
}

#[test]
fn an_image_replaced_while_it_is_drawn_is_drawn_anew_under_its_new_tag() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let old = get(&store, "wid=100", 0.0);
    store.put(KEY, CHART.to_vec());
    // The old version is still cached, so tiles of a version that is gone are requested.
    let new = get(&store, "wid=100", 1.0);
    assert_eq!(new.status, 200);
    assert_ne!(new.header("etag"), old.header("etag"));
    assert_eq!(new.header("etag"), get(&store, "wid=100", LATER + 9.0).header("etag"));
}

#[test]
fn a_mask_is_the_alpha_channel_in_grey() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let [mask, image] = ["req=mask&fmt=png-alpha", "fmt=png-alpha"].map(|query| {
        let reply = get(&store, &format!("{query}&wid=50"), 0.0);
        let mut reader = png::Decoder::new(std::io::Cursor::new(reply.body)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        pixels.truncate(info.buffer_size());
        (info.color_type, pixels)
    });
    assert_eq!((mask.0, image.0), (png::ColorType::Grayscale, png::ColorType::Rgba));
    let alpha: Vec<u8> = image.1.iter().skip(3).step_by(4).copied().collect();
    assert!(alpha.iter().max() > alpha.iter().min(), "{alpha:?}");
    assert_eq!(mask.1, alpha);
}

#[test]
fn a_mask_of_an_image_without_alpha_is_white_where_it_is() {
    let store = MemoryStore::new();
    store.put(KEY, CHART.to_vec());
    let reply = get(&store, "req=mask&wid=20&hei=200&fmt=png&fit=fit", 0.0);
    let mut reader = png::Decoder::new(std::io::Cursor::new(reply.body)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!((pixels[0], pixels[100 * 20 + 10]), (0, 255), "around the image there is none");
}

#[test]
fn loadcache_reports_the_length_of_the_image() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let image = get(&store, "wid=50", 0.0);
    let properties = get(&store, "wid=50&req=loadcache", 0.0);
    assert!(text(&properties).contains(&format!("image.length={}\r\n", image.body.len())));
    assert_eq!(properties.header("cache-control"), Some("no-store"));
}

#[test]
fn validate_and_message_need_no_image() {
    let store = MemoryStore::new();
    let valid = get(&store, "req=validate,json&id=7&wid=50", 0.0);
    assert_eq!(text(&valid), "/*jsonp*/s7jsonResponse({\"request.isValid\":\"1\"},\"7\");");
    assert_eq!(get(&store, "req=validate&wid=abc", 0.0).status, 403);
    let message = get(&store, "req=message&message=hello", 0.0);
    assert_eq!((message.status, text(&message)), (200, ""));
}

#[test]
fn xmp_is_the_packet_or_an_empty_one() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let reply = get(&store, "req=xmp", 0.0);
    assert_eq!(reply.header("content-type"), Some("text/xml; charset=utf-8"));
    assert!(text(&reply).starts_with("<x:xmpmeta"));
    // The packet is unchanged XML from the original, and a browser would run its scripts.
    let policy = reply.header("content-security-policy").unwrap();
    assert!(policy.starts_with("sandbox"), "{policy}");
}

#[test]
fn cache_off_keeps_the_reply_out_of_caches() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let lifetime = |query: &str| {
        let reply = get(&store, query, 0.0);
        (reply.header("cache-control").map(str::to_owned), reply.shared_max_age)
    };
    assert_eq!(lifetime("wid=50&cache=off"), (Some("no-store".to_owned()), None));
    assert_eq!(lifetime("wid=50&cache=on,off").1, Some(36_000));
    assert_eq!(get(&store, "wid=50&cache=perhaps", 0.0).status, 403);
}

/// The same pyramid with its first directory at the end, as a third-party writer might leave it.
fn remote() -> Vec<u8> {
    let mut file = TULIPS.to_vec();
    assert_eq!(file[..4], *b"II*\0", "a classic, little-endian TIFF");
    let first = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let entries = usize::from(u16::from_le_bytes(file[first..first + 2].try_into().unwrap()));
    let end = u32::try_from(file.len()).unwrap();
    file.extend_from_within(first..first + 2 + 12 * entries + 4);
    file[4..8].copy_from_slice(&end.to_le_bytes());
    file
}

/// The number of reads of the pyramid, and of an index beside it, that a request needs without
/// cache entries for the image.
fn reads_to_open(store: &MemoryStore) -> usize {
    store.take_reads();
    assert_eq!(get(store, "req=imageprops", 0.0).status, 200);
    store.take_reads().iter().filter(|read| read.key.starts_with(KEY)).count()
}

#[test]
fn a_third_party_pyramid_opens_in_one_read_by_the_index_in_its_record() {
    let with_record = |index: Option<&Index>| {
        let store = MemoryStore::new();
        let version = store.put(KEY, remote());
        let index = index.map(|index| Index { version, ..index.clone() }.to_bytes());
        let mut record = crate::catalog::Record::default();
        assert!(record.set_pyramid_index(index.as_deref()));
        store.put("records/Shop/shoe.json", record.to_json().unwrap());
        store
    };
    // The header, no index beside it, the directory.
    let store = with_record(None);
    assert_eq!(reads_to_open(&store), 3);
    let buffer = FetchBuffer::default();
    let index = store::fulfil(&store, &buffer, crate::pyramid::open(KEY, &buffer));
    let index = pollster::block_on(index).unwrap();
    let image = get(&store, "wid=50", 1.0);

    let store = with_record(Some(&index));
    assert_eq!(reads_to_open(&store), 1);
    assert_eq!(get(&store, "wid=50", 1.0).body, image.body);

    // An index of a replaced pyramid is ignored.
    let store = with_record(Some(&index));
    store.put(KEY, CHART.to_vec());
    assert!(text(&get(&store, "req=imageprops", 0.0)).contains("image.width=301"));
}

#[test]
fn an_index_too_long_for_a_record_lies_beside_the_pyramid() {
    let mut record = crate::catalog::Record::default();
    assert!(record.set_pyramid_index(Some(&[1])));
    assert!(!record.set_pyramid_index(Some(&vec![0; crate::limits::RECORD_INDEX_BYTES + 1])));
    assert_eq!(record.pyramid_index(), None, "nor is that of the pyramid before it kept");
}

#[test]
fn a_date_is_sent_if_the_catalog_wants_one_and_replaces_the_tag() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let catalog = |attributes: &str| {
        let compiled = crate::catalog::Compiled::of_files(attributes, "").unwrap();
        store.put("catalogs/Shop.json", compiled.to_json().unwrap());
    };
    let conditional = |seconds: f64, tag: Option<&str>, date: Option<&str>| {
        let request = HttpRequest {
            path: "/is/image/Shop/shoe".to_owned(),
            query: "wid=50".to_owned(),
            received_at: 1.8e12 + seconds * 1000.0,
            if_none_match: tag.map(str::to_owned),
            if_modified_since: date.map(str::to_owned),
            ..HttpRequest::default()
        };
        pollster::block_on(serve(&request, &store, || 0.0))
    };
    catalog("UseLastModified=0");
    assert_eq!(get(&store, "wid=50", 0.0).header("last-modified"), None);
    catalog("UseLastModified=1\nTimeStamp=1795238284000");
    let (later, date) = (100.0, "Sat, 21 Nov 2026 05:18:04 GMT");
    let reply = get(&store, "wid=50", later);
    assert_eq!((reply.status, reply.header("last-modified")), (200, Some(date)));
    let status = |tag, date| conditional(later, tag, date).status;
    assert_eq!(status(None, Some(date)), 304);
    assert_eq!(conditional(later, None, Some(date)).header("last-modified"), Some(date));
    assert_eq!(status(None, Some("Sat, 21 Nov 2026 05:18:03 GMT")), 200);
    // `If-None-Match` takes precedence over `If-Modified-Since`.
    assert_eq!(status(Some("\"another\""), Some(date)), 200);
    assert_eq!(status(reply.header("etag"), Some("Thu, 01 Jan 1970 00:00:00 GMT")), 304);
    assert_eq!(get(&store, "wid=50&cache=off", later).header("last-modified"), None);
}

/// r-expiration-cat: "the server always returns 304 … in response to conditional GET requests
/// without checking whether the file has actually changed".
#[test]
fn what_never_expires_is_not_changed() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let status = |tag: Option<&str>, date: Option<&str>, query: &str| {
        let request = HttpRequest {
            path: "/is/image/Shop/shoe".to_owned(),
            query: query.to_owned(),
            received_at: 1.8e12,
            if_none_match: tag.map(str::to_owned),
            if_modified_since: date.map(str::to_owned),
            ..HttpRequest::default()
        };
        pollster::block_on(serve(&request, &store, || 0.0)).status
    };
    let date = Some("Thu, 01 Jan 1970 00:00:00 GMT");
    store.put("records/Shop/shoe.json", br#"{"expiration": -1}"#.to_vec());
    assert_eq!(status(None, None, "wid=9"), 200);
    assert_eq!(status(Some("\"another\""), None, "wid=9"), 304);
    assert_eq!(status(None, date, "wid=9"), 304);
    assert_eq!(status(None, date, "wid=9&cache=off"), 200, "it is not kept");
    assert_eq!(status(None, date, "wid=9&req=props"), 200, "that has a lifetime of its own");
    assert_eq!(status(None, date, "wid=abc"), 403);
}

/// Scripts of any page can read every reply, and the headers that CORS would hide.
#[test]
fn every_reply_may_be_read_by_every_page() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    store.put("content/Shop/a.css", b"body {}".to_vec());
    let tag = get(&store, "wid=9", 0.0).header("etag").map(str::to_owned);
    let image = HttpRequest { path: "/is/image/Shop/shoe".to_owned(), ..HttpRequest::default() };
    let content = HttpRequest { path: "/is/content/Shop/a.css".to_owned(), ..image.clone() };
    let query = |query: &str| HttpRequest { query: query.to_owned(), ..image.clone() };
    let range = |range: &str| HttpRequest { range: Some(range.to_owned()), ..content.clone() };
    let any = Some("*".to_owned());
    for (request, status) in [
        (query("wid=9"), 200),
        (HttpRequest { if_none_match: tag, ..query("wid=9") }, 304),
        (HttpRequest { if_none_match: any.clone(), ..query("req=userdata") }, 304),
        (query("req=props"), 200),
        (query("req=explain"), 200),
        (query("wid=x"), 403),
        (HttpRequest { path: "/is/image".to_owned(), ..image.clone() }, 200),
        (HttpRequest { method: Method::Other, ..query("wid=9") }, 405),
        (content.clone(), 200),
        (range("bytes=0-1"), 206),
        (range("bytes=99-"), 416),
        (HttpRequest { if_none_match: any, ..content.clone() }, 304),
    ] {
        let reply = pollster::block_on(serve(&request, &store, || 0.0));
        assert_eq!(reply.status, status, "{request:?}");
        for (name, value) in crate::http::SHARED_HEADERS {
            assert_eq!(reply.header(name), Some(value), "{name} of {request:?}");
        }
        let exposed = reply.header("access-control-expose-headers").unwrap();
        for name in ["ETag", "Server-Timing", "X-Azulejo-Cache", "Content-Range"] {
            assert!(exposed.split(", ").any(|header| header == name), "{name}");
        }
    }
}

/// A reply is rendered for all clients: the conditions of the first request do not affect the
/// others.
#[test]
fn what_is_drawn_is_the_same_for_every_client() {
    let store = MemoryStore::new();
    store.put(KEY, TULIPS.to_vec());
    let plain = get(&store, "wid=9", 0.0);
    let tag = plain.header("etag").map(str::to_owned);
    let drawn = |request: &HttpRequest| {
        pollster::block_on(async {
            match prepare(request, &store, &|| 0.0).await {
                Prepared::Pending(pending) => pending.finish(&store).await,
                Prepared::Reply(reply) => reply,
            }
        })
    };
    let request = HttpRequest {
        path: "/is/image/Shop/shoe".to_owned(),
        query: "wid=9".to_owned(),
        received_at: 1.8e12,
        ..HttpRequest::default()
    };
    let head = HttpRequest { method: Method::Head, ..request.clone() };
    assert_eq!(drawn(&head).body, plain.body);
    assert_eq!(conclude(&head, drawn(&head)).body, b"");
    // The object is replaced by the version that this client has, while another is cached.
    store.put(KEY, CHART.to_vec());
    let other = HttpRequest { if_none_match: tag.clone(), ..request.clone() };
    store.put(KEY, CHART.to_vec());
    let later = HttpRequest { received_at: 1.8e12 + (LATER + 1.0) * 1000.0, ..other };
    let chart = drawn(&later);
    assert_eq!((chart.status, chart.body.is_empty()), (200, false));
    store.put(KEY, TULIPS.to_vec());
    // The cached version is the chart's; rendering reads the tulips.
    let reply = drawn(&later);
    assert_eq!((reply.status, &reply.body), (200, &plain.body));
    assert_eq!(reply.header("etag"), tag.as_deref());
    assert_eq!(conclude(&later, reply.clone()).status, 304);
    assert_eq!(conclude(&request, reply).body, plain.body, "who sends no condition gets it whole");
}
