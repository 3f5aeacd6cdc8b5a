//! `/is/content`: stored files, whole and in parts, and what is said of them.
use std::cell::Cell;

use azulejo::{
    catalog::{Compiled, FORMAT, Rule, RuleHeader},
    codec::Codecs,
    http::{HttpReply, HttpRequest, Method},
    serve::{Prepared, prepare, serve},
    store::{Block, ByteRange, MemoryStore, Read, ReadError, Store},
};

const CSS: &[u8] = b"body { color: red }";
const SVG: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
/// When [`Dated`] says that all objects were stored.
const DATE: &str = "Sat, 21 Nov 2026 05:18:04 GMT";

/// A store in memory that knows when its objects were stored.
#[derive(Default)]
struct Dated(MemoryStore);

impl Codecs for Dated {}

impl Store for Dated {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let block = self.0.read(read).await?;
        Ok(Block { modified: Some(1_795_238_284_000.0), ..block })
    }
}

fn store() -> Dated {
    let store = Dated::default();
    store.0.put("content/Shop/css/site.css", CSS.to_vec());
    store.0.put("content/Shop/video.mp4", (0..100).collect());
    store.0.put("svg/Shop/logo.svg", SVG.to_vec());
    store.0.put("records/Shop/logo.json", br#"{"svg": true}"#.to_vec());
    store
}

fn record(store: &Dated, id: &str, json: &str) {
    store.0.put(&format!("records/Shop/{id}.json"), json.as_bytes().to_vec());
}

fn catalog(store: &Dated, pairs: &[(&str, &str)], rules: &[Rule]) {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let attributes = pairs.iter().map(owned).collect();
    let compiled =
        Compiled { format: FORMAT, attributes, rules: rules.to_vec(), ..Compiled::default() };
    store.0.put("catalogs/Shop.json", compiled.to_json().unwrap());
}

fn request(url: &str) -> HttpRequest {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let (path, query) = (format!("/is/content/{path}"), query.to_owned());
    HttpRequest { path, query, ..HttpRequest::default() }
}

fn answer(store: &(impl Store + Codecs), request: &HttpRequest) -> HttpReply {
    pollster::block_on(serve(request, store, || 0.0))
}

fn get(store: &(impl Store + Codecs), url: &str) -> HttpReply {
    answer(store, &request(url))
}

fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The message of a refusal.
fn refusal(store: &(impl Store + Codecs), url: &str) -> String {
    let reply = get(store, url);
    assert_eq!((reply.status, reply.header("cache-control")), (403, Some("no-store")), "{url}");
    text(&reply)
}

#[test]
fn a_file_comes_as_it_is_stored_with_its_type_date_and_tag() {
    let store = store();
    let css = get(&store, "Shop/css/site.css");
    assert_eq!((css.status, css.body.as_slice()), (200, CSS));
    let header = |name| css.header(name);
    assert_eq!(header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(header("content-length"), Some("19"));
    assert_eq!(header("last-modified"), Some(DATE));
    assert_eq!(header("accept-ranges"), Some("bytes"));
    assert_eq!(header("cache-control"), Some("public, max-age=36000, stale-while-revalidate=60"));
    assert_eq!(header("x-content-type-options"), Some("nosniff"));
    assert!(header("etag").unwrap().starts_with('"'));
    assert_eq!(header("content-security-policy"), None);
    // Modifiers of images mean nothing here, whatever they say (N11).
    let odd = get(&store, "Shop/css/site.css?wid=abc&fmt=png-alpha&$nope$&layer=x&.v=2");
    assert_eq!((odd.status, &odd.body, odd.header("etag")), (200, &css.body, header("etag")));
    store.0.put("content/Shop/css/site.css", b"body {}".to_vec());
    assert_ne!(get(&store, "Shop/css/site.css").header("etag"), header("etag"));
}

/// The platform sends the file: until then it is a key, a range and a version.
#[test]
fn the_body_is_named_and_not_read() {
    let store = store();
    let mut http_request = request("Shop/video.mp4");
    http_request.range = Some("bytes=90-".into());
    let Prepared::Reply(reply) = pollster::block_on(prepare(&http_request, &store, &|| 0.0)) else {
        panic!("nothing is drawn")
    };
    let stored = reply.stored.unwrap();
    assert_eq!(
        (stored.key.as_str(), stored.range),
        ("content/Shop/video.mp4", ByteRange::new(90, 10))
    );
    assert!(stored.version.is_some() && reply.body.is_empty());
    let of_content = |read: &Read| read.key.starts_with("content/");
    let reads = store.0.take_reads();
    assert!(
        reads.iter().filter(|read| of_content(read)).all(|read| read.range.len == 0),
        "{reads:?}"
    );
}

#[test]
fn a_range_is_a_part_of_the_file() {
    let store = store();
    let whole = get(&store, "Shop/video.mp4");
    let part = |range: &str, if_range: Option<&str>| {
        let mut http_request = request("Shop/video.mp4");
        (http_request.range, http_request.if_range) =
            (Some(range.into()), if_range.map(str::to_owned));
        let reply = answer(&store, &http_request);
        let content_range = reply.header("content-range").unwrap_or_default().to_owned();
        (reply.status, content_range, reply.body)
    };
    let middle = (206, "bytes 10-19/100".to_owned(), whole.body[10..20].to_vec());
    assert_eq!(part("bytes=10-19", None), middle);
    assert_eq!(part("bytes=-5", None), (206, "bytes 95-99/100".into(), whole.body[95..].to_vec()));
    assert_eq!(part("bytes=0-", None), (206, "bytes 0-99/100".into(), whole.body.clone()));
    let complete = (200, String::new(), whole.body.clone());
    assert_eq!(part("bytes=0-1,5-6", None), complete, "several at once are the whole");
    let (status, content_range, _) = part("bytes=100-", None);
    assert_eq!((status, content_range.as_str()), (416, "bytes */100"));
    // The range of a copy that is not the present one is of no use.
    assert_eq!(part("bytes=10-19", whole.header("etag")), middle);
    assert_eq!(part("bytes=10-19", whole.header("last-modified")), middle);
    assert_eq!(part("bytes=10-19", Some("\"another\"")), complete);
    let weak = format!("W/{}", whole.header("etag").unwrap());
    assert_eq!(part("bytes=10-19", Some(&weak)), complete, "strongly compared");
}

#[test]
fn conditions_go_before_ranges_and_head_has_none() {
    let store = store();
    let whole = get(&store, "Shop/video.mp4");
    let mut http_request = request("Shop/video.mp4");
    http_request.range = Some("bytes=10-19".into());
    http_request.if_none_match = whole.header("etag").map(str::to_owned);
    let revalidated = answer(&store, &http_request);
    assert_eq!(
        (revalidated.status, revalidated.body.len(), revalidated.header("etag")),
        (304, 0, whole.header("etag"))
    );
    http_request.if_none_match = None;
    http_request.if_modified_since = Some(DATE.into());
    assert_eq!(answer(&store, &http_request).status, 304);
    http_request.if_modified_since = None;
    http_request.method = Method::Head;
    let head = answer(&store, &http_request);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some("100"));
    http_request.method = Method::Other;
    assert_eq!(answer(&store, &http_request).status, 405);
}

#[test]
fn an_svg_is_sent_where_it_cannot_run_scripts() {
    let store = store();
    let svg = get(&store, "Shop/logo?wid=100&fmt=png-alpha");
    assert_eq!((svg.status, svg.body.as_slice()), (200, SVG));
    assert_eq!(svg.header("content-type"), Some("image/svg+xml"));
    let policy = svg.header("content-security-policy").unwrap();
    assert!(policy.starts_with("sandbox;") && policy.contains("script-src 'none'"), "{policy}");
    for id in ["film.mpd", "film.ttml", "page.xhtml", "app.js"] {
        store.0.put(&format!("content/Shop/{id}"), b"<x/>".to_vec());
        let reply = get(&store, &format!("Shop/{id}"));
        let policy = reply.header("content-security-policy").unwrap_or_default();
        assert!(policy.starts_with("sandbox"), "{id}: {policy}");
    }
    // A smart crop of it is none.
    assert!(refusal(&store, "Shop/logo:Large").contains("Shop/logo:Large: no such static content"));
}

/// r-path-svg: the file of an SVG's record.
#[test]
fn the_path_of_an_svg_is_below_the_svgs() {
    let store = store();
    record(&store, "brand", r#"{"svg": true, "path": "logo.svg", "expiration": 1}"#);
    let svg = get(&store, "Shop/brand");
    assert_eq!((svg.status, svg.body.as_slice()), (200, SVG));
    let lifetime = "public, max-age=3600, stale-while-revalidate=60";
    assert_eq!(svg.header("cache-control"), Some(lifetime));
    // Static content of the same id is another file.
    record(&store, "logo", r#"{"svg": true, "content": {"path": "css/site.css"}}"#);
    assert_eq!(get(&store, "Shop/logo").body, CSS);
}

#[test]
fn a_record_sets_the_location_lifetime_and_audience_of_content() {
    let store = store();
    store.0.put("content/Shop/files/shoe.pdf", b"%PDF-".to_vec());
    // What is said of the image of the same id is another matter.
    let json = r#"{"expiration": 5, "userData": {"color": "red"}, "content": {
                   "path": "files/shoe.pdf", "expiration": 2, "userType": "manual",
                   "timeStamp": 1795238285000, "userData": {"pages": "9"}}}"#;
    record(&store, "shoe", json);
    let pdf = get(&store, "Shop/shoe?type=manual");
    assert_eq!((pdf.status, pdf.body.as_slice()), (200, &b"%PDF-"[..]));
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    assert_eq!(
        pdf.header("cache-control"),
        Some("public, max-age=7200, stale-while-revalidate=60")
    );
    assert_eq!(pdf.header("last-modified"), Some("Sat, 21 Nov 2026 05:18:05 GMT"));
    assert_eq!(get(&store, "Shop/shoe?type=").status, 200);
    assert!(refusal(&store, "Shop/shoe?type=Manual").contains("type=Manual: expected manual"));
    assert_eq!(get(&store, "Shop/video.mp4?type=manual").status, 200, "it has no type");
    assert_eq!(get(&store, "Shop/shoe?cache=off").header("cache-control"), Some("no-store"));
    let props = text(&get(&store, "Shop/shoe?req=props"));
    let lines: Vec<&str> = props.lines().skip(2).collect();
    let expected = [
        "path=Shop/files/shoe.pdf",
        "length=5",
        "expiration=2",
        "lastModified=2026-11-21T05:18:05Z",
        "userType=manual",
    ];
    assert_eq!(lines, expected);
    assert_eq!(text(&get(&store, "Shop/shoe?req=userdata")), "pages=9\r\n");
    let called = text(&get(&store, "Shop/shoe?req=userdata,json&handler=cb&id=3"));
    assert_eq!(called, "/*jsonp*/cb({\"pages\":\"9\"},\"3\");");
}

#[test]
fn exists_is_about_content_and_other_kinds_are_refused() {
    let store = store();
    store.0.put("assets/Shop/shoe.tif", include_bytes!("fixtures/chart.tif").to_vec());
    let exists = |url: &str| text(&get(&store, url)).contains("catalogRecord.exists=1");
    assert!(exists("Shop/video.mp4?req=exists") && !exists("Shop/shoe?req=exists"));
    let message = "req=set: expected userdata, props or exists at /is/content";
    assert!(refusal(&store, "Shop/video.mp4?req=set").contains(message));
    assert!(refusal(&store, "Shop/none").contains("Shop/none: no such static content"));
    assert!(refusal(&store, "Shop/none?req=props,xml").contains("no such static content"));
    assert_eq!(text(&get(&store, "Shop/none?req=userdata")), "\r\n");
    assert!(refusal(&store, "Shop/../secret").contains("an id cannot contain"));
}

#[test]
fn catalogs_guard_content_as_they_guard_images() {
    let guarded = |pairs: &[(&str, &str)], rules: &[Rule]| {
        let store = store();
        catalog(&store, pairs, rules);
        record(&store, "video.mp4", r#"{"content": {"userData": {"a": "b"}}}"#);
        // A record of an image is none of content.
        record(&store, "css/site.css", r#"{"userData": {"a": "b"}}"#);
        store
    };
    let store = guarded(&[("AllowDirectAccess", "include:IS")], &[]);
    assert!(refusal(&store, "Shop/css/site.css").contains("the catalog has no such record"));
    assert_eq!(get(&store, "Shop/video.mp4").status, 200, "it has a record");
    let store = guarded(&[("ClientAddressFilter", "10.0.0.1")], &[]);
    let mut http_request = request("Shop/video.mp4");
    http_request.access.client = Some("192.168.2.117".into());
    assert_eq!(answer(&store, &http_request).status, 403);
    http_request.access.client = Some("10.0.0.1".into());
    assert_eq!(answer(&store, &http_request).status, 200);
    // What is not published is missing, in all that is said of it.
    let store = guarded(&[], &[]);
    record(
        &store,
        "video.mp4",
        r#"{"published": false, "content": {"userData": {"secret": "1"}}}"#,
    );
    for query in ["", "?req=props", "?req=userdata", "?req=exists"] {
        let refusal_of = |id: &str| {
            let reply = get(&store, &format!("Shop/{id}{query}"));
            (reply.status, text(&reply).replace(id, "…"))
        };
        assert_eq!(refusal_of("video.mp4"), refusal_of("none.mp4"), "{query}");
    }
    let mut http_request = request("Shop/video.mp4");
    http_request.access.unpublished = true;
    assert_eq!(answer(&store, &http_request).status, 200);
}

#[test]
fn content_of_a_filtered_catalog_is_private() {
    let store = store();
    catalog(&store, &[("ClientAddressFilter", "192.0.2.0/24")], &[]);
    for url in ["Shop/css/site.css", "Shop/css/site.css?req=props", "Shop/logo?req=userdata"] {
        let mut request = request(url);
        request.access.client = Some("192.0.2.7".into());
        let reply = answer(&store, &request);
        let control = reply.header("cache-control").unwrap();
        assert!(reply.status == 200 && control.starts_with("private, max-age="), "{control}");
    }
}

#[test]
fn rules_of_the_type_static_are_for_content_only() {
    let rule = |kind: &str, name: &str| Rule {
        expression: "^Shop/old/".into(),
        substitution: Some("Shop/css/".into()),
        types: vec![kind.to_owned()],
        headers: vec![RuleHeader { name: name.into(), value: "1".into(), add: false }],
        ..Rule::default()
    };
    let store = store();
    catalog(&store, &[], &[rule("is", "x-image"), rule("static", "x-static")]);
    let css = get(&store, "Shop/old/site.css");
    assert_eq!((css.status, css.extra), (200, vec![("x-static".to_owned(), "1".to_owned())]));
}

#[test]
fn the_default_catalogs_content_is_the_fallback_of_each() {
    let store = store();
    store.0.put("content/default/logo.png", b"png".to_vec());
    store.0.put("content/default/Other/logo.png", b"other".to_vec());
    catalog(&store, &[], &[]);
    assert_eq!(get(&store, "Shop/logo.png").body, b"png");
    assert_eq!(get(&store, "Other/logo.png").body, b"other", "a path without a catalog is an id");
}

/// r-expiration-static: "the server always returns 304 … in response to conditional GET requests
/// without checking whether the file has actually changed".
#[test]
fn what_never_expires_is_not_changed() {
    let store = store();
    record(&store, "video.mp4", r#"{"content": {"expiration": -1}}"#);
    let whole = get(&store, "Shop/video.mp4");
    assert_eq!(whole.header("cache-control"), Some("public, max-age=31536000, immutable"));
    let mut http_request = request("Shop/video.mp4");
    http_request.if_none_match = Some("\"another\"".into());
    assert_eq!(answer(&store, &http_request).status, 304);
    http_request.if_none_match = None;
    http_request.if_modified_since = Some("Thu, 01 Jan 1970 00:00:00 GMT".into());
    assert_eq!(answer(&store, &http_request).status, 304);
}

/// A store whose file is replaced between the look at it and its read, a number of times.
struct Restless(Dated, Cell<u8>);

impl Codecs for Restless {}

impl Store for Restless {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        let left = self.1.get();
        if read.range.len > 0 && read.key.starts_with("content/") && left > 0 {
            self.1.set(left - 1);
            self.0.0.put(&read.key, vec![left; 7]);
        }
        self.0.read(read).await
    }
}

#[test]
fn a_file_that_is_replaced_while_it_is_sent_is_looked_at_once_more() {
    let once = get(&Restless(store(), Cell::new(1)), "Shop/video.mp4");
    assert_eq!((once.status, once.body.as_slice()), (200, &[1; 7][..]));
    assert_eq!(once.header("content-length"), Some("7"));
    assert_eq!(get(&Restless(store(), Cell::new(9)), "Shop/video.mp4").status, 503);
}

#[test]
fn an_empty_file_is_a_file() {
    let store = store();
    store.0.put("content/Shop/empty.txt", Vec::new());
    let empty = get(&store, "Shop/empty.txt");
    assert_eq!((empty.status, empty.header("content-length")), (200, Some("0")));
    let mut http_request = request("Shop/empty.txt");
    http_request.range = Some("bytes=0-".into());
    assert_eq!(answer(&store, &http_request).status, 416);
}
