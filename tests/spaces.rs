//! In which spaces colours, layers, nested requests and replies are (decisions H15, H21 to H25).

use azulejo::{color::icc::Intent, color::icc::SRGB, store::MemoryStore};

use crate::profiles::{
    answer, body, converted, lightness,
    press::{self, Tables},
    store, transform, with_catalog,
};

/// The pixels of a PNG.
pub fn pixels(png: &[u8]) -> Vec<u8> {
    let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    pixels
}

/// The first pixel of a PNG reply.
fn pixel(store: &MemoryStore, request: &str) -> Vec<u8> {
    pixels(&body(store, &format!("{request}&fmt=png")))[..3].to_vec()
}

/// The pixels of a TIFF reply without compression, whose strips follow each other.
pub fn inks(store: &MemoryStore, request: &str) -> Vec<u8> {
    let file = body(store, request);
    let long = |at: usize| u32::from_le_bytes(*file[at..].first_chunk().unwrap()) as usize;
    let short = |at: usize| usize::from(u16::from_le_bytes(*file[at..].first_chunk().unwrap()));
    let directory = long(4);
    let field = |tag: usize| {
        let entries = (0..short(directory)).map(|nth| directory + 2 + nth * 12);
        let entry = entries.into_iter().find(|at| short(*at) == tag).unwrap();
        if short(entry + 2) == 3 { short(entry + 8) } else { long(entry + 8) }
    };
    assert_eq!(field(259), 1, "it is not compressed");
    file[8..8 + field(256) * field(257) * 4].to_vec()
}

/// What a conversion makes of pixels, as the catalog's default options say.
pub fn made(from: &[u8], to: &[u8], pixels: &[u8]) -> Vec<u8> {
    converted(&transform(from, to, Intent::Relative, true).unwrap(), pixels)
}

fn words() -> Vec<u8> {
    press::profile(Tables::Words)
}

