//! Texts: glyphs against HarfBuzz, fonts of the bucket, and fonts that are damaged.

#[path = "../fuzz/fonts.rs"]
mod invariants;

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use azulejo::{
    http::HttpReply,
    store::MemoryStore,
    text::{
        Renderer,
        font::{BuiltIn, Characters, Font},
        layout::{Mark, MarkShape, layout},
    },
};
use invariants::{check_font, set_in};
use serde_json::json;

use crate::{corpus, golden, skip::skip};

const REGULAR: &[u8] = include_bytes!("../src/text/font/dejavu/DejaVuSans.ttf");

/// Prints the glyphs of a text and their positions in units of the font, one a line.
const HARFBUZZ: &str = r#"
import sys, uharfbuzz as hb
face = hb.Face(hb.Blob.from_file_path(sys.argv[1]))
font = hb.Font(face)
buffer = hb.Buffer()
buffer.add_str(sys.stdin.buffer.read().decode())
buffer.guess_segment_properties()
hb.shape(font, buffer, {})
pen = 0
for info, at in zip(buffer.glyph_infos, buffer.glyph_positions):
    print(info.codepoint, pen + at.x_offset, at.y_offset)
    pen += at.x_advance
"#;

/// The glyphs of a line: number, and position in thousandths of an em.
type Glyphs = Vec<(u32, [f64; 2])>;

fn by_harfbuzz(font: &std::path::Path, text: &str, em: f64) -> Glyphs {
    let mut python = Command::new("python3");
    python.args(["-c", HARFBUZZ]).arg(font).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().unwrap();
    python.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let glyph = |line: &str| {
        let numbers: Vec<f64> = line.split(' ').map(|number| number.parse().unwrap()).collect();
        (numbers[0] as u32, [numbers[1] / em, numbers[2] / em])
    };
    lines.lines().map(glyph).collect()
}

fn by_azulejo(font: &[u8], text: &str) -> Glyphs {
    let font = Font::open(font.to_vec()).unwrap();
    let em = font.metrics.em;
    let text = set_in(font, &format!("\\fs2000 {text}"), Renderer::TextPs).unwrap();
    let laid_out = layout(&text, [None; 2]).unwrap();
    let baseline = laid_out.origin.unwrap()[1];
    let size = laid_out.drawing.marks[0].to_layer.0[0] * em;
    let glyph = |mark: &Mark| {
        let MarkShape::Glyph { id, .. } = mark.shape else { return None };
        let [x, y] = mark.to_layer.apply([0.0; 2]);
        Some((id, [x / size, (baseline - y) / size]))
    };
    laid_out.drawing.marks.iter().filter_map(glyph).collect()
}

/// Within 1/64 em.
#[test]
fn glyphs_are_where_harfbuzz_has_them() {
    let has = Command::new("python3").args(["-c", "import uharfbuzz"]).output();
    if !has.is_ok_and(|output| output.status.success()) {
        return skip("uharfbuzz", "python3 has no module of this name");
    }
    let folder = tempfile_folder();
    let built_in = folder.join("DejaVuSans.ttf");
    fs::write(&built_in, REGULAR).unwrap();
    let mut cases = vec![
        (built_in.clone(), "AVAWA To. Ty, fi ffi office 12,345.67"),
        (
            built_in.clone(),
            "e\u{301}\u{327} n\u{303} \u{17e}lu\u{165}ou\u{10d}k\u{fd} k\u{16f}\u{148}",
        ),
        (built_in, "\"Quotes\" \u{2013} and dashes\u{2026}"),
    ];
    match corpus::folder("fonts") {
        None => {}
        Some(corpus) => {
            let font = |name: &str| corpus.join(name);
            cases.extend([
                (font("NotoSansHebrew-Regular.ttf"), "\u{5e9}\u{5c1}\u{5b8}\u{5dc}\u{5d5}\u{5b9}\u{5dd}"),
                (font("NotoSansThai-Regular.ttf"), "\u{e2a}\u{e27}\u{e31}\u{e2a}\u{e14}\u{e35}\u{e0a}\u{e32}\u{e27}\u{e42}\u{e25}\u{e01}"),
                (font("lobster.otf"), "Lobster Tasty AVA ffi"),
                (font("Comfortaa-Regular.ttf"), "Comfortaa To Ta VA"),
                (font("BebasNeue-Regular.otf"), "BEBAS NEUE AVATAR"),
            ]);
        }
    }
    for (font, text) in cases {
        let bytes = fs::read(&font).unwrap();
        let em = Font::open(bytes.clone()).unwrap().metrics.em;
        let (wanted, made) = (by_harfbuzz(&font, text, em), by_azulejo(&bytes, text));
        let ids = |glyphs: &Glyphs| glyphs.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        assert_eq!(ids(&made), ids(&wanted), "{text} in {}", font.display());
        for ((_, made), (_, wanted)) in made.iter().zip(&wanted) {
            let far = [0, 1].map(|axis: usize| (made[axis] - wanted[axis]).abs());
            assert!(far.iter().all(|far| *far < 1.0 / 64.0), "{text}: {made:?} {wanted:?}");
        }
    }
}

