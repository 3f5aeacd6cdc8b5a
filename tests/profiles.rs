//! Conversions by ICC profiles: against LittleCMS, in requests, and of damaged files.

#[path = "../fuzz/profiles.rs"]
mod invariants;
#[path = "profiles/press.rs"]
pub mod press;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{self, Command},
};

use azulejo::{
    color::icc::{Intent, Profile, SRGB, Transform, rgb_space},
    http::HttpReply,
    pixel::{ColorModel, PixelFormat},
    store::MemoryStore,
    time_slice::at_once,
};

use crate::{corpus, golden, skip::skip};
use invariants::check_profile;
use press::Tables;

const INTENTS: [Intent; 4] =
    [Intent::Perceptual, Intent::Relative, Intent::Saturation, Intent::Absolute];

pub fn transform(from: &[u8], to: &[u8], intent: Intent, black_point: bool) -> Option<Transform> {
    let (from, to) = (Profile::read(from).ok()?, Profile::read(to).ok()?);
    at_once(async |slice| Transform::new(&from, &to, intent, black_point, slice).await).ok()
}

pub fn converted(transform: &Transform, colors: &[u8]) -> Vec<u8> {
    let mut made = Vec::new();
    let pixel = PixelFormat { model: transform.from, alpha: false };
    transform.convert(pixel, colors, None, &mut made);
    made
}

/// Nine steps of each number; all steps of grey.
fn grid(model: ColorModel) -> Vec<u8> {
    let axes = match model {
        ColorModel::Gray => return (0..=255).collect(),
        ColorModel::Rgb => 3,
        ColorModel::Cmyk => 4,
    };
    let step = |at: usize, axis: u32| (at / 9_usize.pow(axis) % 9 * 255 / 8) as u8;
    (0..9_usize.pow(axes)).flat_map(|at| (0..axes).map(move |axis| step(at, axis))).collect()
}

fn fixture() -> Vec<u8> {
    fs::read(golden::cases::root().join("fixtures/icc/cgats-001.icc")).unwrap()
}

/// The profiles of the comparison by name: those that are made here, and those of the corpus.
fn profiles() -> Vec<(String, Vec<u8>)> {
    let mut profiles = vec![("cgats-001".to_owned(), fixture())];
    for tables in [Tables::Bytes, Tables::Words, Tables::Pipelines] {
        profiles.push((format!("{tables:?}"), press::profile(tables)));
    }
    for id in ["sRGB", "AdobeRGB", "ProPhoto", "DisplayP3"] {
        profiles.push((id.to_owned(), rgb_space(id).unwrap().profile()));
    }
    if let Some(folder) = corpus::folder("icc") {
        for name in [
            "sRGB",
            "sRGB-v4",
            "DisplayP3-v4",
            "Rec2020-v4",
            "sGrey-v2-micro",
            "SwappedRedAndGreen",
            "CGATS001Compat-v2-micro",
        ] {
            let file = fs::read(folder.join(format!("{name}.icc"))).unwrap();
            profiles.push((format!("corpus/{name}"), file));
        }
    }
    profiles
}

/// The profiles of presses in images of the corpus, which belong to Adobe and others.
fn presses(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let Some(images) = corpus::folder("cmyk") else { return Vec::new() };
    let images = [
        ("SWOP", "Channel_digital_image_CMYK_color.jpg"),
        ("FOGRA39", "fogra-0-100-100-0.tif"),
        ("ISOCoated", "jpg-icc-chunked.jpg"),
    ]
    .map(|(name, image)| (name, images.join(image)));
    let extracted = images.map(|(name, image)| {
        let file = folder.join(name);
        let mut python = Command::new("python3");
        let done = python.arg(oracle()).arg("profile").args([&image, &file]).status().unwrap();
        assert!(done.success(), "{}", image.display());
        (format!("press/{name}"), fs::read(file).unwrap())
    });
    extracted.into()
}

fn oracle() -> PathBuf {
    golden::cases::root().join("oracles/icc.py")
}

