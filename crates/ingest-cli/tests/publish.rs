//! The commands `azulejo publish` and `azulejo sign`.

use crate::support;

use std::fs;

use serde_json::json;
use support::{Store, azulejo, text};

/// A temporary folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

/// Publishes. Returns exit code, standard output, and standard error with relative paths.
fn publish(folder: &tempfile::TempDir, store: &Store) -> (Option<i32>, String, String) {
    publish_as(folder, store, &["--name", "shop"])
}

fn publish_as(
    folder: &tempfile::TempDir,
    store: &Store,
    options: &[&str],
) -> (Option<i32>, String, String) {
    let (from, to) = (folder.path().to_str().unwrap(), store.name());
    let done = azulejo(&[&["publish", from, "--to", &to], options].concat());
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

fn stored(store: &Store, key: &str) -> serde_json::Value {
    serde_json::from_slice(&fs::read(store.0.path().join(key)).unwrap()).unwrap()
}

const SHOP: &[(&str, &[u8])] = &[
    ("default.ini", b"MacroFile=macros.txt\nMaxPix=2000,2000\n"),
    ("macros.txt", b"Name\tDefinition\nview\twid=240&qlt=85\n"),
    (
        "shop.ini",
        b"# Shop\r\nRootId = Shop\r\nbkgcolor = ff0000\r\nCatalogFile=data/one.txt,data/two.txt\r\n\
          MacroFile=shop.txt\r\nRuleSetFile=rules.xml\r\nIccProfileMapFile=icc.txt\r\n\
          FontMapFile=fonts.txt\r\n",
    ),
    ("shop.txt", b"large\t$view$&wid=900"),
    (
        "data/one.txt",
        b"Id\tPath\tModifier\tUserData\t.note\nred\tred.tif\t$large$\ta=1??b=2\tmine\n\
          card\t\tsrc=$object$&wid=9\ta=1??b=2\t\n",
    ),
    ("data/two.txt", b"\xef\xbb\xbfid\tpath\texpiration\nred\tr\xc3\xb6t.tif\t5"),
    (
        "rules.xml",
        b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ruleset><rule><expression>(?i)_hg$\
          </expression><substitution>\\?&amp;qlt=95,1</substitution></rule></ruleset>",
    ),
    ("icc.txt", b"Name\tProfilePath\nOffice\tprofiles/office.icc"),
    ("profiles/office.icc", b"profile"),
    ("fonts.txt", b"Name\tFontPath\tBold\nSans\tsans.ttf\t0\nSans\tsans-bold.ttf\t1"),
    ("sans.ttf", FONT),
    ("sans-bold.ttf", FONT),
];

#[test]
fn a_folder_of_adobes_files_is_compiled_and_answers() {
    let store = Store::new();
    let done = azulejo(&["ingest", "samples/tulips.png", "--to", &store.name(), "--root", "Shop"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let (code, out, err) = publish(&folder(SHOP), &store);
    assert_eq!(code, Some(0), "{err}");
    assert!(
        out.contains("catalogs/Shop.json: 7 attributes, 1 macros, 1 rules, 3 records"),
        "{out}"
    );
    let files = store.files();
    for key in ["catalogs/default.json", "icc/Office.icc", "fonts/sans.ttf", "fonts/sans-bold.ttf"]
    {
        assert!(files.iter().any(|file| file == key), "{key}: {files:?}");
    }
    let red = stored(&store, "records/Shop/red.json");
    assert_eq!((&red["path"], &red["expiration"]), (&"röt.tif".into(), &5.0.into()));
    assert!(red["modifier"].is_null(), "the last instance of an id prevails, wholly");
    assert_eq!(stored(&store, "records/Shop/card.json")["userData"]["b"], "2");
    let catalog = stored(&store, "catalogs/Shop.json");
    assert_eq!(catalog["fonts"][1]["path"], "fonts/sans-bold.ttf");
    assert_eq!(catalog["fonts"][1]["psName"], "DejaVuSans");
    assert_eq!(catalog["fonts"][1]["scripts"], serde_json::json!(["Latn"]));
    assert_eq!(catalog["attributes"]["BkgColor"], "ff0000");
    // What was published is what the engine serves.
    let request = "Shop/tulips_HG?$large$&req=resolve";
    let done = azulejo(&["render", "Shop/tulips?$large$&req=resolve", "--from", &store.name()]);
    assert_eq!(text(&done.stdout).trim(), "/is/image/Shop/tulips?req=resolve&wid=900&qlt=85");
    let done = azulejo(&["render", "Shop/tulips_HG", "--from", &store.name(), "-o", "/dev/null"]);
    assert!(done.status.success(), "{request}: {}", text(&done.stderr));
}

#[test]
fn a_row_is_applied_to_the_record_of_ingest() {
    let store = Store::new();
    azulejo(&["ingest", "samples/tulips.png", "--to", &store.name(), "--root", "Shop"]);
    let before = stored(&store, "records/Shop/tulips.json");
    let files: &[(&str, &[u8])] = &[
        ("shop.ini", b"RootId=Shop\nCatalogFile=data.txt"),
        ("data.txt", b"Id\tModifier\ntulips\tqlt=33"),
    ];
    assert_eq!(publish(&folder(files), &store).0, Some(0));
    let after = stored(&store, "records/Shop/tulips.json");
    assert_eq!(after["modifier"], "qlt=33");
    assert_eq!((&after["width"], &after["original"]), (&before["width"], &before["original"]));
}

/// A font that the server can draw.
const FONT: &[u8] = include_bytes!("../../../src/text/font/dejavu/DejaVuSans.ttf");

const FONTS: &[u8] = b"Name\tFontPath\nSans\tsans.ttf";

/// Two catalogs, two rows in one of them, a font.
const BEFORE: &[(&str, &[u8])] = &[
    ("shop.ini", b"RootId=Shop\nCatalogFile=data.txt\nFontMapFile=fonts.txt"),
    ("old.ini", b"RootId=Old\nCatalogFile=old.txt"),
    ("data.txt", b"Id\tModifier\tUserData\ntulips\tqlt=33\ta=1\ncard\tqlt=34\ta=1"),
    ("old.txt", b"Id\tModifier\nshoe\tqlt=35"),
    ("fonts.txt", FONTS),
    ("sans.ttf", FONT),
];

/// One catalog is left, with one row, which has fewer columns.
const AFTER: &[(&str, &[u8])] =
    &[("shop.ini", b"RootId=Shop\nCatalogFile=data.txt"), ("data.txt", b"Id\tUserData\ncard\ta=2")];

/// A store with one asset to which `BEFORE` has been published.
fn published_before() -> Store {
    let store = Store::new();
    azulejo(&["ingest", "samples/tulips.png", "--to", &store.name(), "--root", "Shop"]);
    assert_eq!(publish(&folder(BEFORE), &store).0, Some(0));
    store
}

#[test]
fn a_publish_removes_what_the_folder_no_longer_contains_and_keeps_ingests_data() {
    let store = published_before();
    let before = stored(&store, "records/Shop/tulips.json");
    let (code, out, err) = publish(&folder(AFTER), &store);
    assert_eq!(code, Some(0), "{err}");
    for expected in [
        "removed catalogs/Old.json\n",
        "removed fonts/sans.ttf\n",
        "removed records/Old/shoe.json\n",
        "cleared records/Shop/tulips.json of the fields of its row\n",
        "cleared records/Shop/card.json of modifier\n",
    ] {
        assert!(out.contains(expected), "{expected}: {out}");
    }
    let left = [
        "assets/Shop/tulips.tif",
        "catalogs/Shop.json",
        "publications/shop.json",
        "records/Shop/card.json",
        "records/Shop/tulips.json",
    ];
    assert_eq!(store.files(), left);
    let card = stored(&store, "records/Shop/card.json");
    assert_eq!((&card["userData"]["a"], &card["modifier"]), (&"2".into(), &().into()));
    let tulips = stored(&store, "records/Shop/tulips.json");
    assert_eq!((&tulips["modifier"], &tulips["userData"]), (&().into(), &().into()));
    assert_eq!((&tulips["original"], &tulips["width"]), (&before["original"], &before["width"]));
    let (_, again, _) = publish(&folder(AFTER), &store);
    assert!(!again.contains("removed") && !again.contains("cleared"), "{again}");
}

#[test]
fn a_dry_run_prints_what_would_be_removed_and_changes_nothing() {
    let store = published_before();
    let contents = || -> Vec<Vec<u8>> {
        store.files().iter().map(|name| fs::read(store.0.path().join(name)).unwrap()).collect()
    };
    let before = contents();
    let (code, out, err) = publish_as(&folder(AFTER), &store, &["--name", "shop", "--dry-run"]);
    assert_eq!(code, Some(0), "{err}");
    for expected in [
        "would remove catalogs/Old.json",
        "would clear records/Shop/tulips.json",
        "would clear records/Shop/card.json of modifier",
    ] {
        assert!(out.contains(expected), "{expected}: {out}");
    }
    assert_eq!(contents(), before);
    let nowhere = Store::new();
    let to = nowhere.0.path().join("none");
    let name = format!("dir:{}", to.display());
    let done = azulejo(&["publish", "presets", "--to", &name, "--dry-run"]);
    assert!(done.status.success() && !to.exists(), "{}", text(&done.stderr));
}

#[test]
fn fields_edited_since_and_objects_of_other_folders_stay() {
    let store = published_before();
    let path = store.0.path().join("records/Shop/tulips.json");
    let mut record = stored(&store, "records/Shop/tulips.json");
    record["modifier"] = "qlt=50".into();
    fs::write(&path, record.to_string()).unwrap();
    let moved: &[(&str, &[u8])] = &[BEFORE[1], BEFORE[3]];
    assert_eq!(publish_as(&folder(moved), &store, &["--name", "old"]).0, Some(0));
    let (code, out, err) = publish(&folder(AFTER), &store);
    assert_eq!((code, out.contains("Old")), (Some(0), false), "{out}{err}");
    assert!(store.files().contains(&"records/Old/shoe.json".to_owned()));
    let tulips = stored(&store, "records/Shop/tulips.json");
    assert_eq!((&tulips["modifier"], &tulips["userData"]), (&"qlt=50".into(), &().into()));
}

/// A file size limit has the effect of a full disk: writing fails in the middle of a file.
#[cfg(unix)]
#[test]
fn a_full_disk_is_an_error_and_another_publish_completes_the_work() {
    let (store, font) = (Store::new(), FONT);
    let files: &[(&str, &[u8])] = &[
        ("shop.ini", b"RootId=Shop\nFontMapFile=fonts.txt"),
        ("fonts.txt", FONTS),
        ("sans.ttf", font),
    ];
    let folder = folder(files);
    let (from, to) = (folder.path().to_str().unwrap(), store.name());
    let done = std::process::Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"",
            env!("CARGO_BIN_EXE_azulejo"),
        ])
        .args(["publish", from, "--to", &to, "--name", "shop"])
        .output()
        .unwrap();
    let stderr = text(&done.stderr);
    assert_eq!((done.status.code(), stderr.lines().count()), (Some(1), 1), "{stderr}");
    assert!(stderr.starts_with("azulejo: fonts/sans.ttf: File too large"), "{stderr}");
    assert_eq!(store.files(), ["publications/shop.json"]);
    assert_eq!(publish(&folder, &store).0, Some(0));
    assert_eq!(fs::read(store.0.path().join("fonts/sans.ttf")).unwrap(), font);
}

#[test]
fn a_folder_with_the_same_name_but_other_catalogs_removes_nothing() {
    let store = Store::new();
    let at = |ini: &[u8]| folder(&[("presets/shop.ini", ini)]);
    let publish = |folder: &tempfile::TempDir, options: &[&str]| {
        let (from, to) = (folder.path().join("presets"), store.name());
        let args = ["publish", from.to_str().unwrap(), "--to", &to];
        azulejo(&[&args, options].concat())
    };
    assert!(publish(&at(b"RootId=One"), &[]).status.success());
    let other = at(b"RootId=Two");
    let refused = publish(&other, &[]);
    let stderr = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr.contains("presets published the catalogs One before"), "{stderr}");
    assert_eq!(store.files(), ["catalogs/One.json", "publications/presets.json"]);
    assert!(publish(&other, &["--name", "presets"]).status.success());
    assert_eq!(store.files(), ["catalogs/Two.json", "publications/presets.json"]);
}

