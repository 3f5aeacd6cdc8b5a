//! Catalogs, records and what they make of requests, over a store in memory.

#[path = "catalog/access.rs"]
mod access;
#[path = "catalog/case.rs"]
mod case;
#[path = "catalog/refusals.rs"]
mod refusals;

use std::fs;

use azulejo::{
    catalog::{Compiled, FORMAT, Rule, RuleHeader, attributes, signature},
    http::{HttpRequest, Signing},
    serve::serve,
    store::MemoryStore,
};
use case::{fixture, get, root, run, text};

#[test]
fn catalogs_and_records_do_as_the_reference_says() {
    assert!(run("catalogs.txt").len() >= 20);
}

#[test]
fn shared_caches_are_told_what_a_reply_shows_and_how_long_it_lives() {
    assert!(run("delivery.txt").len() >= 25);
}

/// One case a page of the attributes reference, named after it.
#[test]
fn every_attribute_page_has_a_case() {
    let titles = run("attributes.txt");
    let list = fs::read_to_string(root().join("tests/catalog/pages.list")).unwrap();
    let pages: Vec<&str> = list.lines().collect();
    assert!(pages.len() >= 66, "only {} pages", pages.len());
    for page in &pages {
        let named = titles.iter().any(|title| title.starts_with(&format!("# {page}: ")));
        assert!(named, "{page} has no case");
        assert!(attributes().any(|row| row.doc == *page), "{page} has no row");
    }
    let ours = attributes().filter(|row| row.doc.is_empty()).count();
    assert_eq!(attributes().count() - ours, pages.len(), "a row without a page");
    let folder = root().join("../shared/reference/image-serving/catalog/c-attributes-reference");
    let Ok(entries) = fs::read_dir(&folder) else {
        println!("the reference is not here: the list of pages was not compared");
        return;
    };
    let mut there: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().replace(".md", ""))
        .filter(|name| name.starts_with("r-"))
        .collect();
    there.sort();
    assert_eq!(there, pages);
}

fn catalog_json(pairs: &[(&str, &str)]) -> Vec<u8> {
    let attributes = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let attributes = attributes.collect();
    Compiled { format: FORMAT, attributes, ..Compiled::default() }.to_json().unwrap()
}

/// A cold request reads catalogs, record and the pyramid's head at once; a warm one only tiles.
#[test]
fn catalogs_cost_no_round_when_cold_and_no_read_when_warm() {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", fixture("dandelions"));
    store.put("catalogs/Shop.json", catalog_json(&[("BkgColor", "ff0000")]));
    assert_eq!(get(&store, "Shop/shoe?wid=600", 0.0).status, 200);
    let keys: Vec<String> = store.take_reads().into_iter().map(|read| read.key).collect();
    let small = ["catalogs/default.json", "catalogs/Shop.json", "records/Shop/shoe.json"];
    let mut first: Vec<&str> = keys.iter().take(4).map(String::as_str).collect();
    first.sort_unstable();
    assert_eq!(first, ["assets/Shop/shoe.tif", small[1], small[0], small[2]]);
    assert!(keys.len() <= 5, "the head, three small reads and tiles: {keys:?}");
    assert!(keys.iter().skip(4).all(|key| key == "assets/Shop/shoe.tif"));
    get(&store, "Shop/shoe?wid=590", 1.0);
    let warm = store.take_reads();
    assert!(warm.iter().all(|read| read.key == "assets/Shop/shoe.tif"), "{warm:?}");
    assert_eq!(warm.len(), 1);
}

