//! What a catalog refuses is refused by every way that leads to its objects: a table of ways and
//! refusals. A refused object answers, byte for byte and read for read, as one that is not there.

use azulejo::{
    catalog::{Compiled, FORMAT, OnMatch, Rule},
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};

use super::case::{fixture, get, text};

/// Two ids of one length: the one is refused, the other is not there.
const SECRET: &str = "secret";
const ABSENT: &str = "absent";

/// Every `req=`; the first is a picture.
const REPLIES: [&str; 19] = [
    "img",
    "tmb",
    "mask",
    "props",
    "imageprops",
    "exists",
    "userdata",
    "targets",
    "imageset",
    "set",
    "mbrSet",
    "map",
    "xmp",
    "xlate",
    "resolve",
    "validate",
    "loadcache",
    "explain",
    "message",
];

/// A reason for which the catalog `Priv` refuses its object.
struct Refusal {
    name: &'static str,
    attribute: Option<(&'static str, &'static str)>,
    rule: Option<Rule>,
    record: Option<&'static str>,
}

fn refusals() -> Vec<Refusal> {
    let of = |name| Refusal { name, attribute: None, rule: None, record: Some("{}") };
    let rule = |rule: Rule| Some(Rule { expression: "^Priv/(secret|absent)".into(), ..rule });
    let filter = "10.0.0.0/8";
    vec![
        Refusal { attribute: Some(("ClientAddressFilter", filter)), ..of("address filter") },
        Refusal {
            attribute: Some(("AllowDirectAccess", "include:")),
            record: None,
            ..of("direct access")
        },
        Refusal { attribute: Some(("RequestLock", "1")), ..of("request lock") },
        Refusal { record: Some(r#"{"published":false}"#), ..of("not published") },
        Refusal {
            rule: rule(Rule { on_match: OnMatch::Error, ..Rule::default() }),
            ..of("a rule that refuses")
        },
        Refusal {
            rule: rule(Rule { address_filter: Some(filter.into()), ..Rule::default() }),
            ..of("a rule with an address filter")
        },
        Refusal {
            rule: rule(Rule {
                attributes: [("RequestLock".to_owned(), "1".to_owned())].into(),
                ..Rule::default()
            }),
            ..of("a rule with a request lock")
        },
    ]
}

/// Ways to an object of `Priv`, whose id stands for `{}`; and whether a picture comes of it.
const WAYS: [(&str, bool); 42] = [
    ("?src=/Priv/{}", true),
    ("?src=Priv/{}", true),
    ("Pub/a?src=/Priv/{}", true),
    ("Pub/a?src=Priv/{}", true),
    ("Pub/a?src=Priv%2F{}", true),
    ("Pub/a?src=Priv//{}", true),
    ("Pub/a?layer=0&src=Priv/{}", true),
    ("Pub/a?$p=Pri&$q=v/{}&src=$p$$q$", true),
    ("Pub?src=Priv/{}", true),
    ("Pub/a?template=Priv/{}", true),
    ("Pub/a?template=Pub/frame&$o=Priv/{}", true),
    ("Pub/none?defaultImage=Priv/{}", true),
    ("Pub/none?defaultImage=/Priv/{}", true),
    ("Pub/none?src=Pub/none&defaultImage=Priv/{}", true),
    ("Pub/a?src=Pub/none&defaultImage=Priv/{}", true),
    ("Pub/to-{}", true),
    ("Pub/frame-{}", true),
    ("Pub/a?template=Pub/frame-{}", true),
    ("Pub/a?$macro-{}$", true),
    ("Pub/set-{}", false),
    ("Pub/a?imageSet=Priv/{};Priv/{};1", false),
    ("Pub/a?imageSet={Priv/{}},Pub/a", false),
    ("Pub/a?imageSet=Pub/set-{}", false),
    ("Pub/a?imageSet={{Priv/{};Pub/a}}", false),
    ("Pub/a?imageSet=../Priv/{},/Priv//{}", false),
    ("Pub/a?imageSet=Via/to-{}", false),
    ("Pub/a?src=Priv/{}:Swatch", false),
    ("Pub/none:Swatch?defaultImage=Priv/{}", true),
    ("Pub/a?mask=Priv/{}", false),
    ("Pub/a?layer=1&src=Priv/{}", false),
    ("Pub/a?src=is{Priv/{}?wid=9}", false),
    ("Pub/a?src=is{Pub/a?src=Priv/{}}", false),
    ("Pub/a?layer=1&src=is(?template=Priv/{})", false),
    ("Pub/a?layer=1&src=is(Priv?src={})", false),
    ("Pub/a?layer=1&src=is(Via/to-{}?mask=Priv/{})", false),
    ("Pub/a?layer=1&src=Bare/masked-{}", false),
    ("Bare/masked-{}", false),
    ("Via/{}", true),
    ("Bare/Priv/{}", true),
    ("Pub/a?src=Via/to-{}", true),
    ("Up/{}", false),
    ("Led/{}", true),
];

pub fn compiled(attributes: &[(&str, &str)], rules: Vec<Rule>) -> Compiled {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let attributes = attributes.iter().map(pair).collect();
    Compiled { format: FORMAT, attributes, rules, ..Compiled::default() }
}

/// A bucket in which `Priv` refuses, and others lead to its objects.
fn store(refusal: Option<&Refusal>, more: &[(&str, &str)]) -> MemoryStore {
    let store = MemoryStore::new();
    let put = |root: &str, catalog: &Compiled| {
        store.put(&Compiled::key(root), catalog.to_json().unwrap());
    };
    let record = |name: &str, json: &str| {
        store.put(&format!("records/{name}.json"), json.as_bytes().to_vec());
    };
    store.put("assets/Pub/a.tif", fixture("chart"));
    store.put("assets/Priv/secret.tif", fixture("tulips"));
    store.put("content/Priv/secret", b"words".to_vec());
    store.put("content/Pub/a", b"words".to_vec());
    let attributes = refusal.and_then(|refusal| refusal.attribute);
    let attributes: Vec<_> = attributes.into_iter().chain(more.iter().copied()).collect();
    let rules = refusal.and_then(|refusal| refusal.rule.clone());
    let types = vec!["is".to_owned(), "static".to_owned()];
    let rules = rules.map(|rule| Rule { types: types.clone(), ..rule });
    put("Priv", &compiled(&attributes, rules.into_iter().collect()));
    if let Some(json) = refusal.map_or(Some("{}"), |refusal| refusal.record) {
        record("Priv/secret", &json.replace('}', r#","content":{}}"#).replace("{,", "{"));
    }
    let mut public = compiled(&[], Vec::new());
    for id in [SECRET, ABSENT] {
        public.macros.push((format!("macro-{id}"), format!("src=Priv/{id}")));
        record(&format!("Pub/frame-{id}"), &format!(r#"{{"path":"","modifier":"src=Priv/{id}"}}"#));
        record(&format!("Pub/set-{id}"), &format!(r#"{{"imageSet":"Priv/{id},Pub/a"}}"#));
        record(&format!("Via/to-{id}"), &format!(r#"{{"path":"{id}.tif"}}"#));
        record(
            &format!("Up/{id}"),
            &format!(r#"{{"path":"../Priv/{id}","content":{{"path":"../Priv/{id}"}}}}"#),
        );
        // What leads there by a record's path alone: the folder of all catalogs.
        record(
            &format!("Bare/to-{id}"),
            &format!(r#"{{"path":"Priv/{id}.tif","content":{{"path":"Priv/{id}"}}}}"#),
        );
        record(
            &format!("Bare/masked-{id}"),
            &format!(r#"{{"path":"Pub/a.tif","maskPath":"Priv/{id}.tif"}}"#),
        );
        record(&format!("Pub/to-{id}"), &format!(r#"{{"path":"","modifier":"src=Bare/to-{id}"}}"#));
    }
    record("Pub/frame", r#"{"path":"","modifier":"src=$o$"}"#);
    put("Pub", &public);
    put("Via", &compiled(&[("RootPath", "Priv"), ("StaticContentRootPath", "Priv")], Vec::new()));
    put("Bare", &compiled(&[("RootPath", ""), ("StaticContentRootPath", "")], Vec::new()));
    put("Up", &compiled(&[], Vec::new()));
    let open = Rule {
        expression: "^Led/".into(),
        substitution: Some("Priv/".into()),
        // Whoever owns Led may open Led, not Priv.
        address_filter: Some(String::new()),
        attributes: [("RequestLock".to_owned(), "0".to_owned())].into(),
        types,
        ..Rule::default()
    };
    put("Led", &compiled(&[], vec![open]));
    store
}

fn url(way: &str, id: &str, reply: &str) -> String {
    let separator = if way.contains('?') { '&' } else { '?' };
    let req = if reply == "img" { String::new() } else { format!("{separator}req={reply}") };
    // A set's braces hold an id, too.
    way.replace("{}", id) + &req
}

/// All that a client learns, but for the name that it sent itself.
fn visible(reply: &HttpReply) -> (u16, String, Vec<(&'static str, String)>) {
    let mut headers = reply.headers.clone();
    // They are made of names, of what was asked for and of the records that hold them.
    headers.retain(|(name, _)| *name != "etag");
    headers.iter_mut().for_each(|(_, value)| *value = value.replace(ABSENT, SECRET));
    let body = text(reply).replace(ABSENT, SECRET);
    let made_of_names =
        |line: &&str| !line.contains("\"version\": \"") && !line.contains("\"key\": \"\\\"");
    let lines: Vec<&str> = body.lines().filter(made_of_names).collect();
    (reply.status, lines.join("\n"), headers)
}

/// What is asked of the store, in order.
fn reads(store: &MemoryStore) -> Vec<String> {
    let mut keys: Vec<String> =
        store.take_reads().into_iter().map(|read| read.key.replace(ABSENT, SECRET)).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn a_refused_object_is_by_every_way_as_one_that_is_not_there() {
    let mut wrong = Vec::new();
    for refusal in refusals() {
        for (way, pictured) in WAYS {
            for reply in REPLIES {
                let [secret, absent] = [SECRET, ABSENT].map(|id| {
                    let store = store(Some(&refusal), &[]);
                    let reply = get(&store, &url(way, id, reply), 0.0);
                    (visible(&reply), reads(&store))
                });
                let place = format!("{}: {way} req={reply}", refusal.name);
                if secret.0 != absent.0 {
                    let lines = secret
                        .0
                        .1
                        .lines()
                        .zip(absent.0.1.lines())
                        .find(|(one, other)| one != other);
                    let headers = (secret.0.0, absent.0.0, &secret.0.2, &absent.0.2);
                    wrong.push(format!("{place}:\n  {lines:?}\n {headers:?}"));
                }
                if secret.1 != absent.1 {
                    wrong.push(format!("{place}: reads\n  {:?}\n  {:?}", secret.1, absent.1));
                }
                let drawn = matches!(reply, "img" | "tmb" | "mask" | "imageprops" | "xmp");
                if pictured && drawn && secret.0.0 != 403 {
                    wrong.push(format!("{place}: {:?}", secret.0));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} ways:\n{}", wrong.len(), wrong.join("\n"));
}

/// The table would say nothing if its ways led nowhere.
#[test]
fn each_way_leads_to_a_picture_where_nothing_is_refused() {
    let refused = refusals();
    let trusting = [("TrustedCatalogs", "default, Pub, Via, Bare, Led")];
    for (way, pictured) in WAYS {
        // A default image stands in for pictures alone.
        let stands_in = way.contains("defaultImage");
        let object = url(way, SECRET, if stands_in { "img" } else { "imageprops" });
        let width = |store: &MemoryStore| {
            let reply = get(store, &object, 0.0);
            if stands_in { reply.status == 200 } else { text(&reply).contains("image.width=200") }
        };
        assert_eq!(width(&store(None, &[])), pictured, "{way}");
        // The catalog opens itself to those it names; what is not published stays unseen.
        for refusal in refused.iter().filter(|refusal| pictured && refusal.name != "not published")
        {
            let opened = width(&store(Some(refusal), &trusting));
            assert_eq!(opened, refusal.name != "direct access", "{}: {way}", refusal.name);
        }
    }
}

/// A reply that a filter let through is for its client alone, and names the catalogs it depends on.
#[test]
fn replies_of_a_filtered_catalog_are_private_and_judged_before_any_cache() {
    let near = [("ClientAddressFilter", "192.168.2.117")];
    let store = store(None, &near);
    let ways =
        ["Priv/secret?wid=9", "Pub/a?src=Priv/secret&wid=9", "Pub/none?defaultImage=Priv/secret"];
    for way in
        ways.into_iter().chain(["Priv/secret?req=props", "Pub/a?imageSet=Priv/secret&req=set"])
    {
        let reply = get(&store, way, 0.0);
        assert_eq!(reply.status, 200, "{way}: {}", text(&reply));
        let control = reply.header("cache-control").unwrap();
        assert!(control.starts_with("private, max-age="), "{way}: {control}");
        // Behind the filter of its own catalog all clients that may ask get the same.
        assert_eq!(reply.shared_max_age.is_some(), way.starts_with("Priv/"), "{way}");
        // Who is refused gets no 304 for a tag of somebody else.
        let far = far(way, reply.header("etag"));
        assert!(!matches!(pollster::block_on(serve(&far, &store, || 0.0)).status, 304), "{way}");
    }
    let open = get(&store, "Pub/a?wid=9", 0.0);
    assert!(open.header("cache-control").unwrap().starts_with("public"), "{open:?}");
}

/// Where a catalog's replies never expire, a condition alone is answered by 304; but not to who is
/// refused, nor for what is not there.
#[test]
fn a_copy_of_what_is_refused_or_gone_is_not_confirmed() {
    let store = store(None, &[("ClientAddressFilter", "192.168.2.117")]);
    store.put("catalogs/Pub.json", br#"{"format":1,"attributes":{"Expiration":"-1"}}"#.to_vec());
    for way in ["Pub/a?src=Priv/secret", "Pub/none?wid=9"] {
        let reply = pollster::block_on(serve(&far(way, Some("\"held\"")), &store, || 0.0));
        assert_eq!(reply.status, 403, "{way}");
    }
    let conditional = far("Pub/a?wid=9", Some("\"held\""));
    assert_eq!(pollster::block_on(serve(&conditional, &store, || 0.0)).status, 304);
}

/// A request of a client that the filter of `Priv` refuses.
fn far(way: &str, tag: Option<&str>) -> HttpRequest {
    let (object, query) = way.split_once('?').unwrap_or((way, ""));
    let mut request = HttpRequest {
        path: format!("/is/image/{object}"),
        query: query.to_owned(),
        if_none_match: tag.map(str::to_owned),
        ..HttpRequest::default()
    };
    request.access.client = Some("203.0.113.9".into());
    request
}

#[test]
fn the_tag_changes_with_the_catalog_of_each_object() {
    let ways = [
        "Pub/a?src=Priv/secret",
        "Pub/a?template=Priv/secret",
        "Pub/none?defaultImage=Priv/secret",
        "Pub/a?imageSet=Priv/secret&req=set",
        "Via/secret",
    ];
    for way in ways {
        let tag = |more: &[(&str, &str)]| {
            let reply = get(&store(None, more), way, 0.0);
            assert_eq!(reply.status, 200, "{way}");
            reply.header("etag").unwrap().to_owned()
        };
        assert_ne!(tag(&[]), tag(&[("PublishInfo", "2")]), "{way}");
    }
}

#[test]
fn static_content_is_refused_by_every_way() {
    let ways = [
        "/is/content/Via/{}",
        "/is/content/Bare/Priv/{}",
        "/is/content/Bare/to-{}",
        "/is/content/Up/{}",
        "/is/content/Led/{}",
    ];
    let mut wrong = Vec::new();
    for way in ways {
        let open = get(&store(None, &[]), &url(way, SECRET, "img"), 0.0);
        assert_eq!(
            open.status,
            if way.contains("Up/") { 403 } else { 200 },
            "{way}: {}",
            text(&open)
        );
        for refusal in refusals() {
            for reply in ["img", "exists", "props", "userdata"] {
                let [secret, absent] = [SECRET, ABSENT].map(|id| {
                    let store = store(Some(&refusal), &[]);
                    let reply = get(&store, &url(way, id, reply), 0.0);
                    (visible(&reply), reads(&store))
                });
                let refused = reply == "exists" || reply == "userdata" || secret.0.0 == 403;
                if secret != absent || !refused {
                    wrong.push(format!(
                        "{}: {way} {reply}\n  {secret:?}\n  {absent:?}",
                        refusal.name
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} ways:\n{}", wrong.len(), wrong.join("\n"));
}
