//! Folders with errors: what `azulejo publish --keep-going` publishes, and which missing objects it warns
//! of.

use crate::support;

use std::fs;

use serde_json::{Value, json};
use support::{Store, azulejo, root, text};

/// What a file that says `font` holds.
const FONT: &[u8] = include_bytes!("../../../src/text/font/dejavu/DejaVuSans.ttf");

/// Exit code, standard output, standard error.
type Output = (Option<i32>, String, String);

fn publish(files: &[(&str, &str)], store: &Store, options: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let bytes = if *text == "font" { FONT } else { text.as_bytes() };
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let (from, to) = (folder.path().to_str().unwrap(), store.name());
    let args = ["publish", from, "--to", &to, "--name", "shop"];
    let done = azulejo(&[&args, options].concat());
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

fn stored(store: &Store, key: &str) -> Value {
    serde_json::from_slice(&fs::read(store.0.path().join(key)).unwrap()).unwrap()
}

const SHOP: (&str, &str) = (
    "shop.ini",
    "RootId=Shop\nCatalogFile=c.txt\nMacroFile=m.txt\nFontMapFile=f.txt\nIccProfileMapFile=i.txt\n",
);

#[test]
fn good_lines_are_published_and_the_stored_objects_of_bad_lines_stay() {
    let store = Store::new();
    let good = [
        SHOP,
        ("c.txt", "Id\tModifier\nred\tqlt=1\nblue\tqlt=2\n"),
        ("m.txt", "big wid=900\nsmall wid=90\nboth $small$&qlt=7\n"),
        ("f.txt", "Name\tFontPath\tBold\nSans\tsans.ttf\t0\nSerif\tserif.ttf\t0\n"),
        ("i.txt", "Name\tProfilePath\nwide\twide.icc\n"),
        ("sans.ttf", "font"),
        ("serif.ttf", "font"),
        ("wide.icc", "three"),
    ];
    let (code, _, err) = publish(&good, &store, &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let bad = [
        SHOP,
        ("c.txt", "Id\tModifier\nred\tqlt=3\ttoo\tmany\nblue\tqlt=4\n"),
        ("m.txt", "big wid=many\nsmall wid=91\nbo$th wid=1\nnew $gone$\n"),
        (
            "f.txt",
            "Name\tFontPath\tBold\nSans\tsans.ttf\t0\t\t\nSerif\tserif.ttf\tyes\nBroken\tbroken.ttf\t0\n",
        ),
        ("broken.ttf", "no font"),
        ("i.txt", "Name\tProfilePath\nwide\twide.icc\tx\n"),
    ];
    let expected = [
        "error: c.txt:2: 4 fields, the header has 2",
        "error: m.txt:1: wid=many: expected",
        "error: m.txt:3: bo$th: expected letters, digits, - _ or . in the name of a macro",
        "error: m.txt:4: $gone$: no such macro",
        "error: f.txt:2: 5 fields, the header has 3",
        "error: f.txt:3: Bold=yes: expected 0 or 1",
        "error: f.txt:4: broken.ttf: no TrueType or OpenType font; give a .ttf",
        "error: i.txt:2: 3 fields, the header has 2",
    ];
    let before = store.files();
    let (code, _, err) = publish(&bad, &store, &[]);
    assert!(code == Some(1) && err.contains("nothing was published"), "{err}");
    assert_eq!(stored(&store, "records/Shop/blue.json")["modifier"], json!("qlt=2"));
    let (code, out, err) = publish(&bad, &store, &["--keep-going"]);
    assert_eq!(code, Some(1), "{err}");
    for expected in expected {
        assert!(err.contains(expected), "{expected}\n{err}");
    }
    assert_eq!(stored(&store, "records/Shop/blue.json")["modifier"], json!("qlt=4"));
    assert_eq!(stored(&store, "records/Shop/red.json")["modifier"], json!("qlt=1"));
    assert_eq!(store.files(), before, "{out}");
    let catalog = stored(&store, "catalogs/Shop.json");
    assert_eq!(catalog["macros"], json!([["small", "wid=91"], ["big", "wid=900"]]));
    let fonts: Vec<&Value> =
        catalog["fonts"].as_array().unwrap().iter().map(|font| &font["path"]).collect();
    assert_eq!(fonts, ["fonts/sans.ttf", "fonts/serif.ttf"]);
    assert_eq!(catalog["icc"], json!({"wide": "icc/wide.icc"}));
    // They are the folder's still: they go with the publish that says nothing of them.
    let (code, out, err) = publish(&[("shop.ini", "RootId=Shop\n")], &store, &[]);
    assert_eq!(code, Some(0), "{err}");
    for key in ["fonts/sans.ttf", "fonts/serif.ttf", "icc/wide.icc", "records/Shop/red.json"] {
        assert!(out.contains(&format!("removed {key}")), "{key}: {out}");
    }
}

#[test]
fn a_macro_that_calls_a_removed_macro_does_not_stay() {
    let store = Store::new();
    let shop = ("shop.ini", "RootId=Shop\nMacroFile=m.txt\n");
    assert_eq!(publish(&[shop, ("m.txt", "a wid=1\nb $a$&qlt=7\n")], &store, &[]).0, Some(0));
    let (_, _, err) = publish(&[shop, ("m.txt", "c wid=1\nb qlt=x\n")], &store, &["--keep-going"]);
    assert!(err.contains("m.txt:2: "), "{err}");
    assert_eq!(stored(&store, "catalogs/Shop.json")["macros"], json!([["c", "wid=1"]]));
    let done = azulejo(&["render", "Shop/x?$c$&req=resolve", "--from", &store.name()]);
    assert!(text(&done.stdout).contains("wid=1"), "{}", text(&done.stderr));
}

fn put(store: &Store, key: &str) {
    let path = store.0.path().join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::copy(root().join("tests/fixtures/tulips.tif"), path).unwrap();
}

#[test]
fn references_to_missing_objects_give_warnings_with_keys() {
    let store = Store::new();
    for key in
        ["assets/Shop/a.tif", "assets/Other/b.tif", "svg/Shop/logo.svg", "content/Shop/c.mp4"]
    {
        put(&store, key);
    }
    let files = |good: bool| {
        let (a, b, missing) = match good {
            true => ("a", "Other/b", "a.tif"),
            false => ("none", "Other/none", "none.tif"),
        };
        [
            (
                "shop.ini",
                format!(
                    "RootId=Shop\nCatalogFile=c.txt\nMacroFile=m.txt\nDefaultImage={a}\nErrorImage={b}\n"
                ),
            ),
            ("m.txt", format!("framed layer=1&src={b}&layer=2&src=$photo$\n")),
            (
                "c.txt",
                format!(
                    "Id\tPath\tMaskPath\tModifier\tImageSet\n\
                     vector\tlogo.svg\t\t\t\n\
                     masked\ta.tif\t{missing}\t\t\n\
                     template\t\t\tlayer=1&src={b}&mask=/Shop/{a}&layer=2&src=Shop/a:Large\t\n\
                     set\t\t\t\t{{{a};a}},{b},vector,c.mp4,{{0xFF0000 red}}\n"
                ),
            ),
        ]
    };
    let run = |good: bool| {
        let files = files(good);
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let (code, _, err) = publish(&files, &store, &["--dry-run"]);
        assert_eq!(code, Some(0), "{err}");
        // There is also a warning that layers are not drawn.
        let lines = err.lines().filter(|line| line.contains("ingest it"));
        lines.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(run(true), [""; 0]);
    let own = "nothing is stored at assets/Shop/none.tif: ingest it, or correct the name";
    let other = "nothing is stored at assets/Other/none.tif: ingest it, or correct the name";
    let expected = [
        "warning: c.txt:3: Id=masked: MaskPath=none.tif: no pyramid at assets/Shop/none.tif: ingest it, or \
         correct the MaskPath"
            .to_owned(),
        format!("warning: shop.ini:4: DefaultImage=none: {own}"),
        format!("warning: shop.ini:5: ErrorImage=Other/none: {other}"),
        format!("warning: m.txt:1: src=Other/none: {other}"),
        format!("warning: c.txt:4: src=Other/none: {other}"),
        format!("warning: c.txt:4: mask=/Shop/none: {own}"),
        format!("warning: c.txt:5: ImageSet=none: {own}"),
        format!("warning: c.txt:5: ImageSet=Other/none: {other}"),
    ];
    assert_eq!(run(false), expected);
}

#[test]
fn a_manifest_names_objects_too() {
    let manifest = [("manifest.json", r#"{"defaultimage":"Shop/none"}"#)];
    let (code, _, err) = publish(&manifest, &Store::new(), &[]);
    let expected =
        "warning: manifest.json: DefaultImage=Shop/none: nothing is stored at assets/Shop/none.tif";
    assert!(code == Some(0) && err.starts_with(expected), "{err}");
}

/// The warning names the replaced original, unless it is the same one.
#[test]
fn an_ingest_that_takes_the_id_of_another_original_gives_a_warning() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let picture = |name: &str, shade: u8| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        image::RgbImage::from_pixel(9, 9, image::Rgb([shade; 3])).save(&path).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let to = store.name();
    let ingest = |from: &str, options: &[&str]| {
        let args = ["ingest", from, "--to", &to, "--id", "flat"];
        let done = azulejo(&[&args, options].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        text(&done.stderr)
    };
    let expected = "it replaces men/red.png, which was stored as red before";
    let men = picture("men/red.png", 1);
    assert!(!ingest(&men, &[]).contains("replaces"));
    picture("men/red.png", 2);
    let moved = folder.path().join("moved");
    fs::create_dir(&moved).unwrap();
    fs::rename(folder.path().join("men"), moved.join("men")).unwrap();
    let again = ingest(moved.to_str().unwrap(), &[]);
    assert!(again.contains("1 stored") && !again.contains("replaces"), "{again}");
    let women = picture("women/red.png", 3);
    let stderr = ingest(&women, &[]);
    let warned = stderr.contains("women/red.png: stored, although ") && stderr.contains(expected);
    assert!(warned, "{stderr}");
    assert!(!ingest(&women, &[]).contains("replaces"), "the warning is printed once");
    assert_eq!(
        stored(&store, "records/Samples/red.json")["original"]["name"],
        json!("women/red.png")
    );
    // The same picture under another name is no other picture.
    fs::create_dir(folder.path().join("kids")).unwrap();
    fs::copy(&women, folder.path().join("kids/red.png")).unwrap();
    let same = ingest(folder.path().join("kids").to_str().unwrap(), &[]);
    assert!(same.contains("1 unchanged"), "{same}");
    // Static content has ids, too.
    for (name, bytes) in [("a/guide.pdf", b"one"), ("b/guide.pdf", b"two")] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        let done = azulejo(&["ingest", path.to_str().unwrap(), "--to", &to, "--content"]);
        let warned = text(&done.stderr).contains("it replaces a/guide.pdf");
        assert_eq!(warned, name.starts_with('b'), "{}", text(&done.stderr));
    }
}

/// r-imageprops: 1 is premultiplied alpha, 2 is not.
#[test]
fn a_transparency_mask_is_the_same_mask_with_and_without_ingest() {
    let mask = root().join("tests/fixtures/tiff/cog-mask.tif");
    for options in [&[][..], &["--as-is"]] {
        let store = Store::new();
        let (from, to) = (mask.to_str().unwrap(), store.name());
        let done = azulejo(&[&["ingest", from, "--to", &to], options].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        let request = "Samples/cog-mask?req=imageprops";
        let props = text(&azulejo(&["render", request, "--from", &to]).stdout);
        assert!(props.contains("image.mask=2"), "{options:?}: {props}");
    }
}
