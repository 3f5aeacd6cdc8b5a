//! `req=set`: what viewers and Adobe's image component learn of sets, spins, pages and media.

use crate::shop;

use azulejo::{http::HttpRequest, serve::serve, store::MemoryStore};
use shop::{get, headers, record, refusal, store, text};

fn put_set(store: &MemoryStore, id: &str, set: &str, kind: Option<&str>) {
    let json = serde_json::json!({"imageSet": set, "assetType": kind});
    record(store, id, &json.to_string());
}

/// The set as XML, without the prolog; versions, which are hashes, as `iv`.
fn set(store: &MemoryStore, request: &str) -> String {
    let document = text(store, request);
    let prolog = "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n";
    let mut parts = document.strip_prefix(prolog).unwrap().trim_end().split(" iv=\"");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (version, rest) = part.split_once('"').unwrap();
        assert_eq!(version.len(), 12, "{version}");
        plain.push_str(" iv");
        plain.push_str(rest);
    }
    plain
}

/// What Adobe's open-source image component takes of a reply: the first argument of the call.
fn of_the_component(body: &str) -> Option<serde_json::Value> {
    let call = r#"(?i)^(?:/\*jsonp\*/)?\s*([^()]+)\(([\s\S]+),\s*"[0-9]*"\);?$"#;
    let captures = regex_lite::Regex::new(call).unwrap().captures(body)?;
    serde_json::from_str(&captures[2]).ok()
}

#[test]
fn adobes_image_component_finds_the_smart_crops() {
    let store = store();
    for query in ["req=set,json", "req=set,json&id=77", "req=set,json&handler=cb"] {
        let body = text(&store, &format!("Shop/shoe?{query}"));
        let payload = of_the_component(&body).unwrap();
        let relations = payload["set"]["relation"].as_array().unwrap();
        let found: Vec<(&str, &str)> = relations
            .iter()
            .map(|relation| &relation["userdata"])
            .map(|data| {
                (data["SmartCropDef"].as_str().unwrap(), data["SmartCropWidth"].as_str().unwrap())
            })
            .collect();
        assert_eq!(found, [("Banner", "120.0"), ("Swatch", "20.0")], "{query}");
    }
    // It reads a list; one crop alone is a list as well.
    let crops = r#"{"crops": {"Only": {"rect": [0, 0, 1, 1], "width": 9, "height": 9}}}"#;
    record(&store, "one", crops);
    let payload = of_the_component(&text(&store, "Shop/one?req=set,json")).unwrap();
    assert_eq!(payload["set"]["relation"].as_array().map(Vec::len), Some(1));
    assert_eq!(of_the_component("<set/>"), None);
}

#[test]
fn a_plain_image_is_a_set_of_one_with_its_parts() {
    let store = store();
    assert_eq!(
        set(&store, "Shop/shoe?req=set"),
        "<set n=\"Shop/shoe\" pv=\"1.0\" type=\"img\">\
         <relation n=\"Shop/shoe:Banner\" type=\"smartcrop\"><userdata SmartCropDef=\"Banner\" \
         SmartCropHeight=\"40.0\" SmartCropRect=\"0.25,0.5,0.5,0.25,120,40\" \
         SmartCropType=\"Banner\" SmartCropWidth=\"120.0\"/></relation>\
         <relation n=\"Shop/shoe:Swatch\" type=\"smartcrop\"><userdata SmartCropDef=\"Swatch\" \
         SmartCropHeight=\"20.0\" SmartCropRect=\"0,0,0.125,0.125,20,20\" \
         SmartCropType=\"Swatch\" SmartCropWidth=\"20.0\" SmartSwatchColor=\"0xA56DB2\"/></relation>\
         <item dx=\"200\" dy=\"200\" iv><i n=\"Shop/shoe\"/></item></set>"
    );
    let wanted = "req=set: expected an object without a colon (r-set)";
    assert_eq!(refusal(&store, "Shop/shoe:Banner?req=set"), wanted);
    let wanted = "req=set,text: expected one of xml, json";
    assert_eq!(refusal(&store, "Shop/shoe?req=set,text"), wanted);
    assert_eq!(
        headers(&store, "Shop/shoe?req=set,xml,UTF-16"),
        ("text/xml".into(), "public, max-age=360, stale-while-revalidate=60".into())
    );
}

