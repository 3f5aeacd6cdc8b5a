//! Layers of inks are combined as inks, and so are all layers in a reply of inks (decision H15).

use azulejo::{color::icc::SRGB, store::MemoryStore};

use crate::{
    profiles::{
        body,
        press::{self, Tables},
        store, with_catalog,
    },
    spaces::{inks, made, pixels},
};

/// A catalog whose inks have a profile, one without, and one without colour management.
fn stores() -> [MemoryStore; 3] {
    let press = r#""IccProfileCmyk": "CoatedFogra39""#;
    [with_catalog(press), store(), with_catalog(r#""IccProfileRgb": "none""#)]
}

fn press() -> Vec<u8> {
    press::profile(Tables::Words)
}

type Inks = [u8; 4];

/// Porter and Duff's "over" on an opaque backdrop.
fn over(front: Inks, alpha: f64, back: Inks) -> Inks {
    std::array::from_fn(|at| {
        let (front, back) = (f64::from(front[at]), f64::from(back[at]));
        (front * alpha + back * (1.0 - alpha)).round() as u8
    })
}

fn near(found: &[u8], wanted: &[u8], most: u8) -> bool {
    found.len() == wanted.len() && found.iter().zip(wanted).all(|(a, b)| a.abs_diff(*b) <= most)
}

fn pixel(store: &MemoryStore, request: &str, [x, y]: [u32; 2]) -> Vec<u8> {
    inks(store, &format!("{request}&fmt=tif,cmyk,none&rect={x},{y},1,1"))
}

const BACK: Inks = [10, 20, 30, 40];
const FRONT: Inks = [200, 100, 50, 25];
const BASE: &str = "Test?size=8,8&color=0x0a141e28k";

#[test]
fn whatever_draws_a_layer_of_inks_keeps_them() {
    let wanted = over(FRONT, 0.4, BACK);
    for layer in [
        "layer=1&size=8,8&color=0xc8643219k&opac=40",
        "layer=1&size=8,8&color=0xc864321966k",
        "layer=1&src=is{Test?size=8,8&color=0xc8643219k}&opac=40",
        "layer=1&size=8,8&color=0xc8643219k&mask=is{Test?size=8,8&color=0,0,0,102}",
        "layer=1&size=8,8&color=0xc8643219k&clipPath=M0,0L8,0,8,8,0,8Z&opac=40",
        "layer=1&size=40,40&color=0xc8643219k&rotate=30&opac=40",
        "layer=1&src=is{Test?size=8,8&color=0xc8643219k}&rotate=90&opac=40",
        "layer=1&size=9,9&color=0,0,0,0,0k&bgColor=0xc864321966k",
        "layer=1&size=9,9&color=0,0,0,0k&pos=9,9&effect=-1&pos=-9,-9&color=0xc864321966k",
        "layer=1&size=8,8&color=0xc8643219k&op_blur=2&opac=40",
        "layer=1&size=9,9&src=is{Test?size=9,9&color=0,0,0,0,0k}&color=0xc864321966k",
    ] {
        for (nth, store) in stores().iter().enumerate() {
            let found = pixel(store, &format!("{BASE}&{layer}"), [3, 4]);
            assert!(near(&found, &wanted, 1), "{nth} {layer}: {found:?}, not {wanted:?}");
        }
    }
}

#[test]
fn inks_with_alpha_keep_both() {
    for store in stores() {
        let alone = "Test?size=3,2&color=0xc864321966k&fmt=tif-alpha,cmyk,none";
        let file = body(&store, alone);
        assert_eq!(file[8..8 + 30], [200, 100, 50, 25, 102].repeat(6));
        // A transparent canvas, half covered twice.
        let two = "Test?size=2,2&color=0,0,0,0,0k&layer=1&size=2,2&color=0xc864321980k\
                   &layer=2&size=2,2&color=0x0a141e2880k&fmt=tif-alpha,cmyk,none";
        let found = &body(&store, two)[8..13];
        // 128 over 128: alpha 192, of which two thirds are of the upper one.
        let wanted = over(BACK, 2.0 / 3.0, FRONT);
        assert!(near(&found[..4], &wanted, 1) && found[4] == 192, "{found:?}, not {wanted:?}");
    }
}

#[test]
fn a_watermark_of_inks_keeps_them() {
    let store = with_catalog(r#""IccProfileCmyk": "CoatedFogra39", "Watermark": "mark""#);
    let mark = br#"{"modifier": "layer=0&size=4,4&color=0xc8643219k&opac=40"}"#;
    store.put("records/Test/mark.json", mark.to_vec());
    assert!(near(&pixel(&store, BASE, [4, 4]), &over(FRONT, 0.4, BACK), 1));
    assert_eq!(pixel(&store, BASE, [0, 0]), BACK);
}

/// Photoshop blends inks in a document of inks by the same formulas on what they leave of the light.
#[test]
fn modes_blend_what_inks_leave_of_the_light() {
    type Mode = fn(f64, f64) -> f64;
    let modes: [(&str, Mode); 7] = [
        ("mult", |b, s| b * s),
        ("screen", |b, s| b + s - b * s),
        ("darken", f64::min),
        ("lighten", f64::max),
        ("difference", |b, s| (b - s).abs()),
        ("exclusion", |b, s| b + s - 2.0 * b * s),
        ("dodge", |b, s| if b == 0.0 { 0.0 } else { (b / (1.0 - s)).min(1.0) }),
    ];
    let light = |ink: u8| 1.0 - f64::from(ink) / 255.0;
    for (name, mode) in modes {
        for (opacity, part) in [("", 1.0), ("&opac=30", 0.3)] {
            let request = format!("{BASE}&layer=1&size=8,8&color=0xc8643219k&blendMode={name}");
            let both: Inks = std::array::from_fn(|at| {
                (255.0 - 255.0 * mode(light(BACK[at]), light(FRONT[at]))).round() as u8
            });
            let wanted = over(both, part, BACK);
            for store in stores() {
                let found = pixel(&store, &format!("{request}{opacity}"), [3, 4]);
                assert!(near(&found, &wanted, 1), "{name} {part}: {found:?}, not {wanted:?}");
            }
        }
    }
    // Multiplied black ink stays black ink.
    let request = format!("{BASE}&layer=1&size=8,8&color=0,0,0,100k&blendMode=mult");
    assert_eq!(pixel(&store(), &request, [3, 4]), [10, 20, 30, 255]);
}

/// Layers of one space are converted once, at the end.
#[test]
fn an_rgb_reply_is_converted_from_the_combined_inks() {
    let [managed, ..] = stores();
    for layers in [
        "Test/inks?scl=1&layer=1&src=Test/inks&flip=lr&blendMode=mult&opac=60",
        "Test/inks?scl=1&layer=1&size=90,70&color=0,100,100,0,50k&rotate=20",
        "Test/inks?scl=1&layer=1&src=Test/inks&size=150,0&effect=-1&color=0,0,0,100,60k\
         &op_blur=5&pos=7,7",
        "Test/inks?scl=1&op_usm=2,2&layer=1&size=50,50&color=40,0,0,0k",
    ] {
        let combined = inks(&managed, &format!("{layers}&fmt=tif,cmyk,none"));
        let wanted = made(&press(), &SRGB.profile(), &combined);
        assert!(pixels(&body(&managed, &format!("{layers}&fmt=png"))) == wanted, "{layers}");
    }
}

#[test]
fn in_a_reply_of_inks_each_layer_of_other_colours_is_converted_before() {
    let [managed, ..] = stores();
    let rgb = pixels(&body(&managed, "Test/dandelions?wid=60&fmt=png"));
    let image = made(&SRGB.profile(), &press(), &rgb);
    let ink = "Test/dandelions?wid=60&layer=1&sizeN=1,1&color=0xc8643219k&opac=40";
    let found = inks(&managed, &format!("{ink}&fmt=tif,cmyk,none"));
    let wanted = image.as_chunks().0.iter().flat_map(|back| over(FRONT, 0.4, *back));
    assert!(near(&found, &wanted.collect::<Vec<_>>(), 1));
    // Without a profile for inks the conversion is naive, and the inks of a colour stay.
    for store in &stores()[1..] {
        let request = "Test?size=8,8&color=100,50,0&layer=1&size=8,8&color=0xc8643219k&opac=40";
        let wanted = over(FRONT, 0.4, [0, 128, 255, 155]);
        assert!(near(&pixel(store, request, [2, 2]), &wanted, 1));
    }
}

/// Where a text covers a pixel in part, all four inks are mixed as much.
#[test]
fn a_text_of_black_ink_is_black_ink_over_any_image() {
    let colors = [
        "textPs={{\\*\\iscolortbl;0,0,0,100k;}\\cf1\\fs56 Hamburg}",
        "text={{\\cmykcolortbl;\\cyan0\\magenta0\\yellow0\\black100;}\\cf1\\fs56 Hamburg}",
        "text={\\fs56 Hamburg}",
    ];
    // The last one is RGB, so it is combined as RGB with an image in RGB.
    for (image, texts) in [("Test/inks", 3), ("Test/press", 3), ("Test/dandelions", 2)] {
        for (text, store) in
            colors[..texts].iter().flat_map(|text| stores().map(|store| (text, store)))
        {
            let image = format!("{image}?layer=0&size=120,0&fmt=tif,cmyk,none");
            let plain = inks(&store, &image);
            let with = inks(&store, &format!("{image}&layer=1&size=120,60&{text}"));
            let (mut covered, mut between) = (0, 0);
            for (with, plain) in with.as_chunks().0.iter().zip(plain.as_chunks().0) {
                covered += usize::from(*with == [0, 0, 0, 255]);
                between += usize::from(with != plain && *with != [0, 0, 0, 255]);
                let alpha = f64::from(with[3].saturating_sub(plain[3]))
                    / f64::from((255 - plain[3]).max(1));
                // K has as few steps as the backdrop leaves.
                let step = 255.0 / f64::from((255 - plain[3]).max(1));
                let wanted = over([0, 0, 0, 255], alpha, *plain);
                let most = (1.0 + step).min(255.0) as u8;
                assert!(near(with, &wanted, most), "{image} {text}: {plain:?} {with:?}");
            }
            assert!(covered > 200 && between > 50, "{image} {text}: {covered} {between}");
        }
    }
}

/// Profiles with the same bytes are the same, wherever they are stored.
#[test]
fn two_images_of_one_press_keep_their_inks() {
    let file = std::fs::read(crate::golden::cases::root().join("fixtures/press.tif")).unwrap();
    let profile = std::fs::read(crate::golden::cases::root().join("fixtures/icc/cgats-001.icc"));
    let request = "Test/press?scl=1&layer=1&src=Test/other&pos=11,5&opac=50&fmt=tif,cmyk,none";
    let [_, managed, off] = stores();
    // This press knows no way from colours to inks.
    let named = with_catalog(r#""IccProfileCmyk": "cgats.icc""#);
    named.put("icc/cgats.icc", profile.unwrap());
    let found = [managed, off, named].map(|store| {
        store.put("assets/Test/other.tif", file.clone());
        inks(&store, request)
    });
    assert!(found[0] == found[1] && found[1] == found[2]);
}

#[test]
fn operations_of_rgb_see_rgb_and_others_see_inks() {
    let [managed, ..] = stores();
    let (srgb, press) = (SRGB.profile(), press());
    let image = "Test/inks?scl=1";
    for op in ["op_saturation=-40", "op_brightness=20", "op_hue=90", "op_usm=1,2,0,1"] {
        let rgb = pixels(&body(&managed, &format!("{image}&{op}&fmt=png")));
        let reply = inks(&managed, &format!("{image}&{op}&fmt=tif,cmyk,none"));
        assert!(reply == made(&srgb, &press, &rgb), "{op}");
        // A layer with it is RGB, the others keep their inks.
        let layer = format!("size=4,4&color=0xc8643219k&{op}");
        let rgb = pixels(&body(&managed, &format!("Test?layer=0&{layer}&fmt=png")));
        let layers = format!("{BASE}&layer=1&{layer}");
        assert_eq!(pixel(&managed, &layers, [4, 4]), made(&srgb, &press, &rgb[..3]), "{op}");
        assert_eq!(pixel(&managed, &layers, [0, 0]), BACK, "{op}");
    }
    let black = "Test?size=40,40&color=0,0,0,20k&layer=1&size=20,20&color=0,0,0,90k&op_blur=3\
                 &rotate=20&layer=comp&op_usm=2,2&fmt=tif,cmyk,none";
    let found = inks(&managed, black);
    assert!(found.chunks(4).all(|inks| inks[..3] == [0; 3]));
    assert!(found.chunks(4).any(|inks| inks[3] < 45) && found.chunks(4).any(|inks| inks[3] > 235));
    let inverted = pixel(&managed, "Test?size=2,2&color=0x01020304k&layer=0&op_invert=1", [0, 0]);
    assert_eq!(inverted, [254, 253, 252, 251]);
}

#[test]
fn grey_without_a_profile_becomes_inks_after_operations() {
    let [managed, ..] = stores();
    let request = "Test/grey?wid=60&op_usm=1,1";
    let rgb = pixels(&body(&managed, &format!("{request}&fmt=png")));
    let found = inks(&managed, &format!("{request}&fmt=tif,cmyk,none"));
    assert!(found == made(&SRGB.profile(), &press(), &rgb));
}
