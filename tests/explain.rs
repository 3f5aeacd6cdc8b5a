//! `req=explain`: what becomes of a request, and where each value comes from.
use crate::shop;

use std::{fs, path::Path};

use azulejo::{
    catalog::{Compiled, FORMAT, Rule, signature},
    http::{HttpReply, HttpRequest, Method, Signing},
    serve::serve,
    store::MemoryStore,
};
use serde_json::{Value, json};
use shop::{TULIPS, get, record};

const DANDELIONS: &[u8] = include_bytes!("fixtures/dandelions.tif");

/// A catalog of these attributes, macros and rules.
fn catalog(store: &MemoryStore, root: &str, pairs: &[(&str, &str)], macros: &[(&str, &str)]) {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let rule = Rule {
        name: "old".into(),
        expression: "^Shop/old-".into(),
        substitution: Some("Shop/".into()),
        attributes: [("MaxPix".to_owned(), "900,900".to_owned())].into(),
        ..Rule::default()
    };
    let compiled = Compiled {
        format: FORMAT,
        attributes: pairs.iter().map(owned).collect(),
        macros: macros.iter().map(owned).collect(),
        rules: vec![rule],
        ..Compiled::default()
    };
    store.put(&Compiled::key(root), compiled.to_json().unwrap());
}

/// The shop of docs/explain.md.
fn store() -> MemoryStore {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", DANDELIONS.to_vec());
    record(&store, "shoe", r#"{"modifier": "qlt=60&bgc=f0f0f0", "postModifier": "fmt=png"}"#);
    catalog(&store, "default", &[("ResMode", "4")], &[("product", "wid=300&qlt=85")]);
    catalog(&store, "Shop", &[("BkgColor", "ffffff")], &[("card", "$product$&hei=$h$")]);
    store
}

fn json_of(reply: &HttpReply) -> Value {
    serde_json::from_slice(&reply.body).unwrap()
}

fn explain(store: &MemoryStore, request: &str) -> Value {
    let reply = get(store, request);
    let text = String::from_utf8_lossy(&reply.body);
    assert_eq!(reply.status, 200, "{request}: {text}");
    json_of(&reply)
}

/// The entry of a list that has this name.
fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let mut entries = list.as_array().unwrap().iter();
    entries.find(|entry| entry["name"] == name).unwrap_or(&Value::Null)
}

#[test]
fn each_command_reports_its_text_and_its_macros() {
    let document = explain(&store(), "Shop/old-shoe?$card$&$h=150&wid=200&.v=3&req=explain");
    let card = json!({"name": "card", "catalog": "Shop"});
    let product = json!({"name": "product", "catalog": "default"});
    let commands = &document["commands"];
    assert_eq!(named(commands, "wid")["from"], json!({"text": "URL", "column": 14}));
    assert_eq!(named(commands, "qlt")["value"], "85");
    let through = json!({"text": "URL", "column": 0, "macros": [card, product]});
    assert_eq!(named(commands, "qlt")["from"], through);
    let hei = named(commands, "hei");
    assert_eq!([&hei["value"], &hei["written"]], ["150", "hei=$h$"]);
    assert_eq!(hei["from"], json!({"text": "URL", "column": 0, "macros": [card]}));
    let field = |text| json!({"text": text, "of": "Shop/shoe", "as": "path"});
    assert_eq!(named(commands, "bgc")["from"], field("Modifier"));
    assert_eq!(named(commands, "fmt")["from"], field("PostModifier"));
    assert_eq!(named(&document["overridden"], "qlt")["from"], field("Modifier"));
    assert_eq!(named(&document["overridden"], "wid")["from"], through);
    assert_eq!(named(&document["variables"], "$h")["value"], "150");
    assert_eq!(
        [&document["ignored"][0]["written"], &document["ignored"][0]["why"]],
        [".v=3", "a comment"]
    );
    // The rule.
    assert_eq!(document["rules"]["matched"], json!(["rule old"]));
    let query = "?$card$&$h=150&wid=200&.v=3&req=explain";
    assert_eq!(document["rules"]["before"], format!("Shop/old-shoe{query}"));
    assert_eq!(document["rules"]["after"], format!("Shop/shoe{query}"));
    let canonical = "wid=200&hei=150&bgc=f0f0f0&fmt=png&qlt=85&.v=3";
    assert_eq!(document["request"], format!("/is/image/Shop/shoe?{canonical}"));
}

