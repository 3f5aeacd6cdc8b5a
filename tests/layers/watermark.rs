//! The watermark of a catalog, in the pixels of the reply (r-watermarks).

use super::*;
use azulejo::{http::HttpReply, serve::serve};

/// A shop whose watermark is red and has this `Modifier`.
fn marked(modifier: &str) -> MemoryStore {
    let store = shop();
    catalog(&store, "Shop", json!({"attributes": {"Watermark": "mark"}}));
    record(&store, "mark", &json!({"modifier": modifier}).to_string());
    store
}

const RED: &str = "layer=0&color=ff0000&size=20,10";

fn get(store: &MemoryStore, url: &str) -> HttpReply {
    pollster::block_on(serve(&request(url), store, || 0.0))
}

/// The pixels of a reply that are pure red, as left, top, right and bottom; `None` without any.
fn red(store: &MemoryStore, url: &str) -> Option<[u32; 4]> {
    let reply = get(store, &format!("{url}&fmt=png"));
    assert_eq!(reply.status, 200, "{url}: {}", String::from_utf8_lossy(&reply.body));
    let (width, bytes) = pixels(&reply);
    let pixels = bytes.chunks_exact(3).zip(0..);
    let red = pixels.filter(|(pixel, _)| *pixel == [255, 0, 0]);
    red.map(|(_, nth)| (nth % width, nth / width)).fold(None, |found: Option<[u32; 4]>, (x, y)| {
        let [left, top, right, bottom] = found.unwrap_or([x, y, x + 1, y + 1]);
        Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)])
    })
}

/// The width of an RGB PNG, and its samples.
fn pixels(reply: &HttpReply) -> (u32, Vec<u8>) {
    let decoder = png::Decoder::new(std::io::Cursor::new(&reply.body));
    let mut reader = decoder.read_info().unwrap();
    let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut bytes).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    (info.width, bytes)
}

/// A white picture of 100 × 80.
const TARGET: &str = "Shop?layer=0&color=ffffff&size=100,80";

#[test]
fn a_watermark_lies_in_the_middle_in_its_own_size() {
    assert_eq!(red(&marked(RED), TARGET), Some([40, 35, 60, 45]));
    let half = format!("{TARGET}&wid=50");
    assert_eq!(red(&marked(RED), &half), Some([20, 17, 30, 22]), "it scales with the picture");
}

#[test]
fn align_and_sizen_place_it() {
    let aligned = format!("{RED}&align=1,-1");
    assert_eq!(red(&marked(&aligned), TARGET), Some([80, 0, 100, 10]));
    let sized = format!("{RED}&layer=comp&sizeN=.5,.5");
    assert_eq!(red(&marked(&sized), TARGET), Some([25, 27, 75, 52]), "without distortion");
    let both = format!("sizeN=.5,.5&{RED}&align=-1,1&wid=7&fmt=jpeg");
    assert_eq!(red(&marked(&both), TARGET), Some([0, 55, 50, 80]), "other commands are ignored");
}

#[test]
fn opacity_and_blend_mode_are_those_of_layer_0_or_of_the_composite() {
    for modifier in [format!("{RED}&opac=50"), format!("layer=comp&opac=50&{RED}")] {
        let reply = get(&marked(&modifier), &format!("{TARGET}&fmt=png"));
        let (width, bytes) = pixels(&reply);
        let middle = (40 * width as usize + 50) * 3;
        assert_eq!(bytes[middle..middle + 3], [255, 127, 127], "{modifier}");
    }
}

#[test]
fn it_is_blended_after_the_composite_is_mirrored_and_never_over_blank_space() {
    let aligned = format!("{RED}&align=1,0");
    assert_eq!(red(&marked(&aligned), &format!("{TARGET}&flip=lr")), Some([80, 35, 100, 45]));
    let padded = format!("{TARGET}&wid=200&hei=80&bgc=00ff00");
    assert_eq!(red(&marked(&aligned), &padded), Some([130, 35, 150, 45]));
}

#[test]
fn only_images_of_the_catalog_have_it() {
    let store = marked(RED);
    assert_eq!(red(&store, "Shop?req=tmb&layer=0&color=ffffff&size=100,80"), None);
    assert_eq!(red(&store, "Other?layer=0&color=ffffff&size=100,80"), None);
    let nested = "Other?layer=0&color=ffffff&size=100,80&layer=1&src=is{Shop/front}";
    assert_eq!(red(&store, nested), None, "a nested request has none");
    let store = marked(RED);
    catalog(&store, "default", json!({"attributes": {"Watermark": "Shop/mark"}}));
    catalog(&store, "Shop", json!({"attributes": {"Watermark": ""}}));
    assert!(red(&store, "Other?layer=0&color=ffffff&size=100,80").is_some(), "inherited");
    assert_eq!(red(&store, TARGET), None, "an empty one turns it off");
}

#[test]
fn a_missing_watermark_is_an_error_and_a_new_one_is_a_new_tag() {
    let tag = |modifier| get(&marked(modifier), TARGET).header("etag").map(str::to_owned);
    assert_ne!(tag(RED), tag("layer=0&color=0000ff&size=9,9"));
    let store = marked(RED);
    catalog(&store, "Shop", json!({"attributes": {"Watermark": "gone"}}));
    let reply = get(&store, TARGET);
    let text = String::from_utf8_lossy(&reply.body);
    assert_eq!(reply.status, 403);
    assert!(text.contains("Watermark=gone: ") && text.contains("no such image"), "{text}");
    let reply = get(&marked("xmpEmbed=1"), TARGET);
    assert_eq!(reply.status, 403, "xmpEmbed is unsupported");
}
