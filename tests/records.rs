//! What is answered out of the records of assets: smart crops, user data, targets.

use crate::shop;

use shop::{TULIPS, get, headers, record, refusal, store, text};

/// Width and height of the reply image.
#[expect(clippy::unwrap_used, reason = "a test fails by panicking, its tools too")]
fn size(request: &str) -> [u32; 2] {
    let separator = if request.contains('?') { '&' } else { '?' };
    let props = text(&store(), &format!("{request}{separator}req=props"));
    ["image.width=", "image.height="].map(|name| {
        let line = props.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap().parse().unwrap()
    })
}

#[test]
fn a_smart_crop_is_the_picture_cut_and_sized_as_its_record_says() {
    let store = store();
    let part = get(&store, "Shop/shoe:Banner?fmt=png");
    let same = get(&store, "Shop/shoe?fmt=png&cropN=0.25,0.5,0.5,0.25&hei=40");
    assert_eq!((part.status, same.status), (200, 200));
    assert!(part.body == same.body, "the bytes of the crop");
    // 100 × 50 pixels within the 120 × 40 that it is meant for.
    assert_eq!(size("Shop/shoe:Banner"), [80, 40]);
    assert_eq!(size("Shop/shoe:Banner?wid=60"), [60, 30]);
    // Its own size is a limit, not a scale: a smaller part is not enlarged; 25 × 25 pixels.
    assert_eq!(size("Shop/shoe:Swatch"), [20, 20]);
    assert_eq!(size("Shop/shoe:Swatch?scl=1"), [25, 25]);
}

#[test]
fn an_id_with_a_colon_wins_over_a_part_of_that_name() {
    let request = "Shop/shoe:Banner?req=props&wid=60";
    assert!(text(&store(), request).contains("image.height=30\r\n"));
    let store = store();
    store.put("assets/Shop/shoe:Banner.tif", TULIPS.to_vec());
    assert!(text(&store, request).contains("image.height=60\r\n"));
}

#[test]
fn a_part_that_is_not_there_is_a_missing_image() {
    let exists = |answer| {
        format!("#S7Z OK\r\n#Thu Jan 01 00:00:00 UTC 1970\r\ncatalogRecord.exists={answer}\r\n")
    };
    assert_eq!(
        refusal(&store(), "Shop/shoe:Poster?wid=9"),
        "Shop/shoe:Poster: no such image (assets/Shop/shoe:Poster.tif)"
    );
    assert_eq!(text(&store(), "Shop/shoe:Poster?req=exists"), exists(0));
    assert_eq!(text(&store(), "Shop/shoe:Banner?req=exists"), exists(1));
}

/// What removes a record from S3 leaves an empty object.
#[test]
fn an_empty_record_is_none() {
    let (store, exists) = (store(), |answer| format!("catalogRecord.exists={answer}\r\n"));
    store.put("records/Shop/gone.json", Vec::new());
    assert!(text(&store, "Shop/gone?req=exists").ends_with(&exists(0)));
    assert!(refusal(&store, "Shop/gone?wid=9").contains("no such image"));
    store.put("records/Shop/shoe.json", Vec::new());
    assert!(text(&store, "Shop/shoe?req=exists").ends_with(&exists(1)), "it has a pyramid");
    assert_eq!(text(&store, "Shop/shoe?req=userdata"), "\r\n");
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
    let mime = "text/plain; charset=utf-8".to_owned();
    let cache_control = "public, max-age=36000, stale-while-revalidate=60".to_owned();
    assert_eq!(headers(&store, "Shop/shoe?req=userdata"), (mime, cache_control));
}

#[test]
fn image_properties_are_the_records_where_it_has_them() {
    let store = store();
    let properties_of = |id: &str| {
        let lines = text(&store, &format!("Shop/{id}?req=imageprops"));
        let names = ["anchor", "modifier", "postModifier", "thumbRes", "thumbType"];
        let value = |name: &str| {
            lines
                .lines()
                .find_map(|line| line.strip_prefix(&format!("image.{name}=")))
                .map(str::to_owned)
        };
        names.map(|name| value(name).unwrap_or_else(|| format!("no {name}")))
    };
    assert_eq!(properties_of("shoe"), ["100,100", "", "", "72", "2"]);
    store.put("assets/Shop/boot.tif", TULIPS.to_vec());
    record(
        &store,
        "boot",
        r#"{"anchor": [3, 4], "modifier": "wid=9", "postModifier": "qlt=70", "thumbRes": 36, "thumbType": 3}"#,
    );
    assert_eq!(properties_of("boot"), ["3,4", "wid=9", "qlt=70", "36", "3"]);
}

#[test]
fn targets_are_lines() {
    let store = store();
    let lines = "target.1.rect=1,2,3,4\r\ntarget.1.label=Leaf\r\n";
    assert_eq!(text(&store, "Shop/shoe?req=targets"), lines);
    assert_eq!(
        text(&store, "Shop/shoe?req=targets,json&handler=cb"),
        "/*jsonp*/cb({\"target.1.rect\":\"1,2,3,4\",\"target.1.label\":\"Leaf\"},\"\");"
    );
}

