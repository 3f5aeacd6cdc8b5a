//! `req=map`: HTML areas, as they are stored and as they move with their image.

use crate::shop;

use shop::{headers, refusal, shop_with, text};

const MAP: &str = r##"{"map": "<AREA SHAPE=RECT COORDS='20,40,60,80' HREF=\"/a?b&amp;c\">\n<area shape=\"poly\" coords=\"100,100,200,100,100,200\" alt='p>q' nohref/><area shape=circle coords=1,2,3>"}"##;

#[test]
fn an_image_map_is_sent_as_it_is_stored() {
    let store = shop_with(&[], MAP);
    let html = "<AREA SHAPE=RECT COORDS='20,40,60,80' HREF=\"/a?b&amp;c\">\n\
                <area shape=\"poly\" coords=\"100,100,200,100,100,200\" alt='p>q' nohref/>\
                <area shape=circle coords=1,2,3>";
    assert_eq!(text(&store, "Shop/shoe?req=map"), html);
    assert_eq!(
        text(&store, "Shop/shoe?req=map,xml"),
        "<?xml version=\"1.0\" encoding=\"UTF-8\" ?>\n<MAP><AREA SHAPE=\"RECT\" \
         COORDS=\"20,40,60,80\" HREF=\"/a?b&amp;c\"/><AREA shape=\"poly\" \
         coords=\"100,100,200,100,100,200\" alt=\"p&gt;q\" nohref=\"nohref\"/>\
         <AREA shape=\"circle\" coords=\"1,2,3\"/></MAP>\n"
    );
    assert!(text(&store, "Shop/shoe?req=map,json&id=3").starts_with(
        "/*jsonp*/s7jsonResponse({\"map\":\"\\u003cAREA SHAPE=RECT COORDS='20,40,60,80' HREF="
    ));
    let cache_control = "public, max-age=36000, stale-while-revalidate=60".to_owned();
    let mime = "text/plain; charset=utf-8".to_owned();
    assert_eq!(headers(&store, "Shop/shoe?req=map"), (mime, cache_control));
    for (request, empty) in [("Shop/front?req=map", ""), ("Shop/gone?req=map", "")] {
        assert_eq!(text(&store, request), empty, "{request}");
    }
    let empty = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\" ?>\n<MAP><AREA/></MAP>\n";
    assert_eq!(text(&store, "Shop/gone?req=map,xml,ISO-8859-1"), empty);
    let wanted = "req=map,javascript: expected one of text, xml, json";
    assert_eq!(refusal(&store, "Shop/shoe?req=map,javascript"), wanted);
}

/// The image is of 200 × 200 pixels.
#[test]
fn areas_move_as_their_image_does() {
    let store = shop_with(&[], MAP);
    let areas = |modifiers: &str| text(&store, &format!("Shop/shoe?req=map&{modifiers}"));
    let rect = |coords: &str| format!("<AREA SHAPE=RECT COORDS='{coords}' HREF=\"/a?b&amp;c\">");
    let poly = |coords: &str| format!("<AREA shape=\"poly\" coords=\"{coords}\" alt='p>q' nohref>");
    // Half as large; circles cannot be told (L16).
    let half = rect("10,20,30,40") + &poly("50,50,100,50,50,100");
    assert_eq!(areas("wid=100"), half);
    assert_eq!(areas("scl=2"), half);
    assert_eq!(areas("scale=0.5"), half);
    assert_eq!(areas("size=100,100"), half);
    assert_eq!(areas("flip=lr"), rect("140,40,180,80") + &poly("100,100,0,100,100,200"));
    // What is cut off is no part of an area; what is gone has none.
    assert_eq!(areas("crop=40,0,80,70"), rect("0,40,20,70"));
    assert_eq!(
        areas("crop=0,120,200,80"),
        poly("180,0,100,80,100,0"),
        "the triangle without its upper part"
    );
    // Padding moves: 100 × 100 in the middle of 300 × 100.
    assert_eq!(
        areas("wid=300&hei=100&fit=fit,1"),
        rect("110,20,130,40") + &poly("150,50,200,50,150,100")
    );
    assert_eq!(areas("wid=300&hei=100&fit=fit,1&rect=100,0,25,100"), rect("10,20,25,40"));
    // "All other commands are effectively ignored."
    assert_eq!(
        areas("wid=100&op_hue=9&icc=sRGB&effect=-1&color=0,0,0&op_blur=3&bgColor=ff0000"),
        half
    );
}