#[test]
fn swatch_sets_are_listed_with_sizes_and_colors() {
    let store = store();
    put_set(&store, "colors", "Shop/front;Shop/leather,back;{0xFF0080 hot pink}", None);
    assert_eq!(
        set(&store, "Shop/colors?req=set"),
        "<set n=\"Shop/colors\" pv=\"1.0\" type=\"img_set\">\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/front\"/><s n=\"Shop/leather\"/></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/><s mod=\"color=FF0080\" l=\"hot pink\"/></item>\
         </set>"
    );
    assert_eq!(
        text(&store, "Shop/colors?req=imageset"),
        "Shop/front;Shop/leather,back;{0xFF0080 hot pink}\r\n"
    );
    put_set(&store, "broken", "{Shop/front", None);
    let wanted = "ImageSet={Shop/front: the braces do not match";
    assert_eq!(refusal(&store, "Shop/broken?req=set"), wanted);
}

/// Clients wait for a call, not for a text (J2).
#[test]
fn errors_come_in_the_format_of_the_request() {
    let store = store();
    put_set(&store, "broken", "{Shop/front", None);
    let body = |request: &str| {
        let reply = get(&store, request);
        // A browser runs no script whose status is not 200.
        let status = if request.contains(",json") { 200 } else { 403 };
        assert_eq!(reply.status, status, "{request}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{request}");
        String::from_utf8(reply.body).unwrap()
    };
    let wanted = "/*jsonp*/s7jsonError({\"message\":\"ImageSet={Shop/front: the braces do not match\",\
                  \"title\":\"Malformed request\",\"error.title\":\"Malformed request\",\
                  \"error.message\":\"ImageSet={Shop/front: the braces do not match\"},\"12\");";
    assert_eq!(body("Shop/broken?req=set,json&id=12"), wanted);
    let javascript = body("Shop/shoe?wid=abc&req=props,javascript");
    assert!(javascript.ends_with("error.message='wid=abc: expected a number'\r\n"), "{javascript}");
    assert!(body("Shop/shoe?wid=abc&req=props").ends_with("\nwid=abc: expected a number\n"));
    assert!(body("Shop/shoe?wid=abc&req=props,json&id=3").ends_with(",\"3\");"));
}