#[test]
fn xml_comes_in_the_requested_encoding() {
    let store = store();
    record(&store, "boot", r#"{"userData": {"name": "é€<"}}"#);
    let body = |name: &str, value: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"{name}\" ?>\n<prop-group>\
             <property name=\"name\" value=\"{value}\"/></prop-group>\n"
        )
    };
    let xml = |name: &str| get(&store, &format!("Shop/boot?req=userdata,xml,{name}")).body;
    assert_eq!(xml("UTF-8"), body("UTF-8", "é€&lt;").into_bytes());
    let wide = |name: &str| body(name, "é€&lt;").encode_utf16().collect::<Vec<_>>();
    let bytes: Vec<u8> = wide("UTF-16LE").into_iter().flat_map(u16::to_le_bytes).collect();
    assert_eq!(xml("utf-16le"), bytes);
    let bytes: Vec<u8> = wide("UTF-16BE").into_iter().flat_map(u16::to_be_bytes).collect();
    assert_eq!(xml("UTF-16BE"), bytes);
    let marked = [0xfeff].into_iter().chain(wide("UTF-16")).flat_map(u16::to_be_bytes);
    assert_eq!(xml("UTF-16"), marked.collect::<Vec<u8>>());
    let latin = body("ISO-8859-1", "\u{e9}&#8364;&lt;");
    let bytes: Vec<u8> = latin.chars().map(|c| u32::from(c) as u8).collect();
    assert_eq!(xml("ISO-8859-1"), bytes);
    let expected = "req=userdata,xml,EBCDIC: expected one of UTF-8, UTF-16, UTF-16LE, UTF-16BE, \
                    ISO-8859-1";
    assert_eq!(refusal(&store, "Shop/boot?req=userdata,xml,EBCDIC"), expected);
}

/// The first example of r-text-string-localization, and the labels of targets.
#[test]
fn strings_are_sent_in_the_clients_language() {
    let store = store();
    let map = "en,E|nl,N|de,D|,";
    shop::catalog(&store, &[("LocaleStrMap", map)]);
    record(
        &store,
        "item",
        r#"{"userData": {
            "str1": "Default1^loc=N^Dutch1^loc=D^German1",
            "str2": "^loc=E^English2^loc=N^Dutch2^loc=D^German2",
            "str3": "Default3^loc=N^Dutch3^loc=D^German3",
            "val1": "111", "val2": "value2"},
        "targets": "target.1.rect=1,2,3,4??target.1.label=Leaf^loc=N^Blad??target.1.userData=x^loc=N^y",
        "imageSet": "Shop/front;{0xFF0000 red^loc=N^rood},Shop/back^loc=N^Shop/leather"}"#,
    );
    assert_eq!(
        text(&store, "Shop/item?req=userdata&locale=nl"),
        "str1=Dutch1\r\nstr2=Dutch2\r\nstr3=Dutch3\r\nval1=111\r\nval2=value2\r\n"
    );
    // "Unknown locales": the entry without a name.
    assert_eq!(
        text(&store, "Shop/item?req=userdata&locale=ja"),
        "str1=Default1\r\nstr2=\r\nstr3=Default3\r\nval1=111\r\nval2=value2\r\n"
    );
    assert_eq!(
        text(&store, "Shop/item?req=targets&locale=NL"),
        "target.1.rect=1,2,3,4\r\ntarget.1.label=Blad\r\ntarget.1.userData=y\r\n"
    );
    assert_eq!(
        text(&store, "Shop/item?req=imageset&locale=nl"),
        "Shop/front;{0xFF0000 rood},Shop/leather\r\n"
    );
    let set = text(&store, "Shop/item?req=set&locale=nl");
    let items = set.matches("<item").count();
    assert!(set.contains("l=\"rood\"") && set.contains("<i n=\"Shop/leather\"/>"), "{set}");
    assert_eq!((items, set.contains("^loc")), (2, false), "{set}");
    // DefaultLocale is the locale of requests without one.
    shop::catalog(&store, &[("LocaleStrMap", map), ("DefaultLocale", "de"), ("PublishInfo", "2")]);
    let request = azulejo::http::HttpRequest {
        path: "/is/image/Shop/item".into(),
        query: "req=userdata".into(),
        received_at: 100_000.0,
        ..Default::default()
    };
    let reply = pollster::block_on(azulejo::serve::serve(&request, &store, || 0.0));
    assert!(reply.body.starts_with(b"str1=German1\r\nstr2=German2\r\n"));
}

/// r-is-http-defaultimage: "The default image mechanism does not apply to SVG objects" (J13).
#[test]
fn nothing_stands_in_for_a_missing_svg() {
    let store = store();
    store.put("records/Shop/logo.json", br#"{"svg": true}"#.to_vec());
    // What was there before it is another picture.
    store.put("assets/Shop/logo.tif", TULIPS.to_vec());
    for request in ["Shop/logo?wid=50", "Shop/logo?wid=50&defaultImage=shoe"] {
        let reply = get(&store, request);
        let message = String::from_utf8(reply.body).unwrap();
        assert_eq!(reply.status, 403, "{message}");
        assert!(message.contains("Shop/logo: no such image (svg/Shop/logo.svg)"), "{message}");
    }
    assert!(text(&store, "Shop/logo?req=exists").contains("exists=0"));
}