#[test]
fn errors_have_file_and_line_and_nothing_is_stored() {
    for (name, bytes, expected) in [
        (
            "default.ini",
            &b"\nMaxPix=big"[..],
            "error: default.ini:2: MaxPix=big: expected a number",
        ),
        (
            "default.ini",
            b"MacroFile=none.txt",
            "error: default.ini: MacroFile=none.txt: no such file",
        ),
        ("default.ini", b"RootId=Shop", "error: default.ini: RootId=Shop: must be empty"),
        ("shop.ini", b"MaxPix=1,1", "error: shop.ini: RootId is missing"),
        ("shop.ini", b"RootId=default", "error: shop.ini: RootId=default: expected a name"),
        ("default.ini", b"DigimarcId=mark", "error: default.ini:1: DigimarcId=mark: Digimarc"),
        ("m.txt", b"a wid=1\nb wid=x", "error: m.txt:2: wid=x: expected a number"),
        ("m.txt", b"a $b$\nb wid=1", "error: m.txt:1: $b$: no such macro"),
        ("m.txt", b"\xef\xbb\xbfa\tid=\xff", "error: m.txt: the byte order mark says UTF-8"),
        ("d.txt", b"Id\tExpiration\na\t1\nb\t-7", "error: d.txt:3: Expiration=-7: expected hours"),
        ("d.txt", b"Id\tId\na\tb", "error: d.txt:1: \"Id\" in the header"),
        ("d.txt", b"Id\n\"open", "error: d.txt:2: a quotation mark is not closed"),
        ("d.txt", b"Id\na\tb", "error: d.txt:2: 2 fields, the header has 1"),
        ("d.txt", b"Id\n../x", "error: d.txt:2: Id=../x: \"..\" cannot stand"),
        ("d.txt", b"Id\n100%", "error: d.txt:2: Id=100%: % cannot stand in an id"),
        (
            "r.xml",
            b"<ruleset>\n<rule><expression>(</expression></rule></ruleset>",
            "error: r.xml:2: ",
        ),
        ("r.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><ruleset/>", "error: r.xml:1: "),
    ] {
        let ini: &[u8] = match name {
            "m.txt" => b"MacroFile=m.txt",
            "d.txt" => b"CatalogFile=d.txt",
            "r.xml" => b"RuleSetFile=r.xml",
            _ => b"",
        };
        let mut files: Vec<(&str, &[u8])> = vec![(name, bytes)];
        if !ini.is_empty() {
            files.push(("default.ini", ini));
        }
        let store = Store::new();
        let (code, _, err) = publish(&folder(&files), &store);
        assert_eq!(code, Some(1), "{expected}\n{err}");
        assert!(err.contains(expected), "{expected}\n{err}");
        assert!(store.files().is_empty());
    }
}

