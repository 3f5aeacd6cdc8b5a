//! The images of an SVG: requests of this server (r-svg-support, "Image references"; decision N12).

use std::{
    io::Cursor,
    sync::atomic::{AtomicU32, Ordering},
};

use azulejo::{
    catalog::{Compiled, FORMAT, OnMatch, Rule},
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};
use serde_json::Value;

use crate::golden::cases;

const SVG: &str = "http://www.w3.org/2000/svg";

/// Stores an SVG of 100 × 80 units with this body as `Test/<name>`.
fn put(store: &MemoryStore, name: &str, body: &str) {
    let text = format!("<svg xmlns='{SVG}' width='100' height='80'>{body}</svg>");
    put_text(store, name, text);
}

fn put_text(store: &MemoryStore, name: &str, text: String) {
    store.put(&format!("svg/Test/{name}.svg"), text.into_bytes());
    record(store, name, r#"{"svg": true}"#);
}

fn record(store: &MemoryStore, name: &str, json: &str) {
    store.put(&format!("records/Test/{name}.json"), json.as_bytes().to_vec());
}

fn catalog(store: &MemoryStore, root: &str, attributes: &[(&str, &str)], rules: Vec<Rule>) {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let attributes = attributes.iter().map(owned).collect();
    let compiled = Compiled { format: FORMAT, attributes, rules, ..Compiled::default() };
    store.put(&Compiled::key(root), compiled.to_json().unwrap());
}

/// A store of the fixtures, and an SVG with this body as `Test/a`.
fn store(body: &str) -> MemoryStore {
    let store = cases::store();
    put(&store, "a", body);
    store
}

/// The reply to a request at a time when nothing that was cached before is trusted any more.
fn get(store: &MemoryStore, request: &str) -> HttpReply {
    static HOURS: AtomicU32 = AtomicU32::new(1);
    get_at(store, request, f64::from(HOURS.fetch_add(1, Ordering::Relaxed)) * 3.6e6)
}

fn get_at(store: &MemoryStore, request: &str, received_at: f64) -> HttpReply {
    let (object, query) = request.split_once('?').unwrap_or((request, ""));
    let request = HttpRequest {
        path: format!("/is/image/{object}"),
        query: query.to_owned(),
        received_at,
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn text(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// The words of the error that a request ends with.
fn refused(store: &MemoryStore, request: &str) -> String {
    let reply = get(store, request);
    assert!(matches!(reply.status, 403 | 404), "{request}: {} {}", reply.status, text(&reply));
    text(&reply)
}

/// Red, green, blue and alpha of the pixels of a picture.
fn pixels(store: &MemoryStore, request: &str) -> Vec<u8> {
    let format = if request.contains('?') { "&fmt=png-alpha" } else { "?fmt=png-alpha" };
    let reply = get(store, &[request, format].concat());
    assert_eq!(reply.status, 200, "{request}: {}", text(&reply));
    let mut reader = png::Decoder::new(Cursor::new(reply.body)).read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut bytes).unwrap();
    bytes
}

/// An image that fills an SVG of 100 × 80.
fn filling(href: &str) -> String {
    format!("<image width='100' height='80' href='{}'/>", href.replace('&', "&amp;"))
}

/// Adds an image without a visible pixel in front of the end of each group and of the root.
fn with_invisible_images(text: &str) -> String {
    let image = "<image width='50' height='50' href='/is/image/Test/tulips?wid=4&amp;hide=1'/>";
    let text = text.replace("</g>", &format!("{image}</g>"));
    let (text, end) = text.rsplit_once("</svg>").unwrap();
    [text, image, "</svg>", end].concat()
}

/// Groups with images are not drawn by the renderer, but look as if they were.
#[test]
fn what_lies_beside_images_is_drawn_as_without_them() {
    let store = cases::store();
    for name in ["shapes", "masks", "gradients", "words", "filters"] {
        let path = cases::root().join(format!("fixtures/{name}.svg"));
        let plain = std::fs::read_to_string(path).unwrap();
        // Filters have no images.
        let changed = match name {
            "filters" => {
                let (before, _) = plain.rsplit_once("</svg>").unwrap();
                [before, &filling("/is/image/Test/tulips?wid=4&hide=1"), "</svg>"].concat()
            }
            _ => with_invisible_images(&plain),
        };
        assert_ne!(plain, changed);
        put_text(&store, "plain", plain);
        put_text(&store, "changed", changed);
        for query in ["?scl=1", "?wid=301&fit=fit,1"] {
            let [plain, changed] =
                ["plain", "changed"].map(|name| pixels(&store, &format!("Test/{name}{query}")));
            let differences = plain.iter().zip(&changed).map(|(one, other)| one.abs_diff(*other));
            let (most, many) = differences.fold((0, 0), |(most, many), difference| {
                (most.max(difference), many + usize::from(difference > 0))
            });
            assert!(most <= 2, "{name}{query}: {most} of {many}");
            assert!(many * 100 <= plain.len(), "{name}{query}: {many} of {}", plain.len());
        }
    }
}

#[test]
fn an_image_in_its_own_size_is_the_reply_to_its_request() {
    let request = "Test/dandelions?wid=100&hei=80&fit=stretch";
    for href in [
        format!("/is/image/{request}"),
        format!("https://www.example.com/is/image/{request}#top"),
        "/is/image?src=Test/dandelions&wid=100&hei=80&fit=stretch".to_owned(),
        "/is/image/Test/grey?src=is{Test/dandelions?wid=100&hei=80&fit=stretch}".to_owned(),
    ] {
        let store = store(&filling(&href));
        assert!(pixels(&store, "Test/a") == pixels(&store, request), "{href}");
    }
    // In a nested request, a layer, and another SVG, too.
    let store = store(&filling(&format!("/is/image/{request}")));
    put(&store, "outer", &filling("/is/image/Test/a"));
    for outer in ["Test/outer", "Test/grey?src=is{Test/a}", "Test/a?layer=1&src=is{Test/a}"] {
        assert!(pixels(&store, outer) == pixels(&store, request), "{outer}");
    }
}

#[test]
fn a_reduced_view_shows_the_image_as_the_pyramid_has_it() {
    let store = store(&filling("/is/image/Test/dandelions?wid=400&hei=320&fit=stretch"));
    let reduced = pixels(&store, "Test/a?wid=50");
    assert!(reduced == pixels(&store, "Test/dandelions?wid=50&hei=40&fit=stretch"));
    // But it never has more pixels than its request says.
    let small = self::store(&filling("/is/image/Test/dandelions?wid=2&hei=2&fit=stretch"));
    let levels: std::collections::BTreeSet<[u8; 4]> =
        pixels(&small, "Test/a?wid=300&fit=fit,1").as_chunks::<4>().0.iter().copied().collect();
    let blurred = self::store(&filling("/is/image/Test/dandelions?wid=300&hei=240&fit=stretch"));
    assert!(pixels(&small, "Test/a") != pixels(&blurred, "Test/a"));
    assert!(levels.len() > 4, "it is interpolated");
}

#[test]
fn a_request_without_a_size_has_default_pix() {
    // The image has its own size in the SVG, which shows how large that is.
    let body = "<image href='/is/image/Test/dandelions?$x=1'/>";
    let store = store(body);
    catalog(&store, "Test", &[("DefaultPix", "30,30")], Vec::new());
    let shown = |store: &MemoryStore| {
        let pixels = pixels(store, "Test/a?scl=1");
        let opaque = |at: &usize| pixels[at * 4 + 3] == 255;
        (0..100).take_while(opaque).count()
    };
    assert_eq!(shown(&store), 30);
    // A nested request has the size of its image.
    put(&store, "a", "<image href='/is/image/Test/tulips?wid=60&amp;src=is{Test/dandelions}'/>");
    assert_eq!(shown(&store), 60);
    put(&store, "a", "<image href='/is/image/Test/dandelions?wid=45'/>");
    assert_eq!(shown(&store), 45);
}

#[test]
fn the_variables_of_the_request_are_appended() {
    let body =
        filling("/is/image?src=$img$&wid=100&hei=80&fit=stretch&op_invert=$invert$&$invert=0");
    let store = store(&body);
    let plain = pixels(&store, "Test/dandelions?wid=100&hei=80&fit=stretch");
    assert!(pixels(&store, "Test/a?$img=Test/dandelions") == plain);
    let inverted = pixels(&store, "Test/dandelions?wid=100&hei=80&fit=stretch&op_invert=1");
    assert!(pixels(&store, "Test/a?$IMG=Test/dandelions&$invert=1") == inverted);
    assert!(plain != inverted);
    // They are inserted once, and cannot become commands.
    let odd = refused(&store, "Test/a?$img=$x$&$x=Test/dandelions");
    assert!(odd.contains("$x$"), "{odd}");
    let odd = refused(&store, "Test/a?$img=Test/dandelions%26op_invert=1");
    assert!(odd.contains("Test/dandelions"), "{odd}");
    // In the path, and as the whole request.
    let path = self::store(&filling("/is/image/Test/$name$?wid=100&hei=80&fit=stretch"));
    assert!(pixels(&path, "Test/a?$name=dandelions") == plain);
    let whole = self::store(&filling("$url$"));
    let url = "/is/image/Test/dandelions?wid=100%26hei=80%26fit=stretch";
    assert!(pixels(&whole, &format!("Test/a?$url={url}")) == plain);
    assert!(refused(&whole, "Test/a?$url=data:,").contains("shows an image (data:,)"));
    assert!(refused(&whole, "Test/a").contains("shows an image ($url$)"));
}

/// The example of the reference.
#[test]
fn the_template_of_the_reference_shows_its_image() {
    let example = r#"<?xml version="1.0" standalone="no"?> <!DOCTYPE svg PUBLIC
        "-//W3C//DTD SVG 20010904//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">
        <svg width="500" height="500">
        <image x="50" y="50" width="400" height="400" xlink:href="/is/image?src=$img$&wid=300&hei=400"/>
        <text x="150" y="400" style="font-size:$pts$; fill:$color$"> Title: $txt$ </text> </svg>"#;
    let store = cases::store();
    put_text(&store, "mySvgTemplate", example.to_owned());
    let query = "$txt=Svg%20Template%20Test&$img=Test/tulips&$color=red&$pts=40&qlt=95";
    let drawn = pixels(&store, &format!("Test/mySvgTemplate.svg?{query}"));
    // It is fitted into its box: 300 × 400 in the middle of 400 × 400.
    let image = pixels(&store, "Test/tulips?wid=300&hei=400");
    let at = |x: usize, y: usize| &drawn[(y * 500 + x) * 4..][..3];
    for (x, y) in [(10, 10), (150, 200), (299, 399), (222, 123)] {
        let expected = &image[(y * 300 + x) * 4..][..4];
        if expected[3] == 255 {
            assert_eq!(at(100 + x, 50 + y), &expected[..3], "{x}, {y}");
        }
    }
    let red = drawn.as_chunks::<4>().0.iter().filter(|pixel| **pixel == [255, 0, 0, 255]).count();
    assert!(red > 1000, "the title: {red}");
}

#[test]
fn what_is_no_request_of_this_server_is_named() {
    for href in [
        "data:image/png;base64,iVBORw0KGgo=",
        "http://www.example.com/photos/a.png",
        "https://www.example.com/is/content/Test/a.png",
        "file:///etc/passwd",
        "../a.png",
        "#b",
        "//www.example.com/is/image/Test/tulips",
    ] {
        let message = refused(&store(&filling(href)), "Test/a");
        let expected = format!("svg/Test/a.svg: the SVG shows an image ({href})");
        assert!(message.contains(&expected), "{message}");
        assert!(message.contains("/is/image/rootId/id?wid=300"), "{message}");
    }
    let message = refused(
        &store("<filter id='f'><feImage href='/is/image/Test/tulips'/></filter>"),
        "Test/a",
    );
    assert!(message.contains("a filter that shows an image (/is/image/Test/tulips)"), "{message}");
    for body in [
        "<g filter='url(#f)'><image href='/is/image/Test/tulips?wid=9'/></g>",
        "<image filter='url(#f)' href='/is/image/Test/tulips?wid=9'/>",
        "<filter id='g'><feImage href='#i'/></filter><rect width='9' height='9' filter='url(#g)'/>\
         <image id='i' href='/is/image/Test/tulips?wid=9'/>",
    ] {
        let body = format!("<filter id='f'><feGaussianBlur stdDeviation='2'/></filter>{body}");
        let message = refused(&store(&body), "Test/a");
        assert!(message.contains("a filter on an <image>"), "{message}");
    }
    // One beside images is drawn.
    let beside = "<filter id='f'><feGaussianBlur stdDeviation='2'/></filter><rect width='50' \
                  height='50' filter='url(#f)'/><image href='/is/image/Test/tulips?wid=9'/>";
    assert_eq!(get(&store(beside), "Test/a").status, 200);
    // Without a name nothing is shown.
    let nothing =
        store("<image width='9' height='9'/><image href=' '/><rect width='9' height='9'/>");
    assert_eq!(get(&nothing, "Test/a").status, 200);
}

#[test]
fn svgs_that_show_one_another_many_times_are_refused_before_they_grow() {
    // Each shows the next eight times, and layers show the first: 8 to the power of 6 images.
    let store = store("<rect width='9' height='9'/>");
    for depth in 0..6 {
        let images = (1..=8).map(|number| {
            format!(
                "<image width='9' height='9' href='/is/image/Test/d{}?wid={number}'/>",
                depth + 1
            )
        });
        put(&store, &format!("d{depth}"), &images.collect::<String>());
    }
    let message = refused(&store, "Test/d0");
    assert!(message.contains("more than 32 nested requests"), "{message}");
    // A request that many layers of many requests show is one request.
    put(&store, "end", "<image width='9' height='9' href='/is/image/Test/tulips?wid=9'/>");
    let layers = |next: &str| {
        let layers = (1..=100).map(|number| format!("layer={number}&src=is(Test/{next})"));
        layers.collect::<Vec<_>>().join("&")
    };
    for (name, next) in [("c", "end"), ("b", "c"), ("a", "b")] {
        let fields = format!(r#"{{"path": "tulips", "modifier": "{}"}}"#, layers(next));
        record(&store, name, &fields);
    }
    let message = refused(&store, "Test/a?req=img");
    assert!(message.contains("show more than 4096 layers in all"), "{message}");
}

#[test]
fn a_missing_image_is_an_error_or_the_default_image() {
    let store = store(&filling("/is/image/Test/none?wid=100&hei=80&fit=stretch"));
    let message = refused(&store, "Test/a");
    for part in ["svg/Test/a.svg: <image href=", "Test/none: no such image (assets/Test/none.tif)"]
    {
        assert!(message.contains(part), "{message}");
    }
    // It is a kind of request that needs no images.
    assert!(text(&get(&store, "Test/a?req=exists,text")).contains("catalogRecord.exists=1"));
    catalog(&store, "Test", &[("DefaultImage", "dandelions")], Vec::new());
    let stands_in = pixels(&store, "Test/a");
    assert!(stands_in == pixels(&store, "Test/dandelions?wid=100&hei=80"));
}

#[test]
fn an_svg_in_itself_and_too_many_images_end() {
    let store = store(&filling("/is/image/Test/a?wid=100"));
    let message = refused(&store, "Test/a");
    assert!(message.contains("requests are nested deeper than 8 levels"), "{message}");
    assert!(message.len() < 300, "{message}");
    // Through another, several times each.
    let often = |other: &str| {
        let image = |n: u32| filling(&format!("/is/image/Test/{other}?wid={}", 10 + n));
        (0..9).map(image).collect::<String>()
    };
    put(&store, "a", &often("b"));
    put(&store, "b", &often("a"));
    assert!(refused(&store, "Test/a").contains("requests are nested deeper"));
    put(&store, "b", &often("tulips"));
    let message = refused(&store, "Test/a");
    assert!(message.contains("more than 32 nested requests"), "{message}");
    let many: String =
        (0..1000).map(|n| filling(&format!("/is/image/Test/tulips?wid={n}"))).collect();
    put(&store, "a", &many);
    let message = refused(&store, "Test/a");
    assert!(message.contains("more than 32 different images"), "{message}");
    // The same one often is one request. To draw it so often takes too long.
    let once = "<image width='10' height='8' href='/is/image/Test/tulips?wid=10'/>";
    put(&store, "a", &once.repeat(1000));
    assert_eq!(get(&store, "Test/a").status, 200);
    put(&store, "a", &filling("/is/image/Test/tulips?wid=100").repeat(5000));
    let message = refused(&store, "Test/a");
    assert!(message.contains("too long to draw"), "{message}");
    // Huge ones are refused by the plan.
    put(
        &store,
        "a",
        "<image href='/is/image/Test/tulips?wid=900000&amp;hei=900000&amp;fit=stretch,1'/>",
    );
    let message = refused(&store, "Test/a?scl=1");
    assert!(message.contains("MiB of memory"), "{message}");
    put(&store, "a", &filling("/is/image/Test/tulips?wid=90000000"));
    let message = refused(&store, "Test/a");
    assert!(message.contains("a view longer than"), "{message}");
    // MaxNesting of the catalog counts.
    catalog(&store, "Test", &[("MaxNesting", "0")], Vec::new());
    put(&store, "a", &filling("/is/image/Test/tulips?wid=9"));
    assert!(refused(&store, "Test/a").contains("nested deeper than 0 levels"));
    catalog(&store, "Test", &[("MaxNesting", "16")], Vec::new());
    put(&store, "a", &filling("/is/image/Test/a?wid=100"));
    assert!(refused(&store, "Test/a").contains("nested deeper than 16 levels"));
}

#[test]
fn the_catalog_of_an_image_decides_who_embeds_it() {
    let body = filling("/is/image/Other/photo?wid=100&hei=80&fit=stretch");
    let store = store(&body);
    let photo = std::fs::read(cases::root().join("fixtures/dandelions.tif")).unwrap();
    store.put("assets/Other/photo.tif", photo);
    let shown = pixels(&store, "Test/a");
    assert!(shown == pixels(&store, "Test/dandelions?wid=100&hei=80&fit=stretch"));
    // A lock of the other catalog.
    catalog(&store, "Test", &[], Vec::new());
    catalog(&store, "Other", &[("RequestLock", "1")], Vec::new());
    assert!(refused(&store, "Test/a").contains("Other/photo: no such image"));
    catalog(&store, "Other", &[("RequestLock", "1"), ("TrustedCatalogs", "Test")], Vec::new());
    assert!(pixels(&store, "Test/a") == shown);
    // A rule of the own catalog counts for what a variable names, not for what the SVG does.
    let rule = Rule {
        name: "hidden".into(),
        expression: "^Test/dandelions".into(),
        on_match: OnMatch::Error,
        ..Rule::default()
    };
    catalog(&store, "Test", &[], vec![rule]);
    put(&store, "a", &filling("/is/image/Test/dandelions?wid=100&hei=80&fit=stretch"));
    assert!(pixels(&store, "Test/a") == shown);
    for href in ["/is/image/Test/$x$?wid=9", "/is/image?src=$x$&wid=9", "$y$"] {
        put(&store, "a", &filling(href));
        let message = refused(&store, "Test/a?$x=dandelions&$y=/is/image/Test/dandelions");
        assert!(message.contains("no such image"), "{href}: {message}");
    }
    // Remote images need the catalog's permission.
    put(&store, "a", &filling("/is/image?src=(http://www.example.com/a.jpg)&wid=9"));
    let message = refused(&store, "Test/a");
    assert!(message.contains("AllowDirectUrls") || message.contains("remote"), "{message}");
}

#[test]
fn the_tag_depends_on_the_embedded_images() {
    let tag = |store: &MemoryStore, query: &str| {
        let reply = get(store, &format!("Test/a?{query}"));
        assert_eq!(reply.status, 200, "{}", text(&reply));
        reply.header("etag").unwrap().to_owned()
    };
    let store = store(&filling("/is/image/Test/photo?wid=100&hei=$h$"));
    let photo = |name: &str| std::fs::read(cases::root().join(format!("fixtures/{name}.tif")));
    store.put("assets/Test/photo.tif", photo("tulips").unwrap());
    let first = tag(&store, "$h=80");
    assert_eq!(first, tag(&store, "$h=80"));
    assert_ne!(first, tag(&store, "$h=40"));
    record(&store, "photo", r#"{"modifier": "op_invert=1"}"#);
    let inverted = tag(&store, "$h=80");
    assert_ne!(first, inverted);
    record(&store, "photo", r#"{"modifier": "op_invert=0"}"#);
    assert_ne!(tag(&store, "$h=80"), inverted);
    store.put("assets/Test/photo.tif", photo("dandelions").unwrap());
    let replaced = tag(&store, "$h=80");
    assert_ne!(first, replaced);
    put(&store, "a", &filling("/is/image/Test/photo?wid=99&hei=$h$"));
    assert_ne!(replaced, tag(&store, "$h=80"));
    // The shortest lifetime counts, the newest date too.
    record(&store, "photo", r#"{"expiration": 0.5}"#);
    let lifetime = |reply: HttpReply| reply.header("cache-control").unwrap().to_owned();
    assert!(lifetime(get(&store, "Test/a?$h=80")).contains("max-age=1800"));
    put(&store, "outer", &filling("/is/image/Test/a?$h=80"));
    assert!(lifetime(get(&store, "Test/outer")).contains("max-age=1800"));
    let props = get(&store, "Test/a?$h=80&req=props");
    assert!(!lifetime(props).contains("max-age=1800"));
}

#[test]
fn replies_without_pixels_are_true() {
    let store = store(&filling("/is/image?src=$img$&wid=100&hei=80"));
    record(&store, "tulips", r#"{"modifier": "op_invert=1", "expiration": 0.25}"#);
    let query = "Test/a?wid=50&$img=Test/tulips";
    let props = text(&get(&store, &format!("{query}&req=props,text")));
    assert!(props.contains("image.width=50") && props.contains("image.height=40"), "{props}");
    let props = text(&get(&store, "Test/a?req=imageprops,text"));
    assert!(props.contains("image.width=100"), "{props}");
    let map = get(&store, &format!("{query}&req=map&map=%3Carea%20coords=%22rect,0,0,9,9%22%3E"));
    assert_eq!(map.status, 200, "{}", text(&map));
    let reply = get(&store, &format!("{query}&req=explain"));
    let document: Value = serde_json::from_slice(&reply.body).unwrap();
    let embedded = &document["embedded"][0];
    assert_eq!(embedded["svg"], "svg/Test/a.svg");
    assert_eq!(embedded["href"], "/is/image?src=$img$&wid=100&hei=80");
    let commands = embedded["request"]["commands"].as_array().unwrap();
    let named = |name: &str| commands.iter().find(|command| command["name"] == name);
    assert_eq!(named("wid").unwrap()["value"], "100");
    assert_eq!(named("op_invert").unwrap()["from"]["of"], "Test/tulips");
    let objects = document["objects"].to_string();
    assert!(objects.contains("records/Test/tulips.json"), "{objects}");
    assert_eq!(document["cache"]["seconds"], 900);
    let steps = document["nodes"].as_array().unwrap();
    let steps: Vec<&str> = steps.iter().map(|node| node["step"].as_str().unwrap()).collect();
    assert!(
        steps.iter().position(|step| *step == "source")
            < steps.iter().position(|step| *step == "svg")
    );
    let tag = get(&store, query).header("etag").unwrap().to_owned();
    assert_eq!(document["cache"]["key"], tag);
}

/// Its cached index has the version of the one before (K5).
#[test]
fn an_svg_that_was_just_replaced_is_drawn() {
    let dandelions = filling("/is/image/Test/dandelions?wid=100&hei=80&fit=stretch");
    for body in [dandelions.as_str(), "<text y='40'>Words</text>"] {
        let store = store(&filling("/is/image/Test/tulips?wid=9"));
        assert_eq!(get_at(&store, "Test/a?fmt=png", 1000.0).status, 200);
        put(&store, "a", body);
        let replaced = get_at(&store, "Test/a?fmt=png", 2000.0);
        assert_eq!(replaced.status, 200, "{}", text(&replaced));
        let fresh = self::store(body);
        assert!(replaced.body == get(&fresh, "Test/a?fmt=png").body);
    }
}

/// An error image may be an SVG with images.
#[test]
fn the_error_image_shows_its_images() {
    let store = store(&filling("/is/image/Test/dandelions?wid=100&hei=80&fit=stretch"));
    catalog(&store, "Test", &[("ErrorImage", "a")], Vec::new());
    let reply = get(&store, "Test/none?fmt=png");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/jpeg")));
}
