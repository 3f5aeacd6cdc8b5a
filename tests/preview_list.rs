//! `/preview/list`: which catalogs and images a server has, page by page, for a token.

use azulejo::{
    http::{HttpReply, HttpRequest, Method, Signing},
    limits,
    serve::preview::{PreviewSettings, Token, preview},
    store::{Block, Listing, MemoryStore, Read, ReadError, Store},
};
use serde_json::Value;
use std::cell::Cell;

/// A store that counts its lists.
#[derive(Default)]
struct Counted {
    memory: MemoryStore,
    lists: Cell<usize>,
    longest: Cell<usize>,
    fails: bool,
}

impl Store for Counted {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        self.memory.read(read).await
    }

    async fn list(&self, prefix: &str, after: &str, limit: usize) -> Result<Listing, ReadError> {
        self.lists.set(self.lists.get() + 1);
        self.longest.set(self.longest.get().max(limit));
        if self.fails {
            return Err(ReadError::Failed("the disk is on fire".to_owned()));
        }
        self.memory.list(prefix, after, limit).await
    }
}

fn settings() -> PreviewSettings {
    let (sources, token) = ("Shop, Many".to_owned(), Token::parse("*"));
    PreviewSettings { sources, token, edits: false }
}

fn request(path_and_query: &str) -> HttpRequest {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    HttpRequest {
        path: format!("/preview/list{path}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    }
}

fn get(path: &str, store: &Counted) -> HttpReply {
    pollster::block_on(preview(&request(path), &settings(), store))
}

fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

fn page(path: &str, store: &Counted) -> (Vec<String>, Option<String>) {
    let reply = get(path, store);
    assert_eq!(reply.status, 200, "{path}: {}", text(&reply));
    let page: Value = serde_json::from_slice(&reply.body).unwrap();
    let ids =
        page["objects"].as_array().unwrap().iter().map(|object| object["id"].as_str().unwrap());
    (ids.map(str::to_owned).collect(), page["next"].as_str().map(str::to_owned))
}

/// All ids of all pages, and the number of pages.
fn pages(query: &str, store: &Counted) -> (Vec<String>, usize) {
    let (mut ids, first) = page(query, store);
    let (mut after, mut count) = (first, 1);
    while let Some(last) = after {
        let (more, next) = page(&format!("{query}&after={last}"), store);
        ids.extend(more);
        (after, count) = (next, count + 1);
        assert!(count < 1000, "the pages of {query} have no end");
    }
    (ids, count)
}

fn shop() -> Counted {
    let store = Counted::default();
    for key in [
        "assets/Shop/pier.tif",
        "assets/Shop/pier.tif.index",
        "assets/Shop/shoes/red.tif",
        "assets/Shop/.tif",
        "assets/Shop/Pier-2.tif",
        "assets/Shops/other.tif",
        "assets/Private/secret.tif",
        "svg/Shop/logo.svg",
        "svg/Shop/shoes/icon.svg",
        "records/Shop/pier.json",
    ] {
        store.memory.put(key, vec![0; 7]);
    }
    store
}

/// 5,000 pyramids with the index of every third, and 40 SVGs.
fn many() -> Counted {
    let store = Counted::default();
    for at in 0..5000 {
        store.memory.put(&format!("assets/Many/{at:05}.tif"), Vec::new());
        if at % 3 == 0 {
            store.memory.put(&format!("assets/Many/{at:05}.tif.index"), Vec::new());
        }
        if at % 125 == 0 {
            store.memory.put(&format!("svg/Many/{at:05}-logo.svg"), Vec::new());
        }
    }
    store
}

#[test]
fn list_names_the_catalogs_and_whether_edits_are_saved() {
    let reply = get("", &shop());
    assert_eq!(text(&reply), r#"{"catalogs":["Shop","Many"],"edit":false}"#);
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    let edits = PreviewSettings { edits: true, ..settings() };
    let reply = pollster::block_on(preview(&request("/"), &edits, &shop()));
    assert!(text(&reply).ends_with(r#""edit":true}"#));
}

#[test]
fn list_merges_pyramids_and_svgs_in_the_order_of_their_names() {
    let store = shop();
    let (ids, next) = page("/Shop", &store);
    assert_eq!(ids, ["Pier-2", "logo", "pier", "shoes/icon", "shoes/red"]);
    assert_eq!(next, None);
    let reply = get("/Shop?prefix=pie", &store);
    assert_eq!(text(&reply), r#"{"objects":[{"bytes":7,"id":"pier"}]}"#);
    assert_eq!(page("/Shop?prefix=shoes/", &store).0, ["shoes/icon", "shoes/red"]);
    assert_eq!(page("/Shop?contains=PIER", &store).0, ["Pier-2", "pier"]);
    assert_eq!(page("/Shop?contains=e&prefix=s", &store).0, ["shoes/icon", "shoes/red"]);
    for limit in 1..5 {
        let (all, count) = pages(&format!("/Shop?limit={limit}"), &store);
        assert_eq!(all, ids, "{limit} at once");
        assert!(count <= 5 / limit + 1, "{limit} at once: {count} pages");
    }
}

#[test]
fn list_of_five_thousand_images_is_paged_without_gap_or_repetition() {
    let store = many();
    let (all, count) = pages("/Many?limit=1000", &store);
    assert_eq!((all.len(), count), (5040, 6));
    let name = |id: &String| format!("{id}{}", if id.ends_with("logo") { ".svg" } else { ".tif" });
    let names: Vec<String> = all.iter().map(name).collect();
    assert!(names.windows(2).all(|two| two[0] < two[1]), "each is once there, in order");
    assert_eq!(store.longest.get(), 1000);
    assert_eq!(pages("/Many?", &store).0, all, "a hundred at once by default");
    let (logos, _) = pages("/Many?contains=LOGO&limit=7", &store);
    assert_eq!(logos.len(), 40);
}

#[test]
fn list_of_what_no_image_has_ends_early_and_says_where_to_go_on() {
    let store = Counted::default();
    for at in 0..30_000 {
        store.memory.put(&format!("assets/Many/{at:05}.tif"), Vec::new());
    }
    let (found, next) = page("/Many?contains=absent", &store);
    assert_eq!((found.len(), store.lists.get()), (0, limits::LIST_CALLS));
    let next = next.unwrap();
    assert_eq!(next, "10999.tif", "all that was looked at, one call being for SVGs");
    let (found, count) = pages("/Many?contains=29999", &store);
    assert_eq!((found, count), (vec!["29999".to_owned()], 3));
}

#[test]
fn list_is_for_open_catalogs_only() {
    for path in
        ["/Private", "/default", "/Shop%2F..%2FPrivate", "/Shop/pier", "/shop", "/Sho", "/%00"]
    {
        let reply = get(path, &shop());
        assert_eq!(reply.status, 403, "{path}");
        assert!(text(&reply).contains("PREVIEW_SOURCES") && !text(&reply).contains('\0'));
    }
    assert_eq!(get("ed/Shop", &shop()).status, 204, "no route");
}

#[test]
fn list_is_for_the_token_only() {
    let secret = |token: &str| PreviewSettings { token: Token::parse(token), ..settings() };
    let answer = |settings: &PreviewSettings, path: &str, authorization: Option<&str>| {
        let authorization = authorization.map(str::to_owned);
        let request = HttpRequest { authorization, ..request(path) };
        pollster::block_on(preview(&request, settings, &shop()))
    };
    let token = secret("f00d-4-cats");
    for path in ["", "/Shop", "/Private", "/Shop?limit=0"] {
        for wrong in [None, Some("Bearer wrong"), Some("Bearer *"), Some("Basic f00d-4-cats")] {
            let reply = answer(&token, path, wrong);
            assert_eq!((reply.status, reply.header("www-authenticate")), (401, Some("Bearer")));
            assert!(text(&reply).contains("PREVIEW_TOKEN") && !text(&reply).contains("cats"));
            assert_eq!(reply.header("access-control-allow-origin"), None);
            assert_eq!(reply.header("cache-control"), Some("no-store"));
        }
        let unset = answer(&secret(""), path, Some("Bearer f00d-4-cats"));
        assert!(unset.status == 403 && text(&unset).contains("PREVIEW_TOKEN"), "{}", text(&unset));
    }
    assert_eq!(answer(&token, "/Shop", Some("Bearer f00d-4-cats")).status, 200);
}

#[test]
fn list_is_not_there_where_requests_must_be_signed() {
    for signing in [Signing::Required, Signing::Presets] {
        let mut signed = request("/Shop");
        signed.access.signing = signing;
        assert_eq!(pollster::block_on(preview(&signed, &settings(), &shop())).status, 403);
    }
}

#[test]
fn list_hostile_parameters_are_errors_or_list_nothing() {
    let store = shop();
    for query in ["limit=0", "limit=1001", "limit=x", "prefix=%00", "after=%0A", "order=size"] {
        let reply = get(&format!("/Shop?{query}"), &store);
        assert_eq!(reply.status, 400, "{query}");
        assert!(text(&reply).ends_with(".\n") && text(&reply).lines().count() == 1, "{query}");
    }
    let long = "x".repeat(1025);
    assert_eq!(get(&format!("/Shop?prefix={long}"), &store).status, 400);
    for query in [
        "prefix=../Private/",
        "prefix=/",
        "prefix=%2E%2E%2FPrivate%2Fsecret",
        "contains=%FF%FE",
        "after=zz",
        "after=%F4%8F%BF%BF",
    ] {
        assert_eq!(page(&format!("/Shop?{query}"), &store), (vec![], None), "{query}");
    }
    let almost = "é".repeat(511);
    assert_eq!(page(&format!("/Shop?prefix={almost}"), &store), (vec![], None));
    assert_eq!(page(&format!("/Shop?after={almost}"), &store), (vec![], None));
}

#[test]
fn list_of_a_store_that_fails_or_lists_nothing_is_an_error() {
    let store = Counted { fails: true, ..shop() };
    let reply = get("/Shop", &store);
    assert_eq!(reply.status, 503);
    assert!(!text(&reply).contains("fire"), "the store's message is for the log");
    let mut head = request("/Shop");
    head.method = Method::Head;
    let reply = pollster::block_on(preview(&head, &settings(), &shop()));
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    head.method = Method::Other;
    assert_eq!(pollster::block_on(preview(&head, &settings(), &shop())).status, 405);
}