#[test]
fn attributes_without_effect_give_notes_and_no_error() {
    let ini = "Colour=red\nCacheValidationPolicy=1\nMacroFile=m.txt\nCatalogFile=d.txt\n";
    let files: &[(&str, &[u8])] = &[
        ("default.ini", ini.as_bytes()),
        ("m.txt", b"a wid=1\n"),
        ("d.txt", "Id\tColour\tModifier\na\tgrün\tfancy=1&fmt=swf".as_bytes()),
    ];
    let store = Store::new();
    let (code, _, err) = publish(&folder(files), &store);
    assert_eq!(code, Some(0), "{err}");
    for expected in [
        "warning: default.ini:1: Colour: no such attribute; it is left out",
        "note: default.ini:2: CacheValidationPolicy: ",
        "warning: d.txt: looks like UTF-8",
        "warning: d.txt:1: Colour: no such column; it is ignored",
        "warning: d.txt:2: fancy=: no such command; it is ignored",
        "warning: d.txt:2: fmt=swf: not supported",
    ] {
        assert!(err.contains(expected), "{expected}\n{err}");
    }
}

#[test]
fn the_manifest_of_aem_is_the_default_catalog() {
    let store = Store::new();
    let manifest =
        br#"{"jcr:primaryType":"nt:unstructured","bkgcolor":"00FF00","expiration":7200000}"#;
    let (code, _, err) = publish(&folder(&[("manifest.json", manifest)]), &store);
    assert_eq!(code, Some(0), "{err}");
    let catalog = stored(&store, "catalogs/default.json");
    assert_eq!(
        (&catalog["attributes"]["BkgColor"], &catalog["attributes"]["Expiration"]),
        (&"00FF00".into(), &"2".into())
    );
}

