//! What is answered out of the records of assets: smart crops, user data, sets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

use azulejo::{
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};

const TULIPS: &[u8] = include_bytes!("fixtures/tulips.tif");

const RECORD: &str = r#"{
    "width": 400, "height": 300,
    "userData": {"copyright": "Ann's", "season": "spring"},
    "targets": "target.0.rect=1,2,3,4??target.0.label=Leaf",
    "crops": {"Banner": {"rect": [0.25, 0.5, 0.5, 0.25], "width": 120, "height": 40}},
    "swatch": {"color": "0xA56DB2", "rect": [0, 0, 0.125, 0.125], "width": 20, "height": 20}
}"#;

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    store.put("assets/Shop/shoe.tif", TULIPS.to_vec());
    store.put("records/Shop/shoe.json", RECORD.as_bytes().to_vec());
    let sized = br#"{"width": 40, "height": 30}"#;
    for id in ["front", "back", "leather"] {
        store.put(&format!("records/Shop/{id}.json"), sized.to_vec());
    }
    store
}

fn put_set(store: &MemoryStore, id: &str, set: &str, kind: Option<&str>) {
    let record = serde_json::json!({"imageSet": set, "assetType": kind});
    store.put(&format!("records/Shop/{id}.json"), record.to_string().into_bytes());
}

fn ask(store: &MemoryStore, request: &str) -> HttpReply {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let request = HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn text(store: &MemoryStore, request: &str) -> String {
    let reply = ask(store, request);
    let text = String::from_utf8(reply.body).unwrap();
    assert_eq!(reply.status, 200, "{request}: {text}");
    text
}

#[test]
fn a_smart_crop_is_the_picture_cut_and_sized_as_its_record_says() {
    let store = store();
    let part = ask(&store, "Shop/shoe:Banner?fmt=png");
    let same = ask(&store, "Shop/shoe?fmt=png&cropN=0.25,0.5,0.5,0.25&wid=120");
    assert_eq!((part.status, same.status), (200, 200));
    // Its own size is a limit, not a scale: a smaller part is not enlarged.
    let props = text(&store, "Shop/shoe:Banner?req=props");
    let tall = text(&store, "Shop/shoe:Banner?req=props&wid=60");
    assert!(tall.contains("image.width=60\r\n"), "{tall}");
    assert!(
        props.contains("image.height=40\r\n") || props.contains("image.width=120\r\n"),
        "{props}"
    );
    let wide = "fmt=png&wid=60";
    let cut = ask(&store, &format!("Shop/shoe:Banner?{wide}"));
    assert_eq!(cut.body, ask(&store, &format!("Shop/shoe?cropN=0.25,0.5,0.5,0.25&{wide}")).body);
}

#[test]
fn an_id_with_a_colon_wins_over_a_part_of_that_name() {
    let store = store();
    let part = text(&store, "Shop/shoe:Banner?req=props&wid=60");
    store.put("assets/Shop/shoe:Swatch.tif", TULIPS.to_vec());
    let own = text(&store, "Shop/shoe:Swatch?req=props&wid=60");
    assert_ne!(part.lines().nth(3), own.lines().nth(3), "another shape");
    let whole = text(&store, "Shop/shoe?req=props&wid=60");
    assert_eq!(own.lines().nth(3), whole.lines().nth(3));
}

#[test]
fn a_part_that_is_not_there_is_a_missing_image() {
    assert_eq!(ask(&store(), "Shop/shoe:Poster?wid=9").status, 403);
    assert!(text(&store(), "Shop/shoe:Poster?req=exists").contains("catalogRecord.exists=0"));
    assert!(text(&store(), "Shop/shoe:Banner?req=exists").contains("catalogRecord.exists=1"));
}

#[test]
fn user_data_are_the_records_and_a_part_has_its_own() {
    let store = store();
    let lines = "copyright=Ann's\r\nseason=spring\r\n";
    assert_eq!(text(&store, "Shop/shoe?req=userdata"), lines);
    let lines = "copyright='Ann''s'\r\nseason='spring'\r\n";
    assert_eq!(text(&store, "Shop/shoe?req=userdata,javascript"), lines);
    assert_eq!(
        text(&store, "Shop/shoe:Swatch?req=userdata,json&id=4"),
        "/*jsonp*/s7jsonResponse({\"SmartCropDef\":\"Swatch\",\"SmartCropHeight\":\"20.0\",\
         \"SmartCropRect\":\"0,0,0.125,0.125,20,20\",\"SmartCropType\":\"Swatch\",\
         \"SmartCropWidth\":\"20.0\",\"SmartSwatchColor\":\"0xA56DB2\"},\"4\");"
    );
    assert_eq!(text(&store, "Shop/none?req=userdata"), "\r\n", "no record, no data (J10)");
    let lines = "target.0.rect=1,2,3,4\r\ntarget.0.label=Leaf\r\n";
    assert_eq!(text(&store, "Shop/shoe?req=targets"), lines);
}

#[test]
fn xml_comes_in_the_encoding_that_is_asked_for() {
    let reply = ask(&store(), "Shop/shoe?req=userdata,xml,UTF-16LE");
    let units: Vec<u16> =
        reply.body.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]])).collect();
    let document = String::from_utf16(&units).unwrap();
    assert!(document.starts_with("<?xml version=\"1.0\" encoding=\"UTF-16LE\" ?>"), "{document}");
    assert!(document.contains("<property name=\"copyright\" value=\"Ann's\"/>"), "{document}");
    assert_eq!(ask(&store(), "Shop/shoe?req=userdata,xml,EBCDIC").status, 403);
}