#[test]
fn each_attribute_reports_who_set_it() {
    let store = store();
    record(&store, "shoe", r#"{"expiration": 5, "resolution": 150}"#);
    let document = explain(&store, "Shop/old-shoe?req=explain");
    let from = |name: &str| named(&document["attributes"], name)["from"].clone();
    assert_eq!(from("BkgColor"), json!({"catalog": "Shop"}));
    assert_eq!(from("ResMode"), json!({"catalog": "default"}));
    assert_eq!(from("JpegQuality"), json!("builtIn"));
    assert_eq!(from("MaxPix"), json!("rule"));
    assert_eq!(from("Resolution"), json!({"record": "Shop/shoe"}));
    assert_eq!(from("Expiration"), json!({"record": "Shop/shoe"}));
    assert_eq!(document["cache"]["seconds"], 18_000);
    assert_eq!(document["cache"]["from"], json!({"record": "Shop/shoe"}));
    // Of several records the shortest.
    record(&store, "frame", r#"{"modifier": "src=$object$", "expiration": 3}"#);
    let document = explain(&store, "Shop/shoe?template=frame&req=explain");
    assert_eq!(document["cache"]["seconds"], 10_800);
    assert_eq!(document["cache"]["from"], json!({"record": "Shop/frame"}));
    // What stands in for a picture that is not there.
    let store = self::store();
    let own = [("MissingStatus", "404"), ("DefaultImage", "shoe"), ("ErrorImage", "frame")];
    catalog(&store, "Shop", &own, &[]);
    let document = explain(&store, "Shop/shoe?req=explain");
    for (name, value) in own {
        let attribute = named(&document["attributes"], name);
        assert_eq!(*attribute, json!({"name": name, "value": value, "from": {"catalog": "Shop"}}));
    }
    assert_eq!(named(&document["attributes"], "DefaultImageMode")["from"], "builtIn");
    // FullMatch: without a record, the catalog does not count (r-fullmatch).
    catalog(&store, "Full", &[("FullMatch", "1"), ("ResMode", "1"), ("BkgColor", "0")], &[]);
    store.put("assets/Full/shoe.tif", TULIPS.to_vec());
    let document = explain(&store, "Full/shoe?req=explain");
    let attribute = |name: &str| named(&document["attributes"], name).clone();
    assert_eq!(attribute("ResMode")["value"], "4");
    assert_eq!(attribute("ResMode")["from"], json!({"catalog": "default"}));
    assert_eq!(attribute("BkgColor")["from"], json!("builtIn"));
}

#[test]
fn templates_sources_crops_and_images_that_stand_in_are_named() {
    let store = store();
    record(&store, "frame", r#"{"path": "shoe", "modifier": "wid=99", "postModifier": "qlt=9"}"#);
    let document = explain(&store, "Shop/shoe?template=frame&req=explain");
    let role = |document: &Value, name: &str| {
        let from = named(&document["commands"], name)["from"].clone();
        [&from["text"], &from["of"], &from["as"]].map(|part| part.as_str().unwrap().to_owned())
    };
    assert_eq!(role(&document, "wid"), ["Modifier", "Shop/frame", "template"]);
    assert_eq!(role(&document, "qlt"), ["PostModifier", "Shop/frame", "template"]);
    let document = explain(&store, "Shop/frame?src=shoe&req=explain");
    assert_eq!(role(&document, "bgc"), ["Modifier", "Shop/shoe", "source"]);
    let document = explain(&store, "Shop/none?defaultImage=shoe&wid=50&req=explain");
    assert_eq!(role(&document, "bgc"), ["Modifier", "Shop/shoe", "defaultImage"]);
    assert_eq!(
        [&document["object"]["requested"], &document["object"]["found"]],
        ["Shop/none", "Shop/shoe"]
    );
    assert_eq!(document["cache"]["by"], "DefaultExpiration");
    // The key is the one that the reply has, whatever was looked up to explain it.
    catalog(&store, "Full", &[("FullMatch", "1"), ("DefaultLocale", "fr")], &[]);
    store.put("assets/Full/shoe.tif", TULIPS.to_vec());
    for request in [
        "Shop/shoe?template=frame",
        "Shop/frame?src=shoe&.v=2&id=7",
        "Shop/none?defaultImage=shoe&wid=50",
        "Shop/old-shoe?$card$&$h=9",
        "Full/shoe?wid=50",
    ] {
        let key = explain(&store, &format!("{request}&req=explain"))["cache"]["key"].clone();
        assert_eq!(get(&store, request).header("etag"), key.as_str(), "{request}");
    }
    let store = self::store();
    let crop = r#"{"crops": {"Wide": {"rect": [0, 0, 1, 0.5], "width": 40, "height": 20}}}"#;
    record(&store, "shoe", crop);
    let document = explain(&store, "Shop/shoe:Wide?req=explain");
    assert_eq!(role(&document, "cropN"), ["Crop", "Shop/shoe:Wide", "path"]);
    assert_eq!(document["object"]["found"], "Shop/shoe:Wide");
    let keys: Vec<&Value> =
        document["objects"].as_array().unwrap().iter().map(|o| &o["key"]).collect();
    assert_eq!(keys, ["catalogs/default.json", "catalogs/Shop.json", "records/Shop/shoe.json"]);
}

#[test]
fn nested_requests_are_reported_too() {
    let nested = "src=is{Shop/shoe?$product$&wid=$w$&qlt=3}";
    let reply = get(&store(), &format!("Shop/shoe?layer=1&{nested}&$w=70&req=explain"));
    let document = json_of(&reply);
    assert_eq!(reply.status, 200);
    let src = named(&document["commands"], "src");
    assert_eq!(src["layer"], "1");
    let inner = &src["request"];
    assert_eq!(named(&inner["commands"], "wid")["value"], "70");
    let product = json!([{"name": "product", "catalog": "default"}]);
    assert_eq!(
        named(&inner["overridden"], "wid")["from"],
        json!({"text": "URL", "macros": product})
    );
}

/// The plan is the one that is carried out: the same bytes are read for the picture.
#[test]
fn the_reported_plan_is_what_the_picture_takes_and_no_tile_is_read() {
    let store = store();
    let request = "Shop/shoe?wid=150&crop=200,100,400,300&fmt=jpeg";
    let document = explain(&store, &format!("{request}&req=explain"));
    assert!(store.take_reads().iter().all(|read| read.range.start == 0), "heads and records");
    let again = explain(&store, &format!("{request}&req=explain"));
    assert!(store.take_reads().is_empty(), "all of it is remembered");
    let image = get(&store, request);
    let reads: Vec<Value> = store
        .take_reads()
        .iter()
        .map(|read| json!({"start": read.range.start, "length": read.range.len}))
        .collect();
    assert!(!reads.is_empty());
    assert_eq!(again["draw"]["reads"], json!(reads));
    assert_eq!(image.header("etag"), document["cache"]["key"].as_str());
    assert_eq!(image.header("cache-control"), document["cache"]["control"].as_str());
    let sum: u64 = reads.iter().map(|read| read["length"].as_u64().unwrap()).sum();
    assert_eq!(again["draw"]["bytes"], sum);
    let draw = &document["draw"];
    let runs = draw["tiles"]["numbers"].as_array().unwrap();
    let tiles: u64 =
        runs.iter().map(|run| run[1].as_u64().unwrap() - run[0].as_u64().unwrap() + 1).sum();
    assert_eq!(draw["tiles"]["count"], tiles);
    assert_eq!(document["plan"]["reply"], json!({"width": 150, "height": 113}));
    let memory = &document["plan"]["memory"];
    assert!(memory["peak"].as_u64() < memory["limit"].as_u64(), "{memory}");
}

/// `rect` counts in pixels of the composite, as `pos=` does, and `area` in those of the reply.
#[test]
fn each_layer_reports_where_it_lies() {
    let store = store();
    // The composite has 637 × 359 pixels.
    let layers = "layer=2&color=ff0000&size=60,40&anchor=0,0&pos=10,-20&layer=1&color=00ff00\
                  &size=100,20&pos=-500,0&layer=3&color=0&size=9,9&hide=1&req=explain";
    let lie = |view: &str| {
        let document = explain(&store, &format!("Shop/shoe?{view}&{layers}"));
        let listed = document["layers"].as_array().unwrap().iter();
        let numbers =
            |area: &Value| ["x", "y", "width", "height"].map(|name| area[name].as_f64().unwrap());
        listed
            .map(|layer| {
                (layer["layer"].as_u64().unwrap(), numbers(&layer["rect"]), numbers(&layer["area"]))
            })
            .collect::<Vec<_>>()
    };
    let rects = [
        (0, [0.0, 0.0, 637.0, 359.0]),
        (1, [-231.0, 170.0, 100.0, 20.0]),
        (2, [329.0, 160.0, 60.0, 40.0]),
    ];
    // A reply of whole pixels is up to half a pixel larger.
    for (view, scale, left, top) in [
        ("scl=1&fmt=png", 1.0, 0.0, 0.0),
        ("scl=2", 0.5, 0.0, 0.0),
        ("scl=2&rect=100,50,90,80", 0.5, 100.0, 50.0),
        ("wid=637&hei=559&fit=fit,1", 1.0, 0.0, -100.0),
    ] {
        let found = lie(view);
        assert_eq!(found.len(), rects.len(), "{view}: a hidden layer lies nowhere");
        for ((number, rect, area), expected) in found.into_iter().zip(rects) {
            assert_eq!((number, rect), expected, "{view}");
            let [x, y, width, height] = rect.map(|len| len * scale);
            let ends = [x - left, y - top, width, height];
            let near = ends.iter().zip(area).all(|(one, other)| (one - other).abs() < 0.6);
            assert!(near, "{view}: layer {number} lies at {area:?}, not {ends:?}");
        }
    }
}

/// The nodes are a graph: each reads some before it, and all but the last are read.
#[test]
fn each_node_reports_which_others_it_reads() {
    let document = explain(&store(), "Shop/shoe?wid=150&layer=1&text=Sale&req=explain");
    let nodes = document["nodes"].as_array().unwrap();
    let inputs = |node: &Value| -> Vec<usize> {
        let inputs = node["inputs"].as_array().map(Vec::as_slice).unwrap_or_default();
        inputs.iter().map(|input| input.as_u64().unwrap() as usize).collect()
    };
    let mut is_read = vec![false; nodes.len()];
    for (at, node) in nodes.iter().enumerate() {
        for input in inputs(node) {
            assert!(input < at, "{node}");
            is_read[input] = true;
        }
    }
    let last = is_read.pop();
    assert_eq!((last, is_read.iter().all(|read| *read)), (Some(false), true), "{nodes:?}");
    let blend = nodes.iter().rfind(|node| node["step"] == "blend").unwrap();
    assert!(inputs(blend).len() > 1, "{blend}");
}

#[test]
fn it_explains_a_url_of_any_reply_type() {
    let store = store();
    let thumbnail = explain(&store, "Shop/shoe?req=tmb&req=explain");
    assert_eq!(thumbnail["plan"]["reply"]["width"], 100);
    let exists = explain(&store, "Shop/none?req=exists&req=explain");
    assert_eq!(exists["cache"]["by"], "NonImgExpiration");
    assert_eq!(exists.get("plan"), None);
    let key = exists["cache"]["key"].as_str();
    assert_eq!(key, get(&store, "Shop/none?req=exists").header("etag"));
    let uncached = explain(&store, "Shop/shoe?cache=off&req=explain");
    assert_eq!(
        [&uncached["cache"]["by"], &uncached["cache"]["control"]],
        ["cache=off", "no-store"]
    );
}

#[test]
fn a_request_that_fails_is_explained_with_its_own_status() {
    let store = store();
    let document_from = |store: &MemoryStore, request: &str| {
        let reply = get(store, request);
        let document = json_of(&reply);
        assert_eq!((reply.status, &document["error"]["status"]), (403, &json!(403)), "{request}");
        let own = get(store, &request.replace("&req=explain", ""));
        let text = String::from_utf8(own.body).unwrap();
        let (title, message) = text.trim_end().split_once('\n').unwrap();
        assert_eq!([&document["error"]["title"], &document["error"]["message"]], [title, message]);
        document
    };
    let document = |request: &str| document_from(&store, request);
    let unknown = document("Shop/shoe?wid=9&$nope$&hei=8&req=explain");
    assert_eq!(unknown["error"]["column"], 6);
    assert_eq!(named(&unknown["commands"], "hei")["value"], "8");
    let value = document("Shop/shoe?$card$&$h=7&wid=abc&req=explain");
    assert_eq!(named(&value["commands"], "hei")["value"], "7");
    let missing = document("Shop/none?wid=9&req=explain");
    assert_eq!((&missing["object"]["requested"], missing.get("plan")), (&json!("Shop/none"), None));
    let none = json!({"control": "no-store", "seconds": 0, "by": "error"});
    assert_eq!(missing["cache"], none, "an error is kept by nobody");
    let message = missing["error"]["message"].as_str().unwrap();
    assert!(message.ends_with("no such image (assets/Shop/none.tif)"), "{message}");
    let source = document("Shop/shoe?src=nosuch&req=explain");
    let message = source["error"]["message"].as_str().unwrap();
    assert_eq!(message, "src=nosuch: no such image (assets/Shop/nosuch.tif)");
    let large = document("Shop/shoe?wid=5000&hei=5000&fit=stretch&req=explain");
    assert!(large["request"].as_str().unwrap().contains("?wid=5000&hei=5000&"));
    // What is not published is as good as missing.
    let store = self::store();
    record(&store, "shoe", r#"{"published": false, "modifier": "wid=9"}"#);
    let hidden = document_from(&store, "Shop/shoe?wid=8&req=explain").to_string();
    let none = document_from(&store, "Shop/none?wid=8&req=explain").to_string();
    assert_eq!(hidden.replace("shoe", "none"), none);
    // Only the title, where the catalog tells no more.
    let store = self::store();
    catalog(&store, "Shop", &[("ErrorDetail", "1")], &[]);
    let terse = json_of(&get(&store, "Shop/none?wid=9&req=explain"));
    assert_eq!(terse["error"], json!({"status": 403, "title": "Image not found"}));
}

/// Each call is within the limit, all of them are not.
#[test]
fn macros_over_the_limit_are_not_listed_in_full() {
    let store = store();
    catalog(&store, "Shop", &[], &[("m", &"wid=1&".repeat(10_000))]);
    let request = format!("Shop/shoe?{}req=explain", "$m$&".repeat(1500));
    let reply = get(&store, &request);
    let document = json_of(&reply);
    assert!(
        document["error"]["message"].as_str().unwrap().contains("expand the request over"),
        "{document}"
    );
    assert_eq!(document["overridden"].as_array().unwrap().len(), 9_999);
}

#[test]
fn who_may_not_send_a_request_learns_nothing_of_it() {
    let refused = |store: &MemoryStore, access: &dyn Fn(&mut HttpRequest)| {
        let mut request = HttpRequest {
            path: "/is/image/Shop/old-shoe".into(),
            query: "$card$&$h=9&req=explain".into(),
            ..HttpRequest::default()
        };
        access(&mut request);
        let reply = pollster::block_on(serve(&request, store, || 0.0));
        let document = json_of(&reply);
        let members: Vec<&str> = document.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!((reply.status, &document["commands"]), (403, &json!([])), "{document}");
        assert_eq!(members, ["commands", "error", "timing"], "{document}");
    };
    let store = store();
    let key = "0123456789abcdef0123456789abcdef";
    let signed = |request: &mut HttpRequest| {
        request.access.signing = Signing::Presets;
        request.access.keys = vec![key.into()];
    };
    refused(&store, &signed);
    let store = self::store();
    catalog(&store, "Shop", &[("RequestLock", "1")], &[]);
    refused(&store, &|_| {});
    let store = self::store();
    catalog(&store, "Shop", &[("ClientAddressFilter", "10.0.0.1")], &[]);
    refused(&store, &|request| request.access.client = Some("192.168.2.117".into()));
    // A signature opens it, and is not told.
    let store = self::store();
    let query = signature::sign(key, "/is/image/Shop/old-shoe", "req=explain", None).unwrap();
    let mut request =
        HttpRequest { path: "/is/image/Shop/old-shoe".into(), query, ..HttpRequest::default() };
    signed(&mut request);
    let reply = pollster::block_on(serve(&request, &store, || 0.0));
    let text = String::from_utf8(reply.body).unwrap();
    assert_eq!((reply.status, text.contains("sig=")), (200, false), "{text}");
}

#[test]
fn no_cache_keeps_it_and_its_form_is_json_or_jsonp() {
    let store = store();
    let tag = get(&store, "Shop/shoe?wid=9").header("etag").unwrap().to_owned();
    let mut request = HttpRequest {
        path: "/is/image/Shop/shoe".into(),
        query: "wid=9&req=explain".into(),
        if_none_match: Some(tag),
        ..HttpRequest::default()
    };
    let answer = |request: &HttpRequest| pollster::block_on(serve(request, &store, || 0.0));
    let reply = answer(&request);
    assert_eq!((reply.status, reply.shared_max_age), (200, None));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    request.method = Method::Head;
    let head = answer(&request);
    assert_eq!(head.header("content-length"), Some(&*reply.body.len().to_string()));
    assert!(head.body.is_empty());
    let called =
        get(&store, "Shop/shoe?wid=9&req=explain,json&handler=cb&id=%3C7&$a=%3C/script%3E");
    let text = String::from_utf8(called.body.clone()).unwrap();
    assert!(text.starts_with("/*jsonp*/cb({\n") && text.ends_with("\n},\"\\u003c7\");"), "{text}");
    assert!(!text.contains('<') && text.contains("\\u003c/script\\u003e"), "{text}");
    assert_eq!(called.header("content-type"), Some("text/javascript; charset=utf-8"));
    let refused = get(&store, "Shop/shoe?req=explain,xml");
    let text = String::from_utf8(refused.body).unwrap();
    assert!(text.contains("req=explain,xml: expected one of json, text"), "{text}");
}

#[test]
fn the_text_has_the_facts_of_the_json() {
    let request = "Shop/old-shoe?$card$&$h=150&wid=200&.v=3";
    let printed = |format: &str| {
        let reply = get(&store(), &format!("{request}&req=explain{format}"));
        let media_type = reply.header("content-type").unwrap().to_owned();
        (media_type, String::from_utf8(reply.body).unwrap())
    };
    let (media_type, text) = printed(",text");
    assert_eq!(media_type, "text/plain; charset=utf-8");
    let (_, json) = printed("");
    let document: Value = serde_json::from_str(&json).unwrap();
    let mut paragraphs =
        text.split("\n\n").map(|paragraph| paragraph.split_whitespace().next().unwrap().to_owned());
    // In the order of the JSON.
    for line in json.lines().filter(|line| line.starts_with("  \"")) {
        let name = line.trim().trim_start_matches('"').split('"').next().unwrap();
        assert_eq!(paragraphs.next().unwrap(), name);
    }
    assert_eq!(paragraphs.next(), None);
    for node in document["nodes"].as_array().unwrap() {
        let key = node["key"].as_str().unwrap();
        assert_eq!(text.matches(key).count(), json.matches(key).count());
    }
    assert!(text.contains("\ncommands\n  name  value"), "{text}");
    let refused = get(&store(), "Shop/none?req=explain,text&wid=x");
    let refused = String::from_utf8(refused.body).unwrap();
    assert!(refused.contains("error\n  status"), "{refused}");
}

/// docs/explain.md prints a request of the shop above and its explanation; `BLESS=1` writes it.
#[test]
fn the_printed_example_is_what_comes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/explain.md");
    let page = fs::read_to_string(&path).unwrap();
    let (_, after) = page.split_once("    /is/image/").unwrap();
    let request = after.lines().next().unwrap();
    let document = String::from_utf8(get(&store(), request).body).unwrap();
    let (before, rest) = page.split_once("```json\n").unwrap();
    let (printed, after) = rest.split_once("```").unwrap();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, format!("{before}```json\n{document}```{after}")).unwrap();
    } else {
        assert_eq!(printed, document);
    }
}

#[test]
fn a_text_reports_what_its_rtf_says_and_is_ignored() {
    let document = explain(&store(), "Shop/shoe?layer=1&hide=1&text=$t$&$t={\\qj a}&req=explain");
    let text = named(&document["commands"], "text");
    assert_eq!(text["value"], r"{\qj a}");
    assert_eq!(text["ignored"], json!([r"\qj at character 2 is ignored: only textPs= has it"]));
}