#[test]
fn the_shipped_catalog_can_be_published() {
    let store = Store::new();
    let done = azulejo(&["publish", "presets", "--to", &store.name()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stderr).is_empty(), "{}", text(&done.stderr));
}

#[test]
fn a_signed_url_has_the_signature_after_its_modifiers() {
    let key = tempfile::NamedTempFile::new().unwrap();
    fs::write(key.path(), "0123456789abcdef0123456789abcdef\n").unwrap();
    let file = key.path().to_str().unwrap();
    let done = azulejo(&["sign", "Shop/red shoe?wid=300", "--key-file", file, "--expires", "1h"]);
    let url = text(&done.stdout);
    assert!(url.starts_with("/is/image/Shop/red%20shoe?wid=300&expires="), "{url}");
    assert_eq!(url.trim().rsplit_once("&sig=").unwrap().1.len(), 43);
    fs::write(key.path(), "short").unwrap();
    let done = azulejo(&["sign", "Shop/shoe", "--key-file", file]);
    assert!(text(&done.stderr).contains("a signing key has at least 32 characters"));
}

/// r-id-static: "static content items and image/SVG items may thus have the same Id values".
#[test]
fn static_content_has_a_table_of_its_own() {
    let store = Store::new();
    let catalog = b"RootId=Shop\nCatalogFile=images.txt\nStaticContentCatalogFile=static.txt\n";
    let files = |rows: &'static [u8]| {
        let images: &[u8] = b"Id\tModifier\tExpiration\nred\tqlt=60\t5\n";
        folder(&[("shop.ini", catalog.as_slice()), ("images.txt", images), ("static.txt", rows)])
    };
    let rows = b"Id\tPath\tExpiration\tUserType\tUserData\nred\tguides/red.pdf\t-1\tmanual\ta=1\n";
    let (code, out, err) = publish(&files(rows), &store);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("2 records"), "{out}");
    let record = stored(&store, "records/Shop/red.json");
    assert_eq!((&record["modifier"], &record["expiration"]), (&"qlt=60".into(), &(5.0).into()));
    let content = &record["content"];
    assert_eq!((&content["userType"], &content["expiration"]), (&"manual".into(), &(-1.0).into()));
    let key = store.0.path().join("content/Shop/guides/red.pdf");
    fs::create_dir_all(key.parent().unwrap()).unwrap();
    fs::write(key, b"%PDF-").unwrap();
    let request = "is/content/Shop/red?type=manual";
    let sent = azulejo(&["render", request, "--from", &store.name(), "--headers"]);
    assert_eq!(sent.stdout, b"%PDF-", "{}", text(&sent.stderr));
    let headers = text(&sent.stderr);
    assert!(headers.contains("content-type: application/pdf"), "{headers}");
    assert!(headers.contains("immutable"), "{headers}");

    // What the rows say no more is taken back, and nothing of the image's.
    let (code, _, err) = publish(&files(b"Id\tPath\nred\tguides/red.pdf\n"), &store);
    assert_eq!(code, Some(0), "{err}");
    let record = stored(&store, "records/Shop/red.json");
    assert_eq!(record["content"], json!({"path": "guides/red.pdf"}));
    let (code, _, err) = publish(&files(b"Id\tPath\nother\tb.pdf\n"), &store);
    assert_eq!(code, Some(0), "{err}");
    let record = stored(&store, "records/Shop/red.json");
    assert_eq!(record, json!({"modifier": "qlt=60", "expiration": 5.0}));

    let (_, _, err) = publish(&files(b"Id\tModifier\nred\twid=9\n"), &store);
    assert!(
        err.contains("warning: static.txt:1: Modifier: no such column; it is ignored"),
        "{err}"
    );
}