/// The image is of 200 × 200 pixels.
#[test]
fn areas_turn_with_their_image() {
    let store = shop_with(&[], MAP);
    let areas = |modifiers: &str| text(&store, &format!("Shop/shoe?req=map&{modifiers}"));
    let rect = |coords: &str| format!("<AREA SHAPE=RECT COORDS='{coords}' HREF=\"/a?b&amp;c\">");
    let turned =
        |coords: &str| format!("<AREA SHAPE=\"POLY\" COORDS='{coords}' HREF=\"/a?b&amp;c\">");
    let poly = |coords: &str| format!("<AREA shape=\"poly\" coords=\"{coords}\" alt='p>q' nohref>");
    assert_eq!(areas("rotate=90"), rect("120,20,160,60") + &poly("100,100,100,200,0,100"));
    assert_eq!(areas("rotate=180&scl=2"), rect("70,60,90,80") + &poly("50,50,0,50,50,0"));
    assert_eq!(
        areas("rotate=90&flip=lr&extend=10,0,0,0"),
        rect("40,20,80,60") + &poly("100,100,100,200,200,100")
    );
    // Clockwise around the centre, into a square of 274 pixels.
    let corners = |points: &[[f64; 2]]| {
        let (cos, sin) = (0.75_f64.sqrt(), 0.5);
        let at = |[x, y]: &[f64; 2]| {
            let (x, y) = (x - 100.0, y - 100.0);
            let round = |at: f64| (137.0 + at).round();
            format!("{},{}", round(x * cos - y * sin), round(x * sin + y * cos))
        };
        points.iter().map(at).collect::<Vec<_>>().join(",")
    };
    let rectangle = corners(&[[20.0, 40.0], [60.0, 40.0], [60.0, 80.0], [20.0, 80.0]]);
    let triangle = corners(&[[100.0, 100.0], [200.0, 100.0], [100.0, 200.0]]);
    assert_eq!(areas("rotate=30"), turned(&rectangle) + &poly(&triangle));
    // What the crop cuts off is not turned into view.
    assert_eq!(areas("crop=100,0,100,100&rotate=30"), "");
    // A perspective to the right half, and one whose horizon crosses the image's plane.
    let half = "perspective=100,0,200,0,200,200,100,200";
    assert_eq!(areas(half), rect("110,40,130,80") + &poly("150,100,200,100,150,200"));
    let steep = areas("perspective=90,0,110,0,200,200,0,200");
    assert!(steep.starts_with("<AREA SHAPE=\"POLY\" COORDS='"), "{steep}");
}

#[test]
fn maps_of_the_request_come_before_or_after_the_records() {
    let store = shop_with(&[], MAP);
    let areas = |modifiers: &str| text(&store, &format!("Shop/shoe?req=map&{modifiers}"));
    let own = "%3Carea alt=x%3E";
    // In pixels of the layer; without a shape it is all of the layer (r-map).
    assert_eq!(
        areas(&format!("layer=0&map={own}&wid=50")),
        "<AREA alt=x shape=\"RECT\" coords=\"0,0,50,50\">"
    );
    let after = areas(&format!(
        "crop=0,0,10,10&map={own}&mapA=%3Carea shape=rect coords=5,5,50,50 alt=a%3E"
    ));
    assert_eq!(
        after,
        "<AREA shape=rect coords=\"5,5,10,10\" alt=a><AREA alt=x shape=\"RECT\" coords=\"0,0,10,10\">"
    );
    // An empty one takes the record's away.
    assert_eq!(areas("layer=0&map=&wid=50"), "");
    // In layer coordinates before the view: 200 pixels become 100.
    let rect = "%3Carea shape=rect coords=0,0,100,20%3E";
    assert_eq!(
        areas(&format!("layer=0&map={rect}&wid=100")),
        "<AREA shape=rect coords=\"0,0,50,10\">"
    );
}

#[test]
fn areas_are_sent_in_the_clients_language() {
    let map = r#"{"map": "<area shape='rect^loc=D^x' coords='1,2,3,4' alt=\"Leaf^loc=D^Blatt\">"}"#;
    let store = shop_with(&[("LocaleStrMap", "de,D|,")], map);
    assert_eq!(
        text(&store, "Shop/shoe?req=map&locale=de"),
        "<area shape='rect^loc=D^x' coords='1,2,3,4' alt=\"Blatt\">"
    );
}
