//! Which request gets which reply.

use crate::support::{Fault, Options, Running, film, options};
use azulejo::serve::{Settings, settings};

const SHOE: &str = "/is/image/Shop/shoe?wid=120&fmt=png";

#[test]
fn an_image_has_the_headers_that_it_has_at_the_edge() {
    let server = Running::start(options(), Fault::None);
    let image = server.get(SHOE);
    assert_eq!(image.status, 200, "{}", image.text());
    assert_eq!(image.header("content-type"), Some("image/png"));
    assert_eq!(image.body[16..20], [0, 0, 0, 120], "the width in the PNG header");
    assert_eq!(
        image.header("cache-control"),
        Some("public, max-age=36000, stale-while-revalidate=60")
    );
    assert_eq!(image.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(image.header("access-control-allow-origin"), Some("*"));
    assert!(image.header("server-timing").unwrap().contains("render;dur="));
    assert!(image.header("etag").is_some() && image.header("date").is_some());
    assert_eq!(image.cache(), "miss");
}

#[test]
fn a_head_has_the_headers_of_the_image_and_no_body() {
    let server = Running::start(options(), Fault::None);
    let mut client = server.connect();
    for cache in ["miss", "hit"] {
        let head = client.request("HEAD", SHOE);
        assert_eq!((head.status, head.cache()), (200, cache));
        let image = client.get(SHOE, &[]);
        assert_eq!(head.header("content-length"), Some(image.body.len().to_string().as_str()));
        assert_eq!(head.header("etag"), image.header("etag"));
    }
}

#[test]
fn a_client_that_has_the_image_gets_a_304_from_engine_and_cache() {
    let server = Running::start(options(), Fault::None);
    let mut client = server.connect();
    let image = client.get(SHOE, &[]);
    let etag = image.header("etag").unwrap().to_owned();
    for path in [SHOE, "/is/image/Shop/shoe?fmt=png&wid=120"] {
        let held = client.get(path, &[("if-none-match", &etag)]);
        assert_eq!((held.status, held.body.len()), (304, 0));
        assert_eq!(held.header("etag"), Some(etag.as_str()));
        assert_eq!(held.header("content-length"), None);
    }
    assert_eq!(client.get(SHOE, &[("if-none-match", "\"other\"")]).status, 200);
}

#[test]
fn other_methods_are_405_and_list_the_allowed_ones() {
    let server = Running::start(options(), Fault::None);
    for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
        let refused = server.connect().request(method, SHOE);
        assert_eq!((refused.status, refused.header("allow")), (405, Some("GET, HEAD")), "{method}");
    }
}

#[test]
fn paths_beside_images_are_answered() {
    let server = Running::start(options(), Fault::None);
    let health = server.get("/health");
    assert_eq!((health.status, health.body.as_slice()), (200, b"ok".as_slice()));
    assert_eq!(server.get("/health?deep").status, 200);
    assert_eq!(server.get("/nowhere").status, 404);
    let page = server.get("/");
    assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
    assert!(server.get("/is/image").text().starts_with("#S7Z OK"));
    let props = server.get("/is/image/Shop/shoe?req=props");
    assert!(props.text().contains("image.width=600"), "{}", props.text());
    let wrong = server.get("/is/image/Shop/shoe?wid=abc");
    assert_eq!((wrong.status, wrong.header("cache-control")), (403, Some("no-store")));
    assert_eq!(server.get("/preview/catalog/Shop").status, 403, "nothing is open by default");
}

#[test]
fn viewers_are_at_the_addresses_that_old_pages_name() {
    let server = Running::start(options(), Fault::None);
    let page = server.get("/s7viewers/html5/ZoomViewer.html?asset=Shop/shoe");
    assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text().contains("/viewers/zoom.js"), "{}", page.text());
    let module = server.get("/viewers/zoom.js");
    assert_eq!(module.header("access-control-allow-origin"), Some("*"));
    assert_eq!(module.header("content-type"), Some("text/javascript; charset=utf-8"));
    let script = server.get("/s7viewers/html5/js/ZoomViewer.js");
    assert!(script.text().contains("s7viewers"), "{}", script.text());
    assert_eq!(server.get("/s7viewers/html5/NoViewer.html").status, 404);
}

#[test]
fn static_content_is_streamed_whole_and_in_parts() {
    let server = Running::start(options(), Fault::None);
    let mut client = server.connect();
    let css = client.get("/is/content/Shop/site.css", &[]);
    assert_eq!((css.status, css.body.as_slice()), (200, b"body {}".as_slice()));
    assert_eq!(css.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(css.cache(), "bypass");
    let whole = client.get("/is/content/Shop/film.mp4", &[]);
    assert!(whole.status == 200 && whole.body == film());
    let part = client.get("/is/content/Shop/film.mp4", &[("range", "bytes=1000000-2999998")]);
    assert_eq!(part.status, 206);
    assert_eq!(part.header("content-range"), Some("bytes 1000000-2999998/3000000"));
    assert!(part.body == film()[1_000_000..2_999_999]);
    let head = client.request("HEAD", "/is/content/Shop/film.mp4");
    assert_eq!(head.header("content-length"), Some("3000000"));
}

#[test]
fn settings_are_those_of_the_worker() {
    let value = |name: &str| match name {
        settings::SIGNING_KEYS => Some("0123456789abcdef0123456789abcdef".to_owned()),
        _ => None,
    };
    let settings = Settings::read(value);
    let server = Running::start(Options { settings, ..options() }, Fault::None);
    assert_eq!(server.get(SHOE).status, 403);
    assert_eq!(server.get("/health").status, 200);
    let wrong = Settings::read(|name| (name == settings::SIGNING).then(|| "on".to_owned()));
    let refused = Running::try_start(Options { settings: wrong, ..options() }, Fault::None);
    let message = refused.err().unwrap();
    assert!(message.starts_with("SIGNING=on"), "{message}");
}

#[test]
fn metrics_count_requests_by_status_and_cache() {
    let server = Running::start(options(), Fault::None);
    for _ in 0..3 {
        server.get(SHOE);
    }
    server.get("/is/image/Shop/none");
    let metrics = server.get("/metrics");
    assert_eq!(metrics.header("content-type"), Some("text/plain; version=0.0.4"));
    let text = metrics.text();
    for line in [
        "azulejo_requests_total{cache=\"hit\",status=\"200\"} 2",
        "azulejo_requests_total{cache=\"miss\",status=\"200\"} 1",
        "azulejo_requests_total{cache=\"miss\",status=\"403\"} 1",
        "azulejo_request_seconds_count{cache=\"hit\"} 2",
        "\nazulejo_waiting_requests 0",
        "azulejo_store_reads_total{result=\"missing\"}",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    let without = Running::start(Options { metrics: false, ..options() }, Fault::None);
    assert_eq!(without.get("/metrics").status, 404);
}