/// r-id-svg: "The SVG record is discarded if the image table contains a record with the same ID".
#[test]
fn rows_of_svg_become_records_unless_an_image_has_the_id() {
    let store = Store::new();
    let catalog = b"RootId=Shop\nCatalogFile=images.txt\nSvgCatalogFile=svg.txt\n";
    let rows = b"Id\tPath\tExpiration\nlogo\tbrand/logo.svg\t3\nred\tred.svg\t1\n";
    let images = b"Id\tPath\nred\tred.tif\n";
    let files = folder(&[("shop.ini", &catalog[..]), ("images.txt", images), ("svg.txt", rows)]);
    let (code, _, err) = publish(&files, &store);
    assert_eq!(code, Some(0), "{err}");
    assert!(err.contains("svg.txt:3: Id=red: an image of the catalog has it, too"), "{err}");
    assert_eq!(stored(&store, "records/Shop/red.json"), json!({"path": "red.tif"}));
    let logo = json!({"svg": true, "path": "brand/logo.svg", "expiration": 3.0});
    assert_eq!(stored(&store, "records/Shop/logo.json"), logo);
    let key = store.0.path().join("svg/Shop/brand/logo.svg");
    fs::create_dir_all(key.parent().unwrap()).unwrap();
    let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" width="9" height="5"/>"#;
    fs::write(key, svg).unwrap();
    let sent = azulejo(&["render", "is/content/Shop/logo", "--from", &store.name(), "--headers"]);
    assert_eq!(sent.stdout, svg, "{}", text(&sent.stderr));
    assert!(text(&sent.stderr).contains("max-age=10800"), "{}", text(&sent.stderr));
    let drawn = azulejo(&["render", "Shop/logo?req=imageprops", "--from", &store.name()]);
    assert!(text(&drawn.stdout).contains("image.height=5\r\n"), "{}", text(&drawn.stderr));
}

