//! A shared cache gives each client what a server without one would: what makes a reply differ is in
//! its key.

use crate::shop;

use std::collections::{BTreeMap, BTreeSet};

use azulejo::{
    catalog::{Compiled, FORMAT, Rule, RuleHeader, attributes},
    commands::rows,
    http::{HttpReply, HttpRequest},
    serve::{Prepared, conclude, prepare, serve},
    store::MemoryStore,
};

/// A value of each attribute that is not its own default.
const VALUES: &[(&str, &str)] = &[
    ("AllowDirectAccess", "include:"),
    ("AllowDirectUrls", "1"),
    ("ApplyEffectMask", "0"),
    ("AudioBitRate", "9"),
    ("Bfc", "1"),
    ("BkgColor", "00ff00"),
    ("CacheValidationPolicy", "1"),
    ("CatalogFile", "x"),
    ("ClientAddressFilter", "192.0.2.0/24"),
    ("DefaultExpiration", "7"),
    ("DefaultExt", ".jpg"),
    ("DefaultFont", "x"),
    ("DefaultImage", "front"),
    ("DefaultImageMode", "1"),
    ("DefaultLocale", "fr"),
    ("DefaultPix", "33,33"),
    ("DefaultThumbPix", "17,9"),
    ("DigimarcId", "1"),
    ("DigimarcInfo", "0,0,0,0"),
    ("ErrorDetail", "1"),
    ("ErrorImage", "shoe"),
    ("Expiration", "3"),
    ("FontMapFile", "x"),
    ("ForeignHosts", "other.example"),
    ("FullMatch", "1"),
    ("HttpAppleStreamingContext", "http://a.example"),
    ("HttpFlashStreamingContext", "http://f.example"),
    ("IccProfileCmyk", "x"),
    ("IccProfileGray", "x"),
    ("IccProfileMapFile", "x"),
    ("IccProfileRgb", "x"),
    ("IccProfileSrcCmyk", "x"),
    ("IccProfileSrcGray", "x"),
    ("IccProfileSrcRgb", "x"),
    ("IccBlackPointCompensation", "1"),
    ("IccDither", "1"),
    ("IccRenderIntent", "1"),
    ("JpegQuality", "20,1"),
    ("LocaleMap", "fr,_fr|de,_de"),
    ("LocaleStrMap", "fr,F|de,D"),
    ("MacroFile", "x"),
    ("MaxNesting", "1"),
    ("MaxPix", "19,19"),
    ("MissingStatus", "404"),
    ("NonImgExpiration", "4"),
    ("PrintResolution", "300"),
    ("PublishInfo", "x"),
    ("RequestLock", "1"),
    ("RequestObfuscation", "1"),
    ("ResMode", "2"),
    ("Resolution", "150"),
    ("RootId", "x"),
    ("RootPath", "Other"),
    ("RootUrl", "http://root.example/"),
    ("RuleSetFile", "x"),
    ("SavePath", "x"),
    ("SharedExpiration", "5"),
    ("StaticContentCatalogFile", "x"),
    ("StaticContentRootPath", "Other"),
    ("SvgCatalogFile", "x"),
    ("SynthesizeFontStyles", "1"),
    ("ThumbBkgColor", "ff0000"),
    ("ThumbHorizAlign", "1"),
    ("ThumbRes", "300"),
    ("ThumbType", "1"),
    ("ThumbVertAlign", "1"),
    ("TimeStamp", "1795238284000"),
    ("TotalStreamBitRate", "9"),
    ("TrustedCatalogs", "x"),
    ("TrustedDomains", "x"),
    ("Upscale", "1"),
    ("UseLastModified", "1"),
    ("VideoBitRate", "9"),
    ("VideoSize", "9,9"),
    ("Watermark", ""),
];

/// Kinds of reply, small ones.
const KINDS: &[&str] = &[
    "wid=20",
    "wid=40&fmt=png",
    "",
    "req=tmb",
    "req=mask&wid=20",
    "req=props&wid=20",
    "req=imageprops",
    "req=exists",
    "req=set",
    "req=set,json",
    "req=map&wid=20",
    "req=xmp",
    "req=userdata",
    "req=targets,xml",
    "req=imageset",
    "req=xlate",
    "req=catalogprops",
];

/// `caches.default` of a data centre: replies by what the engine says is their key.
#[derive(Default)]
struct EdgeCache(BTreeMap<String, HttpReply>);

impl EdgeCache {
    /// Answers as the Worker does.
    fn answer(&mut self, store: &MemoryStore, request: &HttpRequest) -> HttpReply {
        pollster::block_on(async {
            let pending = match prepare(request, store, &|| 0.0).await {
                Prepared::Reply(reply) => return reply,
                Prepared::Pending(pending) => pending,
            };
            if !pending.is_cacheable() {
                return conclude(request, pending.finish(store).await);
            }
            let shared = match self.0.get(pending.tag()) {
                Some(found) => found.clone(),
                None => {
                    let drawn = pending.finish(store).await;
                    if drawn.status == 200 && drawn.shared_max_age.is_some() {
                        self.0.insert(drawn.header("etag").unwrap().to_owned(), drawn.clone());
                    }
                    drawn
                }
            };
            conclude(request, shared)
        })
    }
}