#[test]
fn inks_in_a_url_are_those_of_the_catalog_s_press() {
    let managed = with_catalog(r#""IccProfileCmyk": "CoatedFogra39""#);
    let red = made(&words(), &SRGB.profile(), &[0, 255, 255, 0]);
    for request in [
        "Test?size=2,2&color=0,100,100,0k",
        "Test?size=2,2&color=0,0,0,0&bgColor=00ffff00k",
        "Test?size=2,2&color=1,2,3&layer=1&size=2,2&color=0,100,100,0k",
        "Test?size=9,9&color=1,2,3&layer=1&size=3,3&color=9,9,9&effect=-1&color=0,100,100,0k\
         &pos=-3,-3&rect=1,1,1,1",
    ] {
        let naive = pixel(&store(), request);
        assert_eq!(naive, [255, 0, 0], "{request}");
        assert_eq!(pixel(&managed, request), red, "{request}");
    }
    let off = with_catalog(r#""IccProfileCmyk": "CoatedFogra39", "IccProfileRgb": "none""#);
    assert_eq!(pixel(&off, "Test?size=2,2&color=0,100,100,0k"), [255, 0, 0]);
    // bgc= is not converted, and neither are the colours of text=.
    assert_eq!(pixel(&managed, "Test?size=2,2&color=0,0,0,0&bgc=0,100,100,0k"), [255, 0, 0]);
    // Those of textPs= are.
    let has = |request: &str, color: &[u8]| {
        let png = body(&managed, &format!("Test?size=60,60&{request}&fmt=png"));
        pixels(&png).chunks(3).any(|pixel| pixel == color)
    };
    let inks = "{{\\cmykcolortbl;\\cyan0\\magenta100\\yellow100\\black0;}\\cf1\\fs60 H}";
    assert!(has(&format!("text={inks}"), &[255, 0, 0]));
    assert!(has("textPs={{\\*\\iscolortbl;0,100,100,0k;}\\cf1\\fs60 H}", &red));
}

#[test]
fn a_colour_that_ends_in_s_is_in_the_space_of_images() {
    let store = with_catalog(
        r#""IccProfileCmyk": "CoatedFogra39", "IccProfileSrcCmyk": "house/paper.icc",
           "IccProfileSrcRgb": "AdobeRGB", "IccProfileGray": "lightness""#,
    );
    store.put("icc/lightness.icc", lightness());
    let srgb = SRGB.profile();
    let adobe = azulejo::color::icc::rgb_space("AdobeRGB").unwrap().profile();
    for (color, wanted) in [
        ("0,100,100,0k", made(&words(), &srgb, &[0, 255, 255, 0])),
        ("0,100,100,0ks", made(&press::profile(Tables::Bytes), &srgb, &[0, 255, 255, 0])),
        ("10,200,30", vec![10, 200, 30]),
        ("10,200,30s", made(&adobe, &srgb, &[10, 200, 30])),
        ("50", made(&lightness(), &srgb, &[128])),
    ] {
        assert_eq!(pixel(&store, &format!("Test?size=1,1&color={color}")), wanted, "{color}");
    }
    let missing = with_catalog(r#""IccProfileCmyk": "nowhere""#);
    assert_eq!(pixel(&missing, "Test?size=1,1&color=10,200,30"), [10, 200, 30]);
    let reply = answer(&missing, "Test?size=1,1&color=0,100,100,0k");
    let message = String::from_utf8(reply.body).unwrap();
    assert!(message.contains("IccProfileCmyk=nowhere: no such ICC profile"), "{message}");
}

#[test]
fn inks_reach_a_cmyk_reply_unchanged() {
    let store = store();
    let of = |request: &str| inks(&store, request)[..4].to_vec();
    let solid = "Test?size=1,1&color=10,200,30,40";
    assert_eq!(of("Test?size=1,1&color=0x01020304k&fmt=tif&icc=CoatedFogra39"), [1, 2, 3, 4]);
    assert_eq!(of("Test?size=1,1&color=0x01020304k&fmt=tif,cmyk"), [1, 2, 3, 4]);
    // Half transparent, on a background of inks.
    let half = "Test?size=1,1&color=0x6400ff0080k&bgc=0x00c80040k&fmt=tif&icc=CoatedFogra39";
    assert_eq!(of(half), [50, 100, 128, 32]);
    let around = format!("{solid}&wid=9&hei=3&fit=constrain&fmt=tif&icc=CoatedFogra39");
    assert_eq!(of(&format!("{around}&bgc=0x05060708k")).len(), 4);
    let padded = "Test?size=1,1&color=255,255,255&wid=9&hei=3&fit=fit,1&fmt=tif&icc=CoatedFogra39";
    assert_eq!(of(&format!("{padded}&bgc=0x05060708k")), [5, 6, 7, 8]);
    assert_eq!(of(&format!("{padded}&bgc=255,0,0")), [0, 255, 255, 0], "naive");
}

#[test]
fn an_image_of_a_press_keeps_its_inks_in_a_cmyk_reply() {
    let request = "Test/press?scl=1&fmt=tif,cmyk,none";
    let off = inks(&with_catalog(r#""IccProfileRgb": "none""#), request);
    // What is stored: the first patches are the four inks.
    assert!(off.chunks(4).any(|inks| inks.iter().filter(|ink| **ink > 250).count() == 1));
    let managed = store();
    assert_eq!(inks(&managed, request), off);
    // That profile is the reply's.
    let file = body(&managed, &format!("{request}&iccEmbed=1"));
    let profile = std::fs::read(crate::golden::cases::root().join("fixtures/icc/cgats-001.icc"));
    let profile = profile.unwrap();
    assert!(file.windows(profile.len()).any(|part| part == profile));
    // Nothing can be converted to it, so with another layer the inks are naive.
    let layers = format!("{request}&layer=1&size=9,9&color=10,200,30");
    let middle = inks(&managed, &format!("{layers}&rect=60,40,1,1"));
    assert_eq!(middle, [242, 0, 217, 55]);
    // An image without a profile keeps them, too, if none is assumed.
    let naive = inks(&managed, "Test/inks?scl=1&fmt=tif,cmyk,none");
    assert_eq!(
        naive,
        inks(&with_catalog(r#""IccProfileRgb": "none""#), "Test/inks?scl=1&fmt=tif,cmyk,none")
    );
}

/// Without colour management, layers are combined in the numbers of the images.
#[test]
fn layers_that_share_a_space_are_converted_once() {
    let (managed, off) = (store(), with_catalog(r#""IccProfileRgb": "none""#));
    let p3 = azulejo::color::icc::rgb_space("DisplayP3").unwrap().profile();
    let two = "Test/p3?scl=1&fmt=png&layer=1&src=Test/p3&flip=lr&blendMode=mult&opac=60";
    for query in [two, "Test/p3?scl=1&fmt=png&op_usm=3,2", "Test/p3?scl=1&fmt=png&op_brightness=20"]
    {
        let numbers = pixels(&body(&off, query));
        let wanted = made(&p3, &SRGB.profile(), &numbers);
        let found = pixels(&body(&managed, query));
        let far = found.iter().zip(&wanted).filter(|(a, b)| a.abs_diff(**b) > 1).count();
        // The profile of the image is not exactly that of the engine.
        assert!(far * 1000 < found.len(), "{query}: {far} of {}", found.len());
    }
    // A colour of the reply between them is in another space.
    let mixed = format!("{two}&layer=2&size=1,1&color=1,2,3&opac=0");
    assert_ne!(pixels(&body(&managed, &mixed)), pixels(&body(&managed, two)));
    // Parts are equal to the whole.
    let (whole, part) = (body(&managed, two), body(&managed, &format!("{two}&rect=31,17,40,1")));
    let (whole, part) = (pixels(&whole), pixels(&part));
    assert_eq!(part, whole[(17 * 120 + 31) * 3..][..120]);
}

#[test]
fn a_nested_request_has_the_profile_of_its_icc() {
    let store = store();
    let (press, srgb) = (words(), SRGB.profile());
    let green = [0, 255, 0];
    let proof = made(&press, &srgb, &made(&srgb, &press, &green));
    assert_ne!(proof, green);
    let nested = |inner: &str| format!("Test?src=is{{Test?size=8,8&color=0,255,0{inner}}}");
    assert_eq!(pixel(&store, &nested("")), green);
    assert_eq!(pixel(&store, &nested("&icc=CoatedFogra39")), proof);
    // Its options are its own.
    let absolute = |from: &[u8], to: &[u8], pixels: &[u8]| {
        converted(&transform(from, to, Intent::Absolute, false).unwrap(), pixels)
    };
    let inner = absolute(&srgb, &press, &green);
    let wanted = made(&press, &srgb, &inner);
    assert_eq!(pixel(&store, &nested("&icc=CoatedFogra39,absolute,0")), wanted);
    // A wide space within loses nothing.
    let wide = pixel(&store, &nested("&icc=ProPhoto"));
    assert!(wide.iter().zip(green).all(|(a, b)| a.abs_diff(b) <= 2), "{wide:?}");
    let reply = answer(&store, &nested("&icc=WebCoated"));
    let message = String::from_utf8(reply.body).unwrap();
    assert!(message.contains("icc=WebCoated: no such ICC profile"), "{message}");
}

/// The profile of an image is damaged: it counts as one without a profile, also at the end.
#[test]
fn a_damaged_profile_of_the_first_layer_is_none() {
    let store = store();
    let key = "assets/Test/press.tif";
    let file = std::fs::read(crate::golden::cases::root().join("fixtures/press.tif")).unwrap();
    let at = file.windows(4).position(|part| part == b"acsp").unwrap();
    let mut damaged = file;
    // Its tag table has no tags.
    damaged[at - 36 + 128..][..4].fill(0);
    store.put(key, damaged);
    for query in ["fmt=tif,cmyk", "fmt=tif,cmyk&layer=1&size=9,9&color=10,200,30", "fmt=png"] {
        let reply = answer(&store, &format!("Test/press?{query}"));
        assert_eq!(reply.status, 200, "{query}: {}", String::from_utf8_lossy(&reply.body));
    }
}
