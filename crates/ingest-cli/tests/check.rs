//! `azulejo check`, as it is called: logs as they come, and a shop's own presets and images.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

mod support;

use std::{fs, io::Write, path::Path};

use flate2::{Compression, write::GzEncoder};
use serde_json::Value;
use support::{Store, azulejo, corpus, text};

/// Exit code, the JSON lines, standard error.
fn checked(arguments: &[&str]) -> (Option<i32>, Vec<Value>, String) {
    let done = azulejo(&[&["check", "--json"], arguments].concat());
    let lines = text(&done.stdout);
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (done.status.code(), lines, text(&done.stderr))
}

fn errors(reports: &[Value]) -> Vec<&str> {
    reports.iter().map(|report| report["error"]["message"].as_str().unwrap_or_default()).collect()
}

const CLOUDFRONT: &str = "#Version: 1.0\n#Fields: date cs-method cs-uri-stem cs(Referer) cs-uri-query\n\
    2026-11-20\tGET\t/is/image/Shop/a\t-\t$product$&wid=400\n\
    2026-11-20\tGET\t/is/image/Shop/a\t-\twid=abc\n";

fn packed(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn a_packed_log_of_several_members_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    // Whatever it is called.
    for name in ["a.log.gz", "a.log"] {
        let log = folder.path().join(name);
        let more = "2026-11-20\tGET\t/is/image/Shop/b\t-\t-\n";
        fs::write(&log, [packed(CLOUDFRONT), packed(more)].concat()).unwrap();
        let (code, reports, told) = checked(&[log.to_str().unwrap()]);
        assert_eq!(code, Some(1));
        assert_eq!(errors(&reports), ["", "wid=abc: expected a number", ""]);
        assert_eq!(reports[1]["line"], 4);
        assert_eq!(reports[1]["url"], "/is/image/Shop/a?wid=abc");
        assert!(told.contains("3 URLs checked: 2 ok, 1 not"), "{told}");
    }
}

#[test]
fn the_logs_of_the_corpus_are_read() {
    let Some(corpus) = corpus() else { return };
    let log = |name: &str| corpus.join("wild").join(name).to_str().unwrap().to_owned();
    let (_, reports, _) = checked(&[&log("access-cloudfront.log")]);
    assert_eq!(errors(&reports), ["", "wid=abc: expected a number"]);
    assert_eq!(reports[0]["commands"][0]["name"], "$product$");
    let (_, reports, _) = checked(&[&log("access-akamai.jsonl")]);
    assert_eq!(errors(&reports), ["wid=abc: expected a number"; 2]);
}

#[test]
fn a_file_that_is_not_there_is_no_url() {
    for name in ["nosuch.log", "logs/nosuch.log", "/tmp/nosuch/x"] {
        let done = azulejo(&["check", name]);
        assert_eq!(done.status.code(), Some(2), "{name}");
        let told = text(&done.stderr);
        assert!(told.contains(&format!("{name}: no such file")), "{told}");
        assert!(done.stdout.is_empty());
    }
}

#[test]
fn other_services_are_counted_apart() {
    let (code, reports, told) = checked(&[
        "/is/image/Shop/a?wid=3",
        "https://h/s7viewers/html5/js/Zoom.js",
        "/ir/render/a?b=c",
    ]);
    assert_eq!(code, Some(1));
    assert_eq!(
        (&reports[1]["service"], &reports[2]["service"]),
        (&"Viewers".into(), &"Image Rendering".into())
    );
    assert!(told.contains("1 URLs checked: 1 ok, 0 not\n2 URLs of other services"), "{told}");
}

fn shop(folder: &Path) {
    for (name, file) in [
        (
            "shop.ini",
            "RootId=Shop\nMacroFile=m.txt\nCatalogFile=c.txt\nRuleSetFile=r.xml\nDefaultImage=there\n",
        ),
        ("m.txt", "large\twid=900\nbad\twid=9&rotate=30\n"),
        ("c.txt", "Id\tPath\nred\tthere.tif\nblue\tgone.tif\n"),
        (
            "r.xml",
            "<?xml version=\"1.0\"?>\n<ruleset><rule OnMatch=\"break\"><expression>^Shop/old/</expression>\
             <substitution>Shop/</substitution></rule></ruleset>",
        ),
    ] {
        fs::write(folder.join(name), file).unwrap();
    }
}

#[test]
fn the_shops_own_presets_rules_and_images_count() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    shop(folder.path());
    let assets = store.0.path().join("assets/Shop");
    fs::create_dir_all(&assets).unwrap();
    fs::copy(support::root().join("tests/fixtures/tulips.tif"), assets.join("there.tif")).unwrap();
    let urls = [
        "/is/image/Shop/there?$large$",
        "/is/image/Shop/red?$large$",
        "/is/image/Shop/old/there?$large$",
        "/is/image/Shop/blue?$large$",
        "/is/image/Shop/nosuch?$large$",
        "/is/image/Shop/there?$bad$",
        "/is/image/Shop/there?$nosuch$",
    ];
    let list = folder.path().join("urls.txt");
    fs::write(&list, urls.join("\n")).unwrap();
    let (list, catalog) = (list.to_str().unwrap(), folder.path().to_str().unwrap());
    let store_name = store.name();
    let shop = ["--catalog", catalog, "--from", &store_name];
    let (_, reports, told) =
        checked(&[&["https://example.com/about", "/is/image/%2F..%2Fa/b"], &shop[..]].concat());
    assert!(errors(&reports)[0].starts_with("no Image Serving URL"), "{told}");
    let (code, reports, told) = checked(&[&[list], &shop[..]].concat());
    assert_eq!(code, Some(1));
    let missing: Vec<bool> =
        reports.iter().map(|report| report["missing"].as_bool().unwrap()).collect();
    assert_eq!(missing, [false, false, false, true, true, false, false], "{reports:?}");
    let errors = errors(&reports);
    assert_eq!(errors[..3], ["", "", ""]);
    assert_eq!(errors[3], "Shop/blue: no such image (its Path leads to assets/Shop/gone.tif)");
    assert_eq!(errors[4], "Shop/nosuch: no such image (assets/Shop/nosuch.tif)");
    assert!(errors[5].starts_with("rotate=30"), "{errors:?}");
    assert!(errors[6].contains("nosuch"), "{errors:?}");
    assert!(told.contains("2 URLs name images that are not in the store"), "{told}");

    let csv = folder.path().join("shapes.csv");
    let summary = ["--summary", "--csv", csv.to_str().unwrap()];
    let done = azulejo(&[&["check", list], &shop[..], &summary].concat());
    let told = text(&done.stdout);
    let first = told.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(first, ["5", "71.4%", "2", "2", "/is/image/Shop/…?$large$"], "{told}");
    let csv = fs::read_to_string(csv).unwrap();
    assert!(csv.starts_with("shape,hits,share,ok,not_ok,missing,example,error\r\n"), "{csv}");
    assert!(
        csv.contains("\"/is/image/Shop/…?$large$\",5,0.714286,3,2,2,\"/is/image/Shop/blue"),
        "{csv}"
    );
}