#[test]
fn a_plain_image_is_a_set_of_one_with_its_smart_crops() {
    let store = store();
    let body = text(&store, "Shop/shoe?req=set,json&id=77");
    // What Adobe's image component looks for: a call, its first argument JSON, digits last.
    let inner = body.strip_prefix("/*jsonp*/s7jsonResponse(").unwrap();
    let inner = inner.strip_suffix(",\"77\");").unwrap();
    let set: serde_json::Value = serde_json::from_str(inner).unwrap();
    let set = &set["set"];
    assert_eq!((&set["type"], &set["n"]), (&"img".into(), &"Shop/shoe".into()));
    let relation = set["relation"].as_array().unwrap();
    assert_eq!(relation[0]["n"], "Shop/shoe:Banner");
    assert_eq!(relation[0]["userdata"]["SmartCropDef"], "Banner");
    assert_eq!(relation[0]["userdata"]["SmartCropWidth"], "120.0");
    assert_eq!(relation[1]["userdata"]["SmartSwatchColor"], "0xA56DB2");
    assert_eq!(set["item"]["i"]["n"], "Shop/shoe");
    assert!(set["item"]["dx"].as_str().unwrap().parse::<u32>().is_ok());
    assert_eq!(set["item"]["iv"].as_str().map(str::len), Some(12));
    assert_eq!(ask(&store, "Shop/shoe:Banner?req=set,json").status, 403, "no colon (r-set)");
}

#[test]
fn sets_tell_their_kind_and_their_members() {
    let store = store();
    put_set(&store, "colors", "Shop/front;Shop/leather,back;{0xFF0080 hot pink}", None);
    let document = text(&store, "Shop/colors?req=set");
    assert!(document.contains("<set n=\"Shop/colors\" pv=\"1.0\" type=\"img_set\">"), "{document}");
    assert!(document.contains("<item dx=\"40\" dy=\"30\" iv=\""), "{document}");
    assert!(document.contains("<i n=\"Shop/front\"/><s n=\"Shop/leather\"/></item>"), "{document}");
    assert!(
        document.contains("<i n=\"back\"/><s mod=\"color=FF0080\" l=\"hot pink\"/>"),
        "{document}"
    );
    assert_eq!(
        text(&store, "Shop/colors?req=imageset"),
        "Shop/front;Shop/leather,back;{0xFF0080 hot pink}\r\n"
    );

    put_set(&store, "spin", "Shop/front,Shop/back", Some("SpinSet"));
    assert!(text(&store, "Shop/spin?req=set,xml").contains("type=\"spin\""));
    put_set(&store, "media", "{Shop/front,Shop/back};Shop/leather;spin,Shop/front;;", None);
    let document = text(&store, "Shop/media?req=set");
    assert!(document.contains("type=\"media_set\""), "{document}");
    assert!(document.contains("<item type=\"spin\"><set type=\"img_set\">"), "{document}");
    put_set(&store, "broken", "{Shop/front", None);
    assert_eq!(ask(&store, "Shop/broken?req=set").status, 403);
}

#[test]
fn a_changed_member_is_another_set() {
    let store = store();
    put_set(&store, "pair", "Shop/front,Shop/back", None);
    let later = |seconds: f64| {
        let request = HttpRequest {
            path: "/is/image/Shop/pair".to_owned(),
            query: "req=set".to_owned(),
            received_at: seconds * 1000.0,
            ..HttpRequest::default()
        };
        let reply = pollster::block_on(serve(&request, &store, || 0.0));
        reply.header("etag").unwrap().to_owned()
    };
    let before = later(0.0);
    store.put("records/Shop/back.json", br#"{"width": 41, "height": 30}"#.to_vec());
    assert_ne!(later(100.0), before);
}

#[test]
fn an_svg_is_refused_by_name_and_nothing_stands_in_for_it() {
    let store = store();
    store.put("records/Shop/logo.json", br#"{"svg": true}"#.to_vec());
    // What was there before it is another picture.
    store.put("assets/Shop/logo.tif", TULIPS.to_vec());
    for request in ["Shop/logo?wid=50", "Shop/logo?wid=50&defaultImage=shoe"] {
        let reply = ask(&store, request);
        let words = String::from_utf8(reply.body).unwrap();
        assert_eq!(reply.status, 403, "{words}");
        assert!(words.contains("Shop/logo: it is an SVG, which is not drawn yet"), "{words}");
    }
    assert!(text(&store, "Shop/logo?req=exists").contains("exists=0"));
}