/// The reference is LittleCMS as Pillow contains it, with the flags that Pillow sets by itself. Its
/// sRGB is the profile of version 2 that the engine makes, where a case does not name another. All
/// intents, with and without black point compensation.
#[test]
fn conversions_are_those_of_little_cms() {
    let runs = Command::new("python3").args(["-c", "import numpy, PIL.ImageCms"]).status();
    if !runs.is_ok_and(|status| status.success()) {
        return skip("python3", "there is none with numpy and Pillow's ImageCms");
    }
    let folder = env::temp_dir().join(format!("azulejo-profiles-{}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut all = profiles();
    all.extend(presses(&folder));
    let file = |name: &str| folder.join(name.replace('/', "-"));
    all.iter().for_each(|(name, bytes)| fs::write(file(name), bytes).unwrap());
    let mut list = String::new();
    let mut count = 0;
    for (from, source) in &all {
        for (to, target) in &all {
            let model = Profile::read(source).unwrap().model;
            let is_target = match to.as_str() {
                "sRGB" | "corpus/sRGB-v4" | "AdobeRGB" => true,
                "Bytes" | "Words" | "Pipelines" => matches!(from.as_str(), "sRGB" | "Words"),
                "press/FOGRA39" => {
                    matches!(from.as_str(), "sRGB" | "press/SWOP" | "corpus/sGrey-v2-micro")
                }
                _ => false,
            };
            if from == to || !is_target {
                continue;
            }
            let colors = file(&format!("{model:?}"));
            fs::write(&colors, grid(model)).unwrap();
            for (nth, intent) in INTENTS.into_iter().enumerate() {
                for black_point in [false, true] {
                    let transform = transform(source, target, intent, black_point).unwrap();
                    let ours = file(&format!("ours-{count}"));
                    count += 1;
                    fs::write(&ours, converted(&transform, &grid(model))).unwrap();
                    let files = [file(from), file(to), colors.clone(), ours];
                    let [from, to, colors, ours] = files.each_ref().map(|file| file.display());
                    let flag = u8::from(black_point);
                    list += &format!("{from} {to} {nth} {flag} {colors} {ours}\n");
                }
            }
        }
    }
    fs::write(file("list"), &list).unwrap();
    let done = Command::new("python3").arg(oracle()).arg(file("list")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let found = String::from_utf8(done.stdout).unwrap();
    assert_eq!(found.lines().count(), count);
    let mut wrong = String::new();
    for (line, case) in found.lines().zip(list.lines()) {
        let mut numbers = line.split(' ').map(|number| number.parse::<f64>().unwrap());
        let (mean, most) = (numbers.next().unwrap(), numbers.next().unwrap());
        if mean > 0.5 || most > 2.0 {
            wrong += &format!("{line} {case}\n");
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    assert!(wrong.is_empty(), "mean and largest CIEDE2000:\n{wrong}");
}

#[test]
fn profiles_of_srgb_change_nothing_and_others_do() {
    let srgb = SRGB.profile();
    let same = |profile: &[u8]| {
        transform(profile, &srgb, Intent::Relative, true).unwrap().changes_nothing()
    };
    assert!(same(&srgb));
    assert!(!same(&rgb_space("DisplayP3").unwrap().profile()));
    assert!(!same(&rgb_space("PAL").unwrap().profile()));
    let Some(folder) = corpus::folder("icc") else { return };
    for name in ["sRGB", "sRGB-v4", "sRGB-v2-micro"] {
        assert!(same(&fs::read(folder.join(format!("{name}.icc"))).unwrap()), "{name}");
    }
    for name in ["DisplayP3-v4", "AdobeCompat-v2", "SwappedRedAndGreen"] {
        assert!(!same(&fs::read(folder.join(format!("{name}.icc"))).unwrap()), "{name}");
    }
}

#[test]
fn dithering_keeps_the_mean_and_exact_colours() {
    use azulejo::color::icc::Dither;
    let [from, to] = ["DisplayP3", "sRGB"].map(|id| rgb_space(id).unwrap().profile());
    let transform = transform(&from, &to, Intent::Relative, true).unwrap();
    let row = [100, 120, 140].repeat(8);
    let mut rows = Vec::new();
    for down in 0..8 {
        let mut made = Vec::new();
        let dither = Some(Dither { along: 3, down });
        transform.convert(PixelFormat::RGB, &row, dither, &mut made);
        rows.extend(made);
    }
    let plain = converted(&transform, &row[..3]);
    for (nth, plain) in plain.iter().enumerate() {
        let values: Vec<u8> = rows.iter().skip(nth).step_by(3).copied().collect();
        let (least, most) = (values.iter().min().unwrap(), values.iter().max().unwrap());
        assert!(most - least <= 1 && (least..=most).contains(&plain), "{values:?}");
    }
    assert!(rows.chunks(3).any(|pixel| pixel != plain), "nothing is dithered");
    // White is exact.
    let mut made = Vec::new();
    transform.convert(PixelFormat::RGB, &[255; 24], Some(Dither { along: 0, down: 5 }), &mut made);
    assert_eq!(made, [255; 24]);
}

/// A store of the fixtures, with a press in the folder of profiles.
pub fn store() -> MemoryStore {
    let store = golden::cases::store();
    store.put("icc/CoatedFogra39.icc", press::profile(Tables::Words));
    store.put("icc/house/paper.icc", press::profile(Tables::Bytes));
    store.put("icc/damaged.icc", press::profile(Tables::Words)[..3000].to_vec());
    store.put("icc/text.icc", b"no profile at all".repeat(20));
    store.put("icc/huge.icc", vec![0; (4 << 20) + 1]);
    let link = press::assemble(2, b"link", ColorModel::Cmyk, &[]);
    store.put("icc/link.icc", link);
    store
}

pub fn answer(store: &MemoryStore, request: &str) -> HttpReply {
    golden::answer(store, request)
}

pub fn body(store: &MemoryStore, request: &str) -> Vec<u8> {
    let reply = answer(store, request);
    assert_eq!(reply.status, 200, "{request}: {}", String::from_utf8_lossy(&reply.body));
    reply.body
}

#[test]
fn a_profile_that_cannot_be_used_is_named() {
    let store = store();
    for (query, wanted) in [
        (
            "icc=WebCoated",
            "icc=WebCoated: no such ICC profile (icc/WebCoated.icc); put its file there",
        ),
        (
            "icc=U.S.%20Web%20Coated%20(SWOP)%20v2",
            "icc=U.S. Web Coated (SWOP) v2: no such ICC profile (icc/WebCoated.icc); put its file \
             there",
        ),
        (
            "icc=CoatedFogra39&fmt=png",
            "icc=CoatedFogra39: a profile for cmyk, but a PNG has rgb or gray; use another profile \
             or fmt=",
        ),
        ("icc=text", "icc/text.icc: it is no ICC profile"),
        (
            "icc=link.icc",
            "icc/link.icc: an ICC profile of the class link; expected one of a device: scnr, mntr, \
             prtr or spac",
        ),
        ("icc=huge", "icc/huge.icc: an ICC profile of 4194305 bytes; the limit is 4194304"),
    ] {
        let reply = answer(&store, &format!("Test/p3?{query}"));
        let message = String::from_utf8(reply.body).unwrap();
        assert!(reply.status != 200 && message.contains(wanted), "{query}: {message}");
    }
}

/// A store whose catalog `Test` has these attributes.
pub fn with_catalog(attributes: &str) -> MemoryStore {
    let store = store();
    let json = format!(r#"{{"format":1,"attributes":{{{attributes}}}}}"#);
    store.put("catalogs/Test.json", json.into_bytes());
    store
}

#[test]
fn the_catalog_s_profiles_apply_to_what_has_none() {
    let plain = body(&store(), "Test/inks?fmt=png");
    let press = with_catalog(r#""IccProfileSrcCmyk": "CoatedFogra39""#);
    assert_ne!(body(&press, "Test/inks?fmt=png"), plain, "the press of the catalog");
    let both = with_catalog(r#""IccProfileCmyk": "Coated FOGRA39 (ISO 12647-2:2004)""#);
    let of_both = body(&both, "Test/inks?fmt=png");
    assert_eq!(of_both, body(&press, "Test/inks?fmt=png"), "where Src is not set");
    // The profile of the image wins.
    assert_eq!(body(&press, "Test/press?fmt=png"), body(&store(), "Test/press?fmt=png"));
    let wide = with_catalog(r#""IccProfileSrcRgb": "AdobeRGB""#);
    assert_ne!(body(&wide, "Test/chart?fmt=png"), body(&store(), "Test/chart?fmt=png"));
    // What is not needed may be missing.
    let missing = with_catalog(r#""IccProfileSrcCmyk": "nowhere""#);
    assert_eq!(body(&missing, "Test/chart?fmt=png"), body(&store(), "Test/chart?fmt=png"));
    let reply = answer(&missing, "Test/inks?fmt=png");
    let message = String::from_utf8(reply.body).unwrap();
    assert!(message.contains("IccProfileSrcCmyk=nowhere: no such ICC profile"), "{message}");
    let other = with_catalog(r#""IccProfileSrcRgb": "CoatedFogra39""#);
    let message = String::from_utf8(answer(&other, "Test/chart?fmt=png").body).unwrap();
    let wanted = "IccProfileSrcRgb=CoatedFogra39: an ICC profile for cmyk; expected one for rgb";
    assert!(message.contains(wanted), "{message}");
}

#[test]
fn none_switches_colour_management_off() {
    let off = with_catalog(r#""IccProfileRgb": "none""#);
    let pixel = |store: &MemoryStore, request: &str| {
        let png = body(store, request);
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        [pixels[0], pixels[1], pixels[2]]
    };
    let green = "Test/p3?fmt=png&scl=1&rect=40,5,1,1";
    assert_eq!(pixel(&off, green), [0, 255, 0]);
    assert_eq!(pixel(&store(), green), [0, 255, 0], "clipped: sRGB has no such green");
    let skin = "Test/p3?fmt=png&scl=1&rect=100,35,1,1";
    assert_eq!(pixel(&off, skin), [180, 120, 90]);
    assert_eq!(pixel(&store(), skin), [190, 117, 84]);
    // The profile of the image is that of the reply.
    let embedded = body(&off, "Test/p3?fmt=png&iccEmbed=1");
    let name = |png: &[u8]| {
        let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        reader.info().icc_profile.as_ref().map(|icc| azulejo::pyramid::profile_name(icc))
    };
    assert_eq!(name(&embedded), Some(Some("sP3".to_owned())));
    let managed = body(&store(), "Test/p3?fmt=png&iccEmbed=1");
    assert_eq!(name(&managed), Some(Some("sRGB IEC61966-2.1".to_owned())));
    assert_eq!(name(&body(&store(), "Test/p3?fmt=png")), None);
}

/// A grey whose numbers are L*.
pub fn lightness() -> Vec<u8> {
    let curve = b"curv\0\0\0\0\0\0\0\0".to_vec();
    press::assemble(2, b"mntr", ColorModel::Gray, &[(b"kTRC", curve)])
}

/// sRGB 119 is L* 50, or 127.5 of 255.
#[test]
fn a_grey_reply_is_converted_to_its_profile() {
    let plain = "Test?size=2,2&color=119,119,119&fmt=png";
    let catalog = with_catalog(r#""IccProfileGray": "lightness""#);
    catalog.put("icc/lightness.icc", lightness());
    for request in [format!("{plain},gray"), format!("{plain}&icc=lightness")] {
        let png = body(&catalog, &format!("{request}&iccEmbed=1"));
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels.len(), 4, "{request}");
        assert!(pixels.iter().all(|gray| (127..=128).contains(gray)), "{request} {pixels:?}");
        assert_eq!(reader.info().icc_profile.as_deref(), Some(lightness().as_slice()));
    }
    // An image in L* is not converted back and forth.
    let managed = body(&catalog, "Test/lightness?fmt=png,gray&scl=1&rect=0,0,120,1");
    let mut reader = png::Decoder::new(std::io::Cursor::new(managed)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let ramp = (0..120).map(|x| (f64::from(x) * 255.0 / 119.0).round() as u8);
    assert!(pixels.iter().zip(ramp).all(|(found, wanted)| found.abs_diff(wanted) <= 1));
}

/// The inks of a reply are those of the transform, and what has the press's own profile returns to
/// about the inks that it came from.
#[test]
fn a_cmyk_reply_has_the_inks_of_its_profile() {
    let store = store();
    let inks = |request: &str| {
        let file = body(&store, request);
        assert_eq!(file[..4], *b"II*\0");
        file[8..12].to_vec()
    };
    let press = press::profile(Tables::Words);
    let transform = transform(&SRGB.profile(), &press, Intent::Relative, true).unwrap();
    for color in [[255, 255, 255], [0, 0, 0], [200, 30, 40], [10, 120, 60]] {
        let [r, g, b] = color;
        let request = format!("Test?size=1,1&color={r},{g},{b}&fmt=tif&icc=CoatedFogra39");
        assert_eq!(inks(&request), converted(&transform, &color), "{color:?}");
        let naive = inks(&format!("Test?size=1,1&color={r},{g},{b}&fmt=tif,cmyk"));
        assert_eq!(naive[..3].iter().min(), Some(&0), "{color:?}: all black is black ink");
    }
}

#[test]
fn a_profile_is_read_once_an_isolate_and_its_version_is_in_the_tag() {
    let store = with_catalog(r#""IccProfileSrcCmyk": "house/paper.icc""#);
    let first = answer(&store, "Test/inks?fmt=png");
    let whole = |store: &MemoryStore| {
        let reads = store.take_reads();
        reads
            .iter()
            .filter(|read| read.key == "icc/house/paper.icc" && read.range.len > 128)
            .count()
    };
    assert_eq!((first.status, whole(&store)), (200, 1));
    let again = answer(&store, "Test/inks?fmt=png");
    assert_eq!(whole(&store), 0, "the transform is in the cache");
    assert_eq!((again.header("etag"), &again.body), (first.header("etag"), &first.body));
    let changed = with_catalog(r#""IccProfileSrcCmyk": "house/paper.icc""#);
    changed.put("icc/house/paper.icc", press::profile(Tables::Pipelines));
    let other = answer(&changed, "Test/inks?fmt=png");
    assert_ne!(other.header("etag"), first.header("etag"));
}

/// Each file that the pipeline embeds a profile in is opened by Pillow, which finds the profile.
#[test]
fn embedded_profiles_are_found_by_others() {
    let runs = Command::new("python3").args(["-c", "import PIL.ImageCms"]).status();
    if !runs.is_ok_and(|status| status.success()) {
        return skip("python3", "there is none with Pillow's ImageCms");
    }
    let store = store();
    let code = "import io,sys;from PIL import Image,ImageCms;\
                image=Image.open(sys.argv[1]);image.load();\
                profile=ImageCms.getOpenProfile(io.BytesIO(image.info['icc_profile']));\
                print(profile.profile.profile_description)";
    for (query, name) in [
        ("fmt=png&icc=ProPhoto", "ProPhoto RGB"),
        ("icc=AdobeRGB", "Adobe RGB (1998)"),
        ("fmt=pjpeg&icc=DisplayP3", "Display P3"),
        ("fmt=png-alpha", "sRGB IEC61966-2.1"),
        ("fmt=webp&icc=AppleRGB", "Apple RGB"),
        ("fmt=tif&icc=NTSC", "NTSC (1953)"),
        ("fmt=tif,,zip&icc=CoatedFogra39", "P"),
        ("fmt=tif-alpha,,lzw&icc=SMPTE", "SMPTE-C"),
        ("fmt=webp,,lossless&icc=WideGamutRGB", "Wide Gamut RGB"),
    ] {
        let file = env::temp_dir().join(format!("azulejo-embedded-{}", process::id()));
        fs::write(&file, body(&store, &format!("Test/p3?iccEmbed=1&{query}"))).unwrap();
        let done = Command::new("python3").args(["-c", code]).arg(&file).output().unwrap();
        let found = String::from_utf8_lossy(&done.stdout);
        assert_eq!(found.trim(), name, "{query}: {}", String::from_utf8_lossy(&done.stderr));
        fs::remove_file(&file).unwrap();
    }
}

/// Damaged profiles give a transform or an error. `MUTATIONS=1000` tries more.
#[test]
fn damaged_profiles_never_panic() {
    let small = rgb_space("AdobeRGB").unwrap().profile();
    for profile in [&small, &SRGB.profile()] {
        for len in 0..profile.len() {
            check_profile(&profile[..len], len).unwrap();
        }
        assert!(check_profile(profile, 1).unwrap());
    }
    // What a table needs is at its end, so most cuts fail before anything is computed.
    for tables in [Tables::Bytes, Tables::Words, Tables::Pipelines] {
        let press = press::profile(tables);
        for len in (0..press.len()).step_by(97).chain(0..400) {
            check_profile(&press[..len], len).unwrap();
        }
    }
    let mut state = 7_u32;
    let mut random = |below: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % below
    };
    let rounds = env::var("MUTATIONS").map_or(40, |rounds| rounds.parse().unwrap());
    for round in 0..rounds {
        let mut profile = match round % 4 {
            0 => press::profile(Tables::Words),
            1 => press::profile(Tables::Pipelines),
            2 => press::profile(Tables::Bytes),
            _ => small.clone(),
        };
        for _ in 0..1 + random(5) {
            // Most of what can go wrong stands near the beginning, or where a table begins.
            let at = if round % 3 == 0 { random(profile.len()) } else { 128 + random(500) };
            let last = profile.len() - 1;
            profile[at.min(last)] = [0, 1, 255, random(256) as u8][random(4)];
        }
        check_profile(&profile, random(4)).unwrap();
    }
}

/// The profile of a press of 150 KB, which takes three segments of a JPEG.
fn long_profile() -> Vec<u8> {
    let mut profile = press::profile(Tables::Words);
    profile.resize(150_000, 0);
    profile[..4].copy_from_slice(&150_000_u32.to_be_bytes());
    profile
}

/// A store in which `Test/file` is this file, with the same catalog as [`with_catalog`].
fn with_file(file: &[u8]) -> MemoryStore {
    let store = store();
    store.put("assets/Test/file.tif", file.to_vec());
    store
}

#[test]
fn the_profile_of_a_png_file_counts() {
    let off = with_catalog(r#""IccProfileRgb": "none""#);
    for format in ["png", "png-alpha", "png8"] {
        let file = body(&off, &format!("Test/p3?scl=1&iccEmbed=1&fmt={format}"));
        let without = body(&off, &format!("Test/p3?scl=1&fmt={format}"));
        let store = with_file(&file);
        let managed = body(&store, "Test/file?fmt=png&scl=1");
        assert_ne!(managed, body(&with_file(&without), "Test/file?fmt=png&scl=1"));
        if format != "png8" {
            assert!(managed == body(&store, "Test/p3?fmt=png&scl=1"), "{format}");
        }
        let text = String::from_utf8(body(&store, "Test/file?req=imageprops")).unwrap();
        assert!(text.contains("image.iccProfile=sP3"), "{text}");
        // A byte within the compressed profile: the image counts as one without a profile.
        let at = file.windows(4).position(|name| name == b"iCCP").unwrap() + 30;
        let mut damaged = file.clone();
        damaged[at] ^= 0xff;
        let reply = answer(&with_file(&damaged), "Test/file?fmt=png&scl=1");
        assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    }
}

#[test]
fn the_profile_of_a_jpeg_file_counts_in_several_segments_too() {
    let store = store();
    store.put("icc/long.icc", long_profile());
    let made = |query: &str| body(&store, &format!("Test/p3?scl=1&icc=long&{query}"));
    let file = made("iccEmbed=1&qlt=98");
    assert_eq!(file.windows(12).filter(|part| part == b"ICC_PROFILE\0").count(), 3);
    let drawn = |file: &[u8]| {
        let png = body(&with_file(file), "Test/file?fmt=png&scl=1");
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        pixels
    };
    let apart = |one: &[u8], other: &[u8]| {
        let sum: f64 = one.iter().zip(other).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
        sum / one.len() as f64
    };
    let tif = drawn(&made("iccEmbed=1&fmt=tif"));
    assert!(apart(&drawn(&file), &tif) < 2.0, "{}", apart(&drawn(&file), &tif));
    let without = drawn(&made("qlt=98"));
    assert!(apart(&without, &tif) > 8.0, "{}", apart(&without, &tif));
    // Parts in another order are the same; without one of them there is no profile.
    let segments: Vec<usize> = (0..file.len() - 18)
        .filter(|&at| {
            file[at..].starts_with(b"\xff\xe2") && &file[at + 4..at + 15] == b"ICC_PROFILE"
        })
        .collect();
    let [first, second, third] = segments[..] else { panic!("{segments:?}") };
    let end = third + 2 + usize::from(u16::from_be_bytes([file[third + 2], file[third + 3]]));
    let parts = [&file[third..end], &file[first..second], &file[second..third]];
    let turned = [&file[..first], &parts.concat(), &file[end..]].concat();
    assert!(drawn(&turned) == drawn(&file));
    let torn = [&file[..second], &file[third..]].concat();
    assert!(drawn(&torn) == without);
    let text = |file: &[u8]| {
        String::from_utf8(body(&with_file(file), "Test/file?req=imageprops")).unwrap()
    };
    assert!(text(&file).contains("image.embeddedIccProfile=1"));
    assert!(text(&torn).contains("image.embeddedIccProfile=0"));
}
