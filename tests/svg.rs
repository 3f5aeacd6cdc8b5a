//! SVG as a source: what is refused by name, what is bounded, what a cell is (r-svg-support).

use std::fmt::Write;

use azulejo::{
    http::{HttpReply, HttpRequest},
    serve::serve,
    store::MemoryStore,
};

use crate::golden::cases;

#[path = "../fuzz/drawings.rs"]
mod drawings;

/// The reply to a request for `Test/a`, an SVG with this text.
fn reply(text: &str, query: &str) -> HttpReply {
    let store = MemoryStore::new();
    store.put("svg/Test/a.svg", text.as_bytes().to_vec());
    store.put("records/Test/a.json", br#"{"svg": true}"#.to_vec());
    get(&store, "Test/a", query)
}

fn get(store: &MemoryStore, object: &str, query: &str) -> HttpReply {
    let request = HttpRequest {
        path: format!("/is/image/{object}"),
        query: query.to_owned(),
        ..HttpRequest::default()
    };
    pollster::block_on(serve(&request, store, || 0.0))
}

fn svg(attributes: &str, body: &str) -> String {
    format!("<svg xmlns='http://www.w3.org/2000/svg' {attributes}>{body}</svg>")
}

/// The status and the words of a reply to a document of 100 × 100 units.
fn drawn(body: &str, query: &str) -> (u16, String) {
    let reply = reply(&svg("width='100' height='100'", body), query);
    (reply.status, String::from_utf8_lossy(&reply.body).into_owned())
}

#[test]
fn bombs_are_refused_with_a_reason_or_drawn_within_bounds() {
    let levels = |name: &str, of: fn(usize, &str) -> String| -> String {
        (1..20).map(|n| of(n, &format!("{name}{}", n - 1))).collect()
    };
    let uses = levels("g", |n, below| {
        format!("<g id='g{n}'>{}</g>", format!("<use href='#{below}'/>").repeat(8))
    });
    let patterns = levels("p", |n, below| {
        format!(
            "<pattern id='p{n}' width='1' height='1'>{}</pattern>",
            format!("<rect width='9' height='9' fill='url(#{below})'/>").repeat(8)
        )
    });
    let masks = levels("m", |n, below| {
        format!("<mask id='m{n}'><rect width='9' height='9' mask='url(#{below})'/></mask>")
    });
    let clips = levels("c", |n, below| {
        format!(
            "<clipPath id='c{n}' clip-path='url(#{below})'><rect width='9' height='9'/></clipPath>"
        )
    });
    let mut line = String::from("M0 0");
    for n in 0..50_000 {
        write!(line, "L{} {}", n % 97, n % 89).unwrap();
    }
    let marked = format!(
        "<marker id='k'>{}</marker><path d='{line}' marker-mid='url(#k)'/>",
        "<path d='M0 0h9'/>".repeat(50)
    );
    let groups = |depth: usize, attributes: &str| {
        format!(
            "{}<rect width='100' height='100'/>{}",
            format!("<g {attributes}>").repeat(depth),
            "</g>".repeat(depth)
        )
    };
    let filter = |primitives: &str, region: &str| {
        format!(
            "<filter id='f' {region}>{primitives}</filter><rect width='99' height='99' filter='url(#f)'/>"
        )
    };
    let wide = "x='-900%' y='-900%' width='1900%' height='1900%'";
    for (body, query, why) in [
        (uses + "<g id='g0'><path d='M0 0h9'/></g>", "", "elements with those that"),
        (patterns + "<rect width='9' height='9' fill='url(#p19)'/>", "", "elements with those that"),
        (marked, "", "elements with those that"),
        (groups(1000, ""), "", "deeper than"),
        (groups(60, "opacity='.9'"), "wid=2000&fit=fit,1", "too large"),
        (format!("<text>{}</text>", "word ".repeat(1000)), "", "5000 characters of text"),
        (
            format!("<g id='t'><text>{}</text></g>{}", "ab ".repeat(100), "<use href='#t'/>".repeat(20)),
            "", "6300 characters of text",
        ),
        (
            format!("<text x='{}'>{}</text>", "1 ".repeat(3000), "a".repeat(3000)),
            "", "too many <tspan>",
        ),
        (
            format!("<text>{}</text>", "<tspan fill='red'>words</tspan>".repeat(500)),
            "", "too many <tspan>",
        ),
        (filter("<feMorphology operator='dilate' radius='300'/>", wide), "wid=900&fit=fit,1", "too long to draw"),
        (filter("<feTurbulence baseFrequency='.1' numOctaves='2000000000'/>", ""), "", "too long to draw"),
        (filter(&"<feGaussianBlur stdDeviation='3'/>".repeat(3000), ""), "wid=900&fit=fit,1", "too large"),
        (
            "<pattern id='p' width='1e6' height='1e6' patternUnits='userSpaceOnUse'><path d='M0 0h9v9'/>\
             </pattern><rect width='9' height='9' fill='url(#p)'/>".to_owned(),
            "", "too large",
        ),
        ("<path d='M0 0H1e6' stroke='red' stroke-dasharray='.001'/>".to_owned(), "", "dashes"),
        ("<use id='a' href='#b'/><g id='b'><use href='#a'/></g>".to_owned(), "", "contains itself"),
    ] {
        let (status, message) = drawn(&body, query);
        let start: String = body.chars().take(80).collect();
        assert!(matches!(status, 403 | 500), "{start}: {status} {message}");
        assert!(message.to_lowercase().contains(why), "{start}: {message}");
    }
    for body in [
        masks + "<mask id='m0'/><rect width='99' height='99' mask='url(#m19)'/>",
        clips + "<clipPath id='c0'/><rect width='99' height='99' clip-path='url(#c19)'/>",
        filter("<feGaussianBlur stdDeviation='1e9'/>", ""),
        filter(
            "<feOffset dx='1e38'/><feTile/><feDisplacementMap in2='SourceGraphic' scale='1e30'/>",
            "",
        ),
        filter(
            "<feConvolveMatrix order='3' kernelMatrix='1 1 1 1 1 1 1 1 1' edgeMode='wrap'/>",
            "width='0' height='0'",
        ),
        "<path d='M1e38 1e38L-1e38 1e38Z' stroke='red' stroke-width='1e38'/>".to_owned(),
        "<g transform='scale(1e30)'><circle r='1e30'/></g><g transform='matrix(0 0 0 0 0 0)'/>"
            .to_owned(),
        "<text font-size='1e30' x='1e30' rotate='NaN' dx='-1e38'>a\u{202e}b\u{2029}c</text>"
            .to_owned(),
        "<text textLength='1e-9' letter-spacing='-1e9' word-spacing='1e38'>a b c</text>".to_owned(),
        "<path id='p' d='M0 0'/><path id='q' d='M0 0z'/><path id='r' d='M0 0L1e38 0'/><text>\
         <textPath href='#p'>abc</textPath><textPath href='#q'>def</textPath>\
         <textPath href='#r' startOffset='1e38%'>ghi</textPath></text>"
            .to_owned(),
        "<text text-decoration='underline'>f<tspan text-decoration='overline'>i</tspan>f</text>"
            .to_owned(),
        format!("<text stroke='red' stroke-dasharray='.1'>{}</text>", "W".repeat(3000)),
        "<text/><script>while(true);</script><a><path d='zzz'/></a><rect width='-1'/>".to_owned(),
    ] {
        let (status, message) = drawn(&body, "fmt=png");
        let start: String = body.chars().take(80).collect();
        assert!(matches!(status, 200 | 403), "{start}: {status} {message}");
    }
}

#[test]
fn what_an_svg_may_not_have_is_named() {
    for (body, named) in [
        (
            "<image href='http://a.example/b.png'/>",
            "the SVG shows an image (http://a.example/b.png)",
        ),
        ("<rect fill='var(--a)'/>", "the SVG uses var(…)"),
    ] {
        let (status, message) = drawn(body, "");
        assert_eq!(status, 403, "{message}");
        assert!(message.contains(named), "{message}");
    }
    let size = reply(&svg("width='0' height='9'", ""), "");
    assert!(String::from_utf8_lossy(&size.body).contains("width=\"0\": expected a size above 0"));
    let endless = reply(&svg("width='1e9' height='9'", ""), "");
    assert!(String::from_utf8_lossy(&endless.body).contains("a side"));
}

/// The example of the reference, without its image: its declaration names no namespace.
#[test]
fn the_template_of_the_reference_is_drawn() {
    let example = r#"<?xml version="1.0" standalone="no"?> <!DOCTYPE svg PUBLIC
        "-//W3C//DTD SVG 20010904//EN" "http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd">
        <svg width="500" height="500">
        <image x="50" y="50" width="400" height="400" xlink:href="/is/image?src=$img$&wid=300&hei=400"/>
        <text x="150" y="400" style="font-size:$pts$; fill:$color$"> Title: $txt$ </text> </svg>"#;
    let query = "$txt=Svg%20Template%20Test&$img=myImage.tif&$color=red&$pts=40&fmt=png";
    let (before, rest) = example.split_once("<image").unwrap();
    let (_, after) = rest.split_once("/>").unwrap();
    let drawn = reply(&[before, after].concat(), query);
    assert_eq!(drawn.status, 200, "{}", String::from_utf8_lossy(&drawn.body));
    let text = "<text x='150' y='400' font-size='40' fill='red'>Title: Svg Template Test</text>";
    let written = reply(&svg("width='500' height='500'", text), "fmt=png");
    assert_eq!(drawn.body, written.body);
}

#[test]
fn a_remote_svg_is_not_drawn() {
    let (status, message) = drawn("", "layer=1&src={http://a.example/a.svg}");
    assert_eq!(status, 403, "{message}");
}

#[test]
fn the_tag_of_a_reply_depends_on_the_variables_of_an_svg() {
    let store = cases::store();
    let tag = |query: &str| get(&store, "Test/card", query).header("etag").map(str::to_owned);
    let red = tag("$color=red");
    assert!(red.is_some());
    assert_eq!(red, tag("$COLOR=red"));
    assert_ne!(red, tag("$color=blue"));
    let nested = |color: &str| {
        let query = format!("layer=1&src=is{{Test/card?$color={color}}}");
        get(&store, "Test/tulips", &query).header("etag").map(str::to_owned)
    };
    assert_ne!(nested("red"), nested("blue"));
}

/// A drawing larger than a cell (2048 pixels) is seamless, whatever part is requested.
#[test]
fn parts_across_cells_equal_the_whole() {
    let store = cases::store();
    let blurred = svg(
        "width='120' height='80'",
        "<filter id='f'><feGaussianBlur stdDeviation='2'/></filter>\
         <rect x='40' y='20' width='60' height='40' filter='url(#f)'/>",
    );
    store.put("svg/Test/blurred.svg", blurred.into_bytes());
    store.put("records/Test/blurred.json", br#"{"svg": true}"#.to_vec());
    for object in ["Test/shapes", "Test/masks", "Test/blurred"] {
        let part = |x: u32, y: u32, width: u32, height: u32| {
            let query = format!("wid=2900&fit=fit,1&rect={x},{y},{width},{height}&fmt=pgm");
            let query = query.replace("pgm", "tif");
            let reply = get(&store, object, &query);
            assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
            let store = MemoryStore::new();
            store.put("assets/Test/part.tif", reply.body);
            store
        };
        let whole = part(2000, 900, 96, 80);
        let pixels = |store: &MemoryStore, query: &str| get(store, "Test/part", query).body;
        for (x, y, width, height) in [(0, 0, 40, 80), (40, 0, 56, 33), (47, 31, 3, 17)] {
            let own = part(2000 + x, 900 + y, width, height);
            let cut = format!("layer=0&crop={x},{y},{width},{height}&fmt=png");
            assert_eq!(pixels(&own, "fmt=png"), pixels(&whole, &cut), "{object} {x},{y}");
        }
    }
}

/// Pieces of SVG that a change inserts.
const PIECES: [&str; 30] = [
    "<text>words",
    "</text>",
    "<tspan x='1 2 3' dy='-4'>fi",
    "</tspan>",
    " font-size='1e9' text-decoration='underline'",
    "\u{5d0}\u{e01}\u{301}\u{200d}",
    "<g>",
    "</g>",
    "<use href='#g'/>",
    "url(#p)",
    " fill='url(#dots)'",
    " filter='url(#blur)'",
    " mask='url(#m)'",
    " clip-path='url(#star)'",
    " opacity='.3'",
    " transform='scale(1e9)'",
    " transform='rotate(17)'",
    "1e38",
    "-1",
    "0",
    ".5e-30",
    "NaN",
    "100%",
    "$color$",
    "&r;",
    "\"",
    "'",
    " stroke-dasharray='.01 1'",
    " stroke-width='1e6'",
    " marker-mid='url(#arrow)'",
];

#[test]
fn changed_drawings_are_drawn_within_bounds_or_refused() {
    let mut seeds: Vec<String> = std::fs::read_dir(cases::root().join("../fuzz/seeds/svg"))
        .unwrap()
        .map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    seeds.sort();
    for seed in &seeds {
        assert_eq!(drawings::check_drawing(seed.as_bytes()), Ok(true), "{seed}");
    }
    let rounds = std::env::var("MUTATIONS").ok().and_then(|count| count.parse().ok());
    let mut rng = 0x9E37_79B9_7F4A_7C15_u64;
    let mut below = move |end: usize| {
        rng ^= rng << 13;
        rng ^= rng >> 7;
        rng ^= rng << 17;
        (rng % end as u64) as usize
    };
    let (mut drawn, rounds) = (0, rounds.unwrap_or(600_usize));
    for round in 0..rounds {
        let mut text = seeds[round % seeds.len()].clone();
        for _ in 0..=below(3) {
            let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
            let (from, len) = (ends[below(ends.len())], below(12));
            let to = ends.iter().copied().find(|at| *at >= from + len).unwrap_or(text.len());
            let piece = match below(3) {
                0 => "",
                1 => PIECES[below(PIECES.len())],
                _ => seeds[below(seeds.len())].get(100..100 + below(80)).unwrap_or(""),
            };
            text.replace_range(if below(2) == 0 { from..from } else { from..to }, piece);
        }
        match drawings::check_drawing(text.as_bytes()) {
            Ok(is_drawn) => drawn += usize::from(is_drawn),
            Err(why) => panic!("{why}\n{text}"),
        }
    }
    assert!(drawn * 20 > rounds, "only {drawn} of {rounds}");
}