/// A folder for the files of this test.
fn tempfile_folder() -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("azulejo-texts-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A store whose catalog `Shop` has a font map of these fonts: name, bold, italic, key, scripts.
fn shop(fonts: &[(&str, bool, bool, &str, &str)], attributes: serde_json::Value) -> MemoryStore {
    let store = golden::cases::store();
    let fonts: Vec<_> = fonts
        .iter()
        .map(|(name, bold, italic, key, script)| {
            json!({"name": name, "bold": bold, "italic": italic, "path": key, "scripts": [script]})
        })
        .collect();
    let catalog = json!({"format": 1, "attributes": attributes, "fonts": fonts});
    store.put("catalogs/Shop.json", catalog.to_string().into_bytes());
    store.put("fonts/sans.ttf", REGULAR.to_vec());
    store
}

fn get(store: &MemoryStore, query: &str) -> HttpReply {
    golden::answer(store, &format!("Shop/?fmt=png&bgc=ffffff&{query}"))
}

fn get_object(store: &MemoryStore, object: &str, query: &str) -> HttpReply {
    golden::answer(store, &format!("{object}?bgc=ffffff&{query}"))
}

fn message(reply: &HttpReply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

const SANS: (&str, bool, bool, &str, &str) = ("My Sans", false, false, "fonts/sans.ttf", "Latn");

#[test]
fn a_font_of_the_bucket_is_drawn_as_the_same_built_in_one() {
    let store = shop(&[SANS], json!({}));
    let named = get(&store, "text={\\fonttbl{\\f0 my sans;}}\\f0 Hello");
    assert_eq!(named.status, 200, "{}", message(&named));
    assert_eq!(named.body, get(&store, "text=Hello").body);
    let default = shop(&[SANS], json!({"DefaultFont": "My Sans"}));
    assert_eq!(get(&default, "text=Hello").body, named.body);
}

#[test]
fn a_font_is_also_named_by_its_postscript_name() {
    let store = golden::cases::store();
    let font = json!({"name": "My Sans", "psName": "MySans-Regular", "path": "fonts/sans.ttf"});
    let catalog = json!({"format": 1, "fonts": [font]});
    store.put("catalogs/Shop.json", catalog.to_string().into_bytes());
    store.put("fonts/sans.ttf", REGULAR.to_vec());
    let [family, font] = ["My Sans", "MySans-Regular"]
        .map(|name| get(&store, &format!("text={{\\fonttbl{{\\f0 {name};}}}}\\f0 Hello")));
    assert_eq!(font.status, 200, "{}", message(&font));
    assert_eq!(font.body, family.body);
}

#[test]
fn a_replaced_font_is_another_reply() {
    let map = || shop(&[SANS], json!({"DefaultFont": "My Sans"}));
    let (first, store) = (get(&map(), "text=Hello"), map());
    let bold = include_bytes!("../src/text/font/dejavu/DejaVuSans-Bold.ttf");
    store.put("fonts/sans.ttf", bold.to_vec());
    let second = get(&store, "text=Hello");
    assert_ne!(first.header("etag"), second.header("etag"));
    assert_ne!(first.body, second.body);
}

#[test]
fn fonts_that_the_map_lacks_are_refused_by_name() {
    let store = shop(&[SANS], json!({}));
    let reply = get(&store, "text={\\fonttbl{\\f0 Arial;}}\\f0 Hello");
    assert_eq!(reply.status, 403);
    assert!(message(&reply).contains("Arial: no such font in the font map"), "{}", message(&reply));
    let gone = shop(&[("Gone", false, false, "fonts/gone.ttf", "Latn")], json!({}));
    let reply = get(&gone, "text={\\fonttbl{\\f0 Gone;}}\\f0 Hello");
    assert!(message(&reply).contains("fonts/gone.ttf: no such font"), "{}", message(&reply));
    let reply = get(&golden::cases::store(), "text={\\fonttbl{\\f0 Arial;}}\\f0 Hello");
    assert_eq!(reply.status, 200, "without a font map, each name is the built-in font");
}

#[test]
fn missing_styles_are_synthesized_or_refused() {
    let named = |style: &str| format!("text={{\\fonttbl{{\\f0 My Sans;}}}}\\f0{style} Hello");
    let store = shop(&[SANS], json!({}));
    let plain = get(&store, &named("")).body;
    for style in ["\\b", "\\i", "\\b\\i"] {
        let reply = get(&store, &named(style));
        assert_eq!(reply.status, 200);
        assert_ne!(reply.body, plain, "{style}");
    }
    let strict = shop(&[SANS], json!({"SynthesizeFontStyles": "0"}));
    let reply = get(&strict, &named("\\b"));
    assert!(
        message(&reply).contains("My Sans: the font map has no bold font"),
        "{}",
        message(&reply)
    );
    assert_eq!(get(&strict, &named("")).status, 200);
}

#[test]
fn characters_that_a_font_lacks_come_from_a_font_of_their_script() {
    let Some(corpus) = corpus::folder("fonts") else { return };
    let hebrew = ("Heb", false, false, "fonts/hebrew.ttf", "Hebr");
    let store = || shop(&[SANS, hebrew], json!({"DefaultFont": "My Sans"}));
    let text = "text=\\fs80 a%D7%A9%D7%9C%D7%95%D7%9Db";
    assert_eq!(get(&store(), text).status, 403, "the font is not stored");
    let store = store();
    store.put("fonts/hebrew.ttf", fs::read(corpus.join("NotoSansHebrew-Regular.ttf")).unwrap());
    let reply = get(&store, text);
    assert_eq!(reply.status, 200, "{}", message(&reply));
    let without = shop(&[SANS], json!({"DefaultFont": "My Sans"}));
    assert_ne!(get(&without, text).body, reply.body);
}

#[test]
fn damaged_fonts_are_an_error_or_drawn_without_what_is_damaged() {
    let mut state = 7_u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize
    };
    let request =
        "text={\\fonttbl{\\f0 My Sans;}}\\f0\\fs40\\b\\ul Hello fi AV e\u{301}&size=100,60";
    for round in 0..300 {
        let mut bytes = REGULAR.to_vec();
        // Heads of tables are hit more often.
        for _ in 0..1 + round % 8 {
            let at = if random() % 2 == 0 { random() % 400 } else { random() % bytes.len() };
            bytes[at] = random() as u8;
        }
        if round % 10 == 0 {
            bytes.truncate(random() % bytes.len());
        }
        check_font(&bytes).unwrap();
        let store = shop(&[SANS], json!({}));
        store.put("fonts/sans.ttf", bytes);
        let reply = get(&store, request);
        assert!([200, 403, 500].contains(&reply.status), "{}", message(&reply));
        put_words(
            &store,
            "<text y='40' font-family='My Sans' font-size='40'>Hello fi e\u{301}</text>",
        );
        let reply = get_object(&store, "Shop/words", "");
        assert!([200, 403, 500].contains(&reply.status), "{}", message(&reply));
    }
}

/// Stores an SVG with this body as `Shop/words`.
fn put_words(store: &MemoryStore, body: &str) {
    let svg = format!("<svg width='100' height='60'>{body}</svg>");
    store.put("svg/Shop/words.svg", svg.into_bytes());
    store.put("records/Shop/words.json", br#"{"svg": true}"#.to_vec());
}

#[test]
fn the_texts_of_an_svg_have_the_fonts_of_its_catalog() {
    const BOLD: &[u8] = include_bytes!("../src/text/font/dejavu/DejaVuSans-Bold.ttf");
    let drawn = |fonts: &[(&str, bool, bool, &str, &str)], attributes, family: &str| {
        let store = shop(fonts, attributes);
        store.put("fonts/bold.ttf", BOLD.to_vec());
        put_words(
            &store,
            &format!("<text y='40' font-size='30' font-family='{family}'>Hello</text>"),
        );
        get_object(&store, "Shop/words", "fmt=png")
    };
    let strong = ("Strong", false, false, "fonts/bold.ttf", "Latn");
    let plain = drawn(&[], json!({}), "Strong");
    assert_eq!(plain.status, 200, "{}", message(&plain));
    let found = drawn(&[strong], json!({}), "None, strong, sans-serif");
    assert_eq!(found.status, 200, "{}", message(&found));
    assert_ne!(found.body, plain.body);
    assert_ne!(found.header("etag"), plain.header("etag"));
    assert_eq!(drawn(&[strong], json!({}), "None, serif").body, plain.body);
    let default = drawn(&[strong], json!({"DefaultFont": "Strong"}), "None");
    assert_eq!(default.body, found.body);
    let gone = drawn(&[("Gone", false, false, "fonts/gone.ttf", "Latn")], json!({}), "Gone");
    assert_eq!(gone.status, 403);
    assert!(message(&gone).contains("fonts/gone.ttf: no such font"), "{}", message(&gone));
    // A variable may name the family.
    let with = |font: &[u8]| {
        let store = shop(&[strong], json!({}));
        store.put("fonts/bold.ttf", font.to_vec());
        put_words(&store, "<text y='40' font-size='30' style='font-family:$f$'>$words$</text>");
        store
    };
    let (store, query) = (with(BOLD), "$f=Strong&$words=Hello&fmt=png");
    let named = get_object(&store, "Shop/words", query);
    assert_eq!(named.body, found.body, "{}", message(&named));
    // In a nested request, too.
    let nested = get(&store, "src=is{Shop/words?$f=Strong&$words=Hello}");
    assert_eq!(nested.status, 200, "{}", message(&nested));
    let replaced = get_object(&with(REGULAR), "Shop/words", query);
    assert_eq!(replaced.body, plain.body);
    assert_ne!(replaced.header("etag"), named.header("etag"));
}

#[test]
fn the_built_in_fonts_have_the_letters_of_europe() {
    for font in [BuiltIn::Regular, BuiltIn::Bold] {
        let font = font.font().unwrap();
        let characters = Characters::of(&font).unwrap();
        for character in "AZaz09äöüßéèêçñåøæœžšćđłőűğışțÆŒẞ€£¥„“”‘’–—…•™©®".chars()
        {
            assert!(characters.has(character), "{character}");
        }
    }
}

#[test]
fn the_texts_of_the_reference_are_drawn() {
    let store = golden::cases::store();
    let (mut examples, mut blank) = (0, Vec::new());
    for example in include_str!("reference/texts.txt").lines() {
        if !example.starts_with("size=") {
            continue;
        }
        examples += 1;
        let drawn = get(&store, &example.replace(' ', "%20"));
        assert_eq!(drawn.status, 200, "{example}: {}", message(&drawn));
        let canvas: Vec<&str> = example.split('&').take(2).collect();
        if drawn.body == get(&store, &(canvas.join("&") + "&text=%20")).body {
            blank.push(example);
        }
    }
    assert!(examples >= 26 && blank.is_empty(), "{blank:?} of {examples}");
}