#[test]
fn spins_of_spins_hold_the_sets_they_name() {
    let store = store();
    put_set(&store, "row", "Shop/front,Shop/back", Some("SPINSET"));
    put_set(&store, "ball", "Shop/row,{Shop/back,Shop/front},Shop/front", None);
    assert_eq!(
        set(&store, "Shop/ball?req=set"),
        "<set n=\"Shop/ball\" pv=\"1.0\" type=\"spin\">\
         <item><set n=\"Shop/row\" type=\"spin\"><item dx=\"40\" dy=\"30\" iv><i n=\"Shop/front\"/></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/></item></set></item>\
         <item><set type=\"spin\"><item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/front\"/></item></set></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/front\"/></item></set>"
    );
    let kind = |id: &str| {
        let xml = set(&store, &format!("Shop/{id}?req=set"));
        xml.split("type=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    assert_eq!(kind("row"), "spin");
    for (text, asset_type, expected) in [
        ("Shop/front:Shop/back", None, "ecat"),
        ("Shop/front,Shop/back", None, "img_set"),
        ("Shop/front,Shop/back", Some("SPINSET2D"), "spin"),
        ("Shop/front,Shop/back", Some("ECATALOG"), "ecat"),
        ("Shop/a.mp4,Shop/b.mp4", Some("VIDEOSET"), "video_set"),
        ("Shop/front;;,Shop/back", None, "media_set"),
        ("Shop/front", Some("MEDIASET"), "media_set"),
    ] {
        let store = shop::store();
        put_set(&store, "any", text, asset_type);
        let xml = set(&store, "Shop/any?req=set");
        assert!(xml.starts_with(&format!("<set n=\"Shop/any\" pv=\"1.0\" type=\"{expected}\">")));
    }
    record(&store, "film", r#"{"path": "clips/film.MP4"}"#);
    assert_eq!(kind("film"), "video");
}

#[test]
fn pages_are_the_images_of_one_item() {
    let store = store();
    put_set(&store, "book", "Shop/front,Shop/back:Shop/leather", None);
    assert_eq!(
        set(&store, "Shop/book?req=set"),
        "<set n=\"Shop/book\" pv=\"1.0\" type=\"ecat\">\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/front\"/></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/><i n=\"Shop/leather\"/></item></set>"
    );
}

/// The table of r-media-set-requests, and what is found out where no type is said.
#[test]
fn media_sets_report_the_type_of_each_item() {
    let store = store();
    put_set(&store, "row", "Shop/front,Shop/back", Some("SPINSET"));
    record(&store, "film", r#"{"path": "clips/film.mp4", "videoSize": [64, 36]}"#);
    let written = "Shop/front;Shop/leather;advanced_image,Shop/row;Shop/leather,Shop/film;;,\
                   {Shop/front,Shop/back};Shop/leather;spin,Shop/row;;img";
    put_set(&store, "media", written, None);
    assert_eq!(
        set(&store, "Shop/media?req=set"),
        "<set n=\"Shop/media\" pv=\"1.0\" type=\"media_set\">\
         <item dx=\"40\" dy=\"30\" iv type=\"img\"><i n=\"Shop/front\"/><s n=\"Shop/leather\"/></item>\
         <item type=\"spin\"><set n=\"Shop/row\" type=\"spin\">\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/front\"/></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/></item></set><s n=\"Shop/leather\"/></item>\
         <item dx=\"64\" dy=\"36\" iv type=\"video\"><i n=\"Shop/film\"/></item>\
         <item type=\"spin\"><set type=\"spin\"><item dx=\"40\" dy=\"30\" iv><i n=\"Shop/front\"/></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/></item></set><s n=\"Shop/leather\"/></item>\
         <item type=\"img\"><i n=\"Shop/row\"/></item></set>"
    );
    put_set(&store, "outer", "Shop/media;Shop/leather;,Shop/front", None);
    let wanted = "a media set within a media set (r-media-set-requests)";
    assert_eq!(refusal(&store, "Shop/outer?req=set"), wanted);
}

#[test]
fn a_set_in_the_url_goes_before_the_records() {
    let store = store();
    put_set(&store, "pair", "Shop/front,Shop/back", None);
    let expected = "<item dx=\"40\" dy=\"30\" iv><i n=\"Shop/leather\"/></item><item><i n=\"Shop/x,y\"/></item></set>";
    for request in ["Shop/pair", "Shop", "Shop/none"] {
        let document = set(&store, &format!("{request}?req=set&imageSet={{leather,x%2Cy}}"));
        let expected = format!("<set n=\"{request}\" pv=\"1.0\" type=\"img_set\">{expected}");
        assert_eq!(document, expected);
    }
    // An encoded pair of braces is one, too (A15).
    let document = set(&store, "Shop/pair?req=set&imageSet=%7Bleather%7D");
    assert!(document.ends_with("<i n=\"Shop/leather\"/></item></set>"), "{document}");
    assert_eq!(get(&store, "Shop?req=set").status, 403, "no set at all");
}

#[test]
fn labels_are_user_data_of_the_members() {
    let store = store();
    shop::catalog(&store, &[("LocaleStrMap", "de,D|,")]);
    let titled = r#"{"userData": {"title": "Front^loc=D^Vorne"}}"#;
    record(&store, "front", titled);
    put_set(&store, "pair", "Shop/front;Shop/front,Shop/back;{0xFF0080 pink}", None);
    assert_eq!(
        set(&store, "Shop/pair?req=set&labelkey=title&locale=de"),
        "<set n=\"Shop/pair\" pv=\"1.0\" type=\"img_set\">\
         <item><i n=\"Shop/front\" l=\"Vorne\"/><s n=\"Shop/front\" l=\"Vorne\"/></item>\
         <item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/><s mod=\"color=FF0080\" l=\"pink\"/></item></set>"
    );
}

#[test]
fn sets_that_name_each_other_end() {
    let store = store();
    // "The defining catalog record may appear in the set at any location": as its picture.
    put_set(&store, "self", "Shop/self;Shop/front,Shop/back", None);
    assert_eq!(
        set(&store, "Shop/self?req=set"),
        "<set n=\"Shop/self\" pv=\"1.0\" type=\"img_set\"><item><i n=\"Shop/self\"/>\
         <s n=\"Shop/front\"/></item><item dx=\"40\" dy=\"30\" iv><i n=\"Shop/back\"/></item></set>"
    );
    put_set(&store, "one", "Shop/two;Shop/front", None);
    put_set(&store, "two", "Shop/one;Shop/front", None);
    assert!(
        set(&store, "Shop/one?req=set")
            .contains("<set n=\"Shop/two\" type=\"img_set\"><item><i n=\"Shop/one\"/>")
    );
    for level in 0..9 {
        put_set(
            &store,
            &format!("level{level}"),
            &format!("Shop/level{};Shop/front", level + 1),
            None,
        );
    }
    let wanted = "sets are nested deeper than 4 levels";
    assert_eq!(refusal(&store, "Shop/level0?req=set"), wanted);
    let many = |name: &str| vec![name; 90].join(",");
    put_set(&store, "wide", &many("{Shop/wide1;Shop/front}"), None);
    put_set(&store, "wide1", &many("{Shop/front;Shop/back}"), None);
    let wanted = "the sets have more than 2000 items in all";
    assert_eq!(refusal(&store, "Shop/wide?req=set"), wanted);
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
    record(&store, "back", r#"{"width": 41, "height": 30}"#);
    assert_ne!(later(100.0), before);
}

/// Rows of a catalog without `Size` have what their pyramids say.
#[test]
fn members_without_a_size_have_that_of_their_pyramids() {
    let store = store();
    put_set(&store, "row", "Shop/tulip;Shop/shoe,Shop/gone,Shop/moved", None);
    store.put("assets/Shop/tulip.tif", shop::TULIPS.to_vec());
    store.put("assets/Shop/dir/file.tif", shop::TULIPS.to_vec());
    record(&store, "tulip", "{}");
    record(&store, "gone", "{}");
    record(&store, "moved", r#"{"path": "dir/file.png"}"#);
    assert_eq!(
        set(&store, "Shop/row?req=set"),
        "<set n=\"Shop/row\" pv=\"1.0\" type=\"img_set\">\
         <item dx=\"200\" dy=\"200\" iv><i n=\"Shop/tulip\"/><s n=\"Shop/shoe\"/></item>\
         <item><i n=\"Shop/gone\"/></item>\
         <item dx=\"200\" dy=\"200\" iv><i n=\"Shop/moved\"/></item></set>"
    );
    // A damaged one has none, and the set is told.
    store.put("assets/Shop/tulip.tif", b"II*\0 no directories".to_vec());
    assert!(set(&store, "Shop/row?req=set").contains("<item><i n=\"Shop/tulip\"/>"));
}

#[test]
fn a_set_has_up_to_a_thousand_members() {
    let store = store();
    let members =
        |count: usize| (0..count).map(|nth| format!("Shop/m{nth}")).collect::<Vec<_>>().join(",");
    put_set(&store, "most", &members(1000), None);
    assert_eq!(set(&store, "Shop/most?req=set").matches("<item>").count(), 1000);
    // Of many without a size, some are opened.
    let store = self::store();
    put_set(&store, "most", &members(1000), None);
    for nth in 0..300 {
        record(&store, &format!("m{nth}"), "{}");
        store.put(&format!("assets/Shop/m{nth}.tif"), shop::TULIPS.to_vec());
    }
    assert_eq!(set(&store, "Shop/most?req=set").matches("dx=").count(), 200);
    let reads = store.take_reads().len();
    assert!(reads < 1250, "{reads}");
    put_set(&store, "more", &members(1001), None);
    assert_eq!(refusal(&store, "Shop/more?req=set"), "the set has more than 1000 members");
}