#[test]
fn a_published_change_is_seen_within_a_minute() {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", fixture("chart"));
    let tag = |seconds: f64| {
        let reply = get(&store, "Shop/shoe?wid=50", seconds);
        reply.header("etag").unwrap().to_owned()
    };
    let before = tag(0.0);
    store.put("catalogs/Shop.json", catalog_json(&[("BkgColor", "ff0000")]));
    assert_eq!(tag(59.0), before, "a missing catalog is remembered");
    let published = tag(61.0);
    assert_ne!(published, before);
    store.put("records/Shop/shoe.json", br#"{"published":false}"#.to_vec());
    assert_eq!(get(&store, "Shop/shoe?wid=50", 122.0).status, 403);
}

#[test]
fn unpublished_assets_are_missing_on_the_public_host_and_shown_in_a_test_context() {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", fixture("chart"));
    store.put("records/Shop/shoe.json", br#"{"published":false}"#.to_vec());
    let missing = get(&store, "Shop/none?wid=50", 0.0);
    let hidden = get(&store, "Shop/shoe?wid=50", 0.0);
    assert_eq!((hidden.status, text(&hidden)), (403, text(&missing).replace("none", "shoe")));
    assert!(text(&get(&store, "Shop/shoe?req=exists", 0.0)).contains("exists=0"));
    // Nor by any other way in: its crops, its properties, another picture that is made of it.
    store.put("assets/Shop/open.tif", fixture("chart"));
    let crop = r#"{"published":false,"userData":{"secret":"1"},"crops":{"Large":{"rect":[0,0,1,1],"width":4,"height":4}}}"#;
    store.put("records/Shop/part.json", crop.as_bytes().to_vec());
    store.put("assets/Shop/part.tif", fixture("chart"));
    for hidden in [
        "Shop/{}:Large?wid=50",
        "Shop/{}?req=imageprops",
        "Shop/{}?req=props",
        "Shop/{}?req=userdata",
        "Shop/{}?req=set",
        "Shop/open?src={}",
        "Shop/open?src=is{Shop/{}?wid=9}",
    ] {
        let [there, none] = ["part", "none"].map(|id| {
            let reply = get(&store, &hidden.replace("{}", id), 0.0);
            (reply.status, text(&reply).replace(id, "…"))
        });
        assert_eq!(there, none, "{hidden}");
    }
    let mut request = HttpRequest { path: "/is/image/Shop/shoe".into(), ..HttpRequest::default() };
    request.access.unpublished = true;
    assert_eq!(pollster::block_on(serve(&request, &store, || 0.0)).status, 200);
}

#[test]
fn a_damaged_or_huge_catalog_is_named() {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", fixture("chart"));
    store.put("catalogs/Shop.json", b"{\"format\":1,".to_vec());
    let reply = get(&store, "Shop/shoe?wid=50", 0.0);
    assert_eq!(reply.status, 500);
    assert!(text(&reply).contains("catalogs/Shop.json: "), "{}", text(&reply));
    store.put("catalogs/Huge.json", vec![b' '; 2 << 20]);
    let reply = get(&store, "Huge/shoe", 0.0);
    assert!(text(&reply).contains("catalogs/Huge.json: 2097152 bytes"), "{}", text(&reply));
}

fn with_rules(rules: &[Rule], more: &[(&str, &str)]) -> MemoryStore {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", fixture("chart"));
    let mut compiled = Compiled::from_json("", &catalog_json(more)).unwrap();
    compiled.rules = rules.to_vec();
    store.put("catalogs/Shop.json", compiled.to_json().unwrap());
    store
}

fn rule(expression: &str, substitution: Option<&str>) -> Rule {
    let substitution = substitution.map(str::to_owned);
    Rule { expression: expression.into(), substitution, ..Rule::default() }
}

#[test]
fn a_rule_may_lead_to_another_catalog() {
    let store = with_rules(&[rule("^Shop/old-", Some("New/"))], &[]);
    store.put("assets/New/boot.tif", fixture("tulips"));
    store.put("catalogs/New.json", catalog_json(&[("BkgColor", "010203")]));
    let reply = get(&store, "Shop/old-boot?req=props", 0.0);
    assert!(text(&reply).contains("image.bgc=0x010203ff"), "{}", text(&reply));
}

/// The example of r-header-rule, and values that mean harm.
#[test]
fn rules_set_headers_from_variables() {
    let header =
        |name: &str, value: &str| RuleHeader { name: name.into(), value: value.into(), add: false };
    let edge = Rule {
        headers: vec![header("Edge-Control", "$Edge-Control$")],
        ..rule(r"\$Edge-Control=", None)
    };
    let store = with_rules(&[edge], &[]);
    let extra = |query: &str| get(&store, &format!("Shop/shoe?{query}"), 0.0).extra;
    let expected = ("edge-control".to_owned(), "no-store".to_owned());
    assert_eq!(extra("wid=9&$Edge-Control=no-store"), [expected]);
    assert!(extra("wid=9").is_empty());
    let split = get(&store, "Shop/shoe?$Edge-Control=a%0d%0aset-cookie:b", 0.0);
    assert_eq!((split.status, split.extra.len()), (403, 0));
    let replaced = Rule { headers: vec![header("Cache-Control", "private")], ..rule("", None) };
    let store = with_rules(&[replaced], &[]);
    assert_eq!(get(&store, "Shop/shoe?wid=9", 0.0).header("cache-control"), Some("private"));
    for own in ["Content-Length", "ETag", "$name$"] {
        let own = Rule { headers: vec![header(own, "1")], ..rule("", None) };
        let reply = get(&with_rules(&[own], &[]), "Shop/shoe?wid=9&$name=etag", 0.0);
        assert!(text(&reply).contains("a rule cannot set this header"), "{}", text(&reply));
    }
}

#[test]
fn rules_set_attributes_and_filters_of_their_requests_only() {
    let small = Rule {
        attributes: [("MaxPix".to_owned(), "50,50".to_owned())].into(),
        address_filter: Some("192.168.2.117".into()),
        ..rule("wid=", None)
    };
    let store = with_rules(&[small], &[("ClientAddressFilter", "10.0.0.1")]);
    assert_eq!(get(&store, "Shop/shoe?wid=40", 0.0).status, 200, "the rule's filter stands alone");
    assert_eq!(get(&store, "Shop/shoe?wid=60", 0.0).status, 403);
    let other = get(&store, "Shop/shoe?hei=40", 0.0);
    assert_eq!((other.status, text(&other).contains("request refused")), (403, true));
}

#[test]
fn macros_that_double_each_other_in_a_rules_substitution_are_bounded() {
    let store = with_rules(&[], &[]);
    let mut compiled = Compiled { format: FORMAT, ..Compiled::default() };
    compiled.rules = vec![rule("$", Some("?$m30$"))];
    compiled.macros.push(("m0".into(), "wid=1&hei=1".into()));
    for level in 1..=30 {
        let below = level - 1;
        compiled.macros.push((format!("m{level}"), format!("$m{below}$&$m{below}$")));
    }
    store.put("catalogs/Shop.json", compiled.to_json().unwrap());
    let reply = get(&store, "Shop/shoe", 0.0);
    assert!(text(&reply).contains("expand the request over"), "{}", text(&reply));
}

#[test]
fn a_signature_is_demanded_before_anything_is_read() {
    let key = "0123456789abcdef0123456789abcdef";
    let store = with_rules(&[], &[("RequestLock", "1")]);
    let answer = |query: &str| {
        let mut request = HttpRequest {
            path: "/is/image/Shop/shoe".into(),
            query: query.to_owned(),
            ..HttpRequest::default()
        };
        request.access.signing = Signing::Required;
        request.access.keys = vec![key.into()];
        pollster::block_on(serve(&request, &store, || 0.0))
    };
    assert_eq!(answer("wid=300&8d28").status, 403);
    // The signature goes around the lock of old URLs.
    let signed = signature::sign(key, "/is/image/Shop/shoe", "wid=300&8d28", None).unwrap();
    assert_eq!(answer(&signed).status, 200);
    assert!(text(&answer(&signed.replace("300", "400"))).contains("the signature is wrong"));
}