fn request(url: &str) -> HttpRequest {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let mut request = HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    request.access.client = Some("192.0.2.7".into());
    request
}

fn cold(store: &MemoryStore, request: &HttpRequest) -> HttpReply {
    pollster::block_on(serve(request, store, || 0.0))
}

/// Asks all of these twice, forwards and backwards, through one cache, and compares each with what a
/// server without a cache answers. Equal tags must be equal replies, of whatever kind.
fn compare_with_cold(store: &MemoryStore, urls: &[String]) {
    let mut cache = EdgeCache::default();
    let mut by_tag: BTreeMap<String, (&str, HttpReply)> = BTreeMap::new();
    for url in urls.iter().chain(urls.iter().rev()) {
        let request = request(url);
        let mut expected = cold(store, &request);
        let mut came = cache.answer(store, &request);
        // It tells how a reply was made: the picture of an error is drawn once, and remembered.
        for reply in [&mut expected, &mut came] {
            reply.headers.retain(|(name, _)| *name != "server-timing");
        }
        let brief = |reply: &HttpReply| {
            let head = String::from_utf8_lossy(&reply.body).chars().take(300).collect::<String>();
            format!("{} {:?} {:?} {head}", reply.status, reply.headers, reply.extra)
        };
        assert!(came == expected, "{url}\n{}\nnot\n{}", brief(&came), brief(&expected));
        let tag = expected.header("etag").unwrap().to_owned();
        // It is for the log, with the place in the query, and not sent.
        expected.error = None;
        if expected.status == 200 {
            let (first, held) = by_tag.entry(tag).or_insert((url, expected.clone()));
            assert!(*held == expected, "{first} and {url}\n{}\n{}", brief(held), brief(&expected));
        }
    }
}