fn put_pyramid(store: &Store, key: &str) {
    let path = store.0.path().join(key);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::copy(support::root().join("tests/fixtures/tulips.tif"), path).unwrap();
}

#[test]
fn a_path_without_a_pyramid_gives_a_warning() {
    let store = Store::new();
    for key in ["assets/Shop/red.tif", "assets/Shop/new/there.tif"] {
        put_pyramid(&store, key);
    }
    let shop = folder(&[
        ("shop.ini", b"RootId=Shop\nCatalogFile=c.txt\n"),
        ("c.txt", b"Id\tPath\nred\tnew/red.tif\nblue\tnew/blue.tif\ngood\tnew/there.tif\ncard\t\n"),
    ]);
    for options in [&["--name", "shop", "--dry-run"][..], &["--name", "shop"]] {
        let (code, _, err) = publish_as(&shop, &store, options);
        assert_eq!(code, Some(0), "{err}");
        assert_eq!(
            err,
            "warning: c.txt:2: Id=red: Path=new/red.tif: no pyramid at assets/Shop/new/red.tif; the image that \
             works today will be missing: ingest it, or correct the Path\n\
             warning: c.txt:3: Id=blue: Path=new/blue.tif: no pyramid at assets/Shop/new/blue.tif: ingest it, or \
             correct the Path\n"
        );
    }
    // It is missing now, so a second publish takes nothing down.
    let (_, _, err) = publish(&shop, &store);
    assert!(!err.contains("works today"), "{err}");
    for request in ["Shop/red?wid=9", "Shop/red?req=explain"] {
        let done = azulejo(&["render", request, "--from", &store.name()]);
        let output = text(&done.stdout) + &text(&done.stderr);
        assert!(
            output.contains("its Path leads to assets/Shop/new/red.tif"),
            "{request}: {output}"
        );
    }
}

#[test]
fn with_keep_going_the_records_of_bad_rows_stay_as_they_are() {
    let store = Store::new();
    let table = |red: &str| format!("Id\tExpiration\tModifier\nred\t{red}\t\nblue\t6\t\n");
    let files = |red: &str| {
        let table = table(red).into_bytes();
        folder(&[("shop.ini", b"RootId=Shop\nCatalogFile=c.txt\n"), ("c.txt", &table)])
    };
    assert_eq!(publish(&files("5"), &store).0, Some(0));
    let red = stored(&store, "records/Shop/red.json");
    let bad = folder(&[
        ("shop.ini", b"RootId=Shop\nCatalogFile=c.txt\n"),
        ("c.txt", b"Id\tExpiration\tModifier\nred\tsoon\t\nblue\t7\t\npink\t\twid=abc\n"),
    ]);
    let (code, _, err) = publish(&bad, &store);
    assert_eq!(code, Some(1));
    assert!(err.contains("error: c.txt:2: ") && err.contains("error: c.txt:4: wid=abc"), "{err}");
    assert!(err.contains("nothing was published"), "{err}");
    assert_ne!(stored(&store, "records/Shop/blue.json")["expiration"], json!(7.0));
    let (code, out, err) = publish_as(&bad, &store, &["--name", "shop", "--keep-going"]);
    assert_eq!(code, Some(1), "{err}");
    assert!(out.contains("published") && !out.contains("removed"), "{out}");
    assert_eq!(stored(&store, "records/Shop/blue.json")["expiration"], json!(7.0));
    assert_eq!(stored(&store, "records/Shop/red.json"), red, "a working record is not taken back");
    assert!(!store.files().contains(&"records/Shop/pink.json".to_owned()));
    // It is still the folder's: the next publish that says no more of it takes it back.
    let without = folder(&[
        ("shop.ini", b"RootId=Shop\nCatalogFile=c.txt\n"),
        ("c.txt", b"Id\tExpiration\nblue\t7\n"),
    ]);
    assert!(publish(&without, &store).1.contains("removed records/Shop/red.json"));
    // What is wrong with a catalog itself still stops all.
    let broken = folder(&[("shop.ini", b"RootId=Shop\nResMode=9\n")]);
    let (code, _, err) = publish_as(&broken, &store, &["--name", "shop", "--keep-going"]);
    assert!(code == Some(1) && err.contains("nothing was published"), "{err}");
}