fn shop(rules: Vec<Rule>) -> MemoryStore {
    let store = shop::store();
    shop::record(&store, "set", r#"{"imageSet": "{Shop/front,Shop/back}"}"#);
    let mut compiled = Compiled { format: FORMAT, rules, ..Compiled::default() };
    compiled.attributes.insert("UseLastModified".into(), "0".into());
    store.put("catalogs/Shop.json", compiled.to_json().unwrap());
    store
}

/// A rule of requests that define a variable.
fn rule(variable: &str) -> Rule {
    Rule { expression: format!(r"\${variable}="), ..Rule::default() }
}

/// The plain requests, and each with each of these variables.
fn variants(variables: &[String]) -> Vec<String> {
    let plain = KINDS.iter().map(|kind| format!("Shop/shoe?{kind}"));
    let missing = ["Shop/nosuch?wid=20", "Shop/set?req=set"].map(str::to_owned);
    let plain: Vec<String> = plain.chain(missing).collect();
    let mut all = plain.clone();
    for variable in variables {
        all.extend(plain.iter().map(|plain| format!("{plain}&{variable}")));
    }
    all
}

#[test]
fn an_attribute_that_a_rule_sets_is_of_its_own_requests_only() {
    let rows: BTreeSet<&str> = attributes().map(|row| row.name).collect();
    let valued: BTreeSet<&str> = VALUES.iter().map(|(name, _)| *name).collect();
    assert_eq!(rows, valued, "each attribute has a value here");
    let rules = VALUES.iter().map(|(name, value)| Rule {
        attributes: [((*name).to_owned(), (*value).to_owned())].into(),
        ..rule(name)
    });
    let store = shop(rules.collect());
    let variables: Vec<String> = VALUES.iter().map(|(name, _)| format!("${name}=1")).collect();
    compare_with_cold(&store, &variants(&variables));
}

#[test]
fn a_header_that_a_rule_sets_is_of_its_own_requests_only() {
    let headers = [
        ("Cache-Control", "max-age=1", false),
        ("Cache-Control", "no-transform", true),
        ("CDN-Cache-Control", "max-age=2", false),
        ("Surrogate-Control", "max-age=3", false),
        ("Edge-Control", "$Edge-Control$", false),
        ("Content-Type", "text/html", false),
        ("Content-Security-Policy", "default-src 'self'", false),
        ("Access-Control-Allow-Origin", "https://a.example", false),
        ("X-$x-name$", "$x-value$", false),
    ];
    let (mut rules, mut variables) = (Vec::new(), vec!["$Edge-Control=no-store".to_owned()]);
    for (nth, (name, value, add)) in headers.into_iter().enumerate() {
        let header = RuleHeader { name: name.into(), value: value.into(), add };
        let variable =
            if value.starts_with("$Edge") { "Edge-Control".into() } else { format!("h{nth}") };
        rules.push(Rule { headers: vec![header], ..rule(&variable) });
        variables.push(format!("${variable}=1"));
        variables.push(format!("${variable}=1&$x-name=a&$x-value=b"));
        variables.push(format!("${variable}=1&$x-name=a&$x-value=c"));
    }
    let store = shop(rules);
    compare_with_cold(&store, &variants(&variables));
    // The reference's own example (r-header-rule).
    let mut cache = EdgeCache::default();
    let reply = cache.answer(&store, &request("Shop/shoe?wid=20&$Edge-Control=no-store"));
    assert_eq!(reply.extra, [("edge-control".to_owned(), "no-store".to_owned())]);
    assert!(cache.answer(&store, &request("Shop/shoe?wid=20")).extra.is_empty());
}

/// Every command, alone and without a value: one that says nothing is no other request.
#[test]
fn a_command_is_of_the_key_if_it_changes_the_reply() {
    let kinds = ["wid=20", "req=tmb&wid=20", "req=props,json&wid=20", "req=set,json"];
    let mut urls: Vec<String> = kinds.iter().map(|kind| format!("Shop/shoe?{kind}")).collect();
    for row in rows() {
        let name = row.name();
        for kind in kinds {
            urls.push(format!("Shop/shoe?{kind}&{name}="));
            urls.push(format!("Shop/shoe?{kind}&{name}=1"));
        }
    }
    compare_with_cold(&shop(Vec::new()), &urls);
}

#[test]
fn what_changes_no_byte_makes_no_second_copy() {
    let store = shop(Vec::new());
    let tag = |query: &str| {
        let reply = cold(&store, &request(&format!("Shop/shoe?wid=20{query}")));
        (reply.status, reply.header("etag").unwrap().to_owned())
    };
    let plain = tag("");
    assert_eq!(plain.0, 200);
    for query in
        ["&.v=2", "&id=7", "&ts=99", "&utm_source=mail", "&cache=on", "&$x=1", "&handler=cb", "&"]
    {
        assert_eq!(tag(query), plain, "{query}");
    }
    for query in ["&qlt=9", "&cache=off", "&req=tmb"] {
        assert_ne!(tag(query).1, plain.1, "{query}");
    }
    let padded = |id: &str| tag(&format!("&req=props,json&id={id}")).1;
    assert_ne!(padded("1"), padded("2"), "it is in the reply");
    assert_eq!(tag("&req=props&id=1"), tag("&req=props&id=2"));
}

/// A test context shows more of the same store.
#[test]
fn a_reply_in_a_test_context_is_another() {
    let store = shop(Vec::new());
    shop::record(&store, "back", r#"{"published": false, "width": 40, "height": 30}"#);
    let mut cache = EdgeCache::default();
    for unpublished in [true, false, true] {
        for url in ["Shop/set?req=set", "Shop/back?req=exists", "Shop/shoe?wid=20"] {
            let mut request = request(url);
            request.access.unpublished = unpublished;
            let came = cache.answer(&store, &request);
            assert!(came == cold(&store, &request), "{url} {unpublished}");
        }
    }
}

/// The copy that clients of a filtered catalog share is asked for behind the filter.
#[test]
fn a_reply_of_a_filtered_catalog_is_for_its_client_alone() {
    let filtered = Rule {
        address_filter: Some("192.0.2.0/24".into()),
        headers: vec![RuleHeader {
            name: "CDN-Cache-Control".into(),
            value: "max-age=60".into(),
            add: false,
        }],
        ..rule("f")
    };
    let open = Rule { address_filter: Some("0.0.0.0/0".into()), ..rule("o") };
    let store = shop(vec![filtered, open]);
    let mut cache = EdgeCache::default();
    for query in ["wid=20", "req=props", "req=exists", "req=userdata", "req=set"] {
        let url = format!("Shop/shoe?{query}&$f=1");
        for _ in 0..2 {
            let reply = cache.answer(&store, &request(&url));
            let control = reply.header("cache-control").unwrap();
            assert!(control.starts_with("private, max-age="), "{url}: {control}");
            assert_eq!(reply.header("cross-origin-resource-policy"), None, "{url}");
            assert_eq!(reply.extra, [("cdn-cache-control".to_owned(), "no-store".to_owned())]);
        }
        let mut conditional = request(&url);
        conditional.if_none_match = Some("*".into());
        let conditional = cache.answer(&store, &conditional);
        assert_eq!(conditional.status, 304);
        assert!(conditional.header("cache-control").unwrap().starts_with("private"), "{url}");
        let mut other = request(&url);
        other.access.client = Some("198.51.100.7".into());
        assert_eq!(cache.answer(&store, &other).status, 403, "{url}");
    }
    assert!(cache.0.len() >= 4, "the copy is shared behind the filter");
    for url in ["Shop/shoe?wid=20", "Shop/shoe?wid=20&$o=1"] {
        let reply = cache.answer(&store, &request(url));
        assert!(reply.header("cache-control").unwrap().starts_with("public"), "{url}");
        assert_eq!(reply.header("cross-origin-resource-policy"), Some("cross-origin"));
    }
}
