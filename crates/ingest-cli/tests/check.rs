//! The command `azulejo check`, with logs, and with a shop's own presets and images.

use crate::support;

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

fn gzipped(text: &str) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    packer.write_all(text.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn a_gzip_log_of_several_members_is_read_to_its_end() {
    let folder = tempfile::tempdir().unwrap();
    // Whatever it is called.
    for name in ["a.log.gz", "a.log"] {
        let log = folder.path().join(name);
        let more = "2026-11-20\tGET\t/is/image/Shop/b\t-\t-\n";
        fs::write(&log, [gzipped(CLOUDFRONT), gzipped(more)].concat()).unwrap();
        let (code, reports, stderr) = checked(&[log.to_str().unwrap()]);
        assert_eq!(code, Some(1));
        assert_eq!(errors(&reports), ["", "wid=abc: expected a number", ""]);
        assert_eq!(reports[1]["line"], 4);
        assert_eq!(reports[1]["url"], "/is/image/Shop/a?wid=abc");
        assert!(stderr.contains("3 URLs checked: 2 ok, 1 not"), "{stderr}");
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
fn a_missing_file_is_not_taken_for_a_url() {
    for name in ["nosuch.log", "logs/nosuch.log", "/tmp/nosuch/x"] {
        let done = azulejo(&["check", name]);
        assert_eq!(done.status.code(), Some(2), "{name}");
        let stderr = text(&done.stderr);
        assert!(stderr.contains(&format!("{name}: no such file")), "{stderr}");
        assert!(done.stdout.is_empty());
    }
}

#[test]
fn other_services_are_counted_separately() {
    let (code, reports, stderr) = checked(&[
        "/is/image/Shop/a?wid=3",
        "https://h/s7viewers/html5/js/Zoom.js",
        "/ir/render/a?b=c",
    ]);
    assert_eq!(code, Some(1));
    assert_eq!(
        (&reports[1]["service"], &reports[2]["service"]),
        (&"Viewers".into(), &"Image Rendering".into())
    );
    assert!(stderr.contains("1 URL checked: 1 ok, 0 not\n2 URLs of other services"), "{stderr}");
}

fn shop(folder: &Path) {
    for (name, file) in [
        (
            "shop.ini",
            "RootId=Shop\nMacroFile=m.txt\nCatalogFile=c.txt\nRuleSetFile=r.xml\nDefaultImage=there\n",
        ),
        ("m.txt", "large\twid=900\nbad\twid=9&fmt=heic\n"),
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
fn the_shops_own_presets_rules_and_images_are_used() {
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
    let (_, reports, stderr) =
        checked(&[&["https://example.com/about", "/is/image/%2F..%2Fa/b"], &shop[..]].concat());
    assert!(errors(&reports)[0].starts_with("no Image Serving URL"), "{stderr}");
    let (code, reports, stderr) = checked(&[&[list], &shop[..]].concat());
    assert_eq!(code, Some(1));
    let missing: Vec<bool> =
        reports.iter().map(|report| report["missing"].as_bool().unwrap()).collect();
    assert_eq!(missing, [false, false, false, true, true, false, false], "{reports:?}");
    let errors = errors(&reports);
    assert_eq!(errors[..3], ["", "", ""]);
    assert_eq!(errors[3], "Shop/blue: no such image (its Path leads to assets/Shop/gone.tif)");
    assert_eq!(errors[4], "Shop/nosuch: no such image (assets/Shop/nosuch.tif)");
    assert!(errors[5].starts_with("fmt=heic"), "{errors:?}");
    assert!(errors[6].contains("nosuch"), "{errors:?}");
    assert!(stderr.contains("2 URLs name images that are not in the store"), "{stderr}");

    let csv = folder.path().join("shapes.csv");
    let summary = ["--summary", "--csv", csv.to_str().unwrap()];
    let done = azulejo(&[&["check", list], &shop[..], &summary].concat());
    let stderr = text(&done.stdout);
    let first = stderr.lines().nth(1).unwrap().split_whitespace().collect::<Vec<_>>();
    assert_eq!(first, ["5", "71.4%", "2", "2", "/is/image/Shop/…?$large$"], "{stderr}");
    let csv = fs::read_to_string(csv).unwrap();
    assert!(csv.starts_with("shape,hits,share,ok,not_ok,missing,example,error\r\n"), "{csv}");
    assert!(
        csv.contains("\"/is/image/Shop/…?$large$\",5,0.714286,3,2,2,\"/is/image/Shop/blue"),
        "{csv}"
    );
}

/// Writes a file of a folder, and gives its path.
fn file(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn logs_are_read_in_every_unicode() {
    let folder = tempfile::tempdir().unwrap();
    let text = "GET /is/image/Shop/schuh-größe?wid=abc HTTP/1.1\r\n";
    let marked = format!("\u{feff}{text}");
    let little: Vec<u8> = marked.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = marked.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (name, bytes) in
        [("utf-16le.log", little), ("utf-16be.log", big), ("utf-8.log", marked.into_bytes())]
    {
        let (_, reports, stderr) = checked(&[&file(folder.path(), name, bytes)]);
        assert_eq!(errors(&reports), ["wid=abc: expected a number"], "{name}: {stderr}");
        assert_eq!(reports[0]["url"], "/is/image/Shop/schuh-größe?wid=abc", "{name}");
    }
    // Any other encoding is read as far as it is ASCII.
    let latin = b"GET /is/image/Shop/gr\xf6\xdfe?wid=abc HTTP/1.1\n";
    let (_, reports, _) = checked(&[&file(folder.path(), "latin.log", latin)]);
    assert_eq!(errors(&reports), ["wid=abc: expected a number"]);
}

#[test]
fn a_file_that_cannot_be_read_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let good = file(folder.path(), "good.log", CLOUDFRONT);
    let zipped = file(folder.path(), "a.zip", b"PK\x03\x04....");
    // gzip that ends early: what is there is read.
    let whole = gzipped(&CLOUDFRONT.repeat(2_000));
    let cut = file(folder.path(), "cut.log.gz", &whole[..whole.len() / 2]);
    let (code, reports, stderr) = checked(&[&zipped, &cut, &good]);
    assert_eq!(code, Some(1));
    assert!(
        stderr
            .contains(&format!("azulejo: {zipped}: a ZIP archive, which is unsupported: unzip -p")),
        "{stderr}"
    );
    assert!(stderr.contains(&format!("azulejo: {cut}: after line ")), "{stderr}");
    assert!(stderr.contains("2 files could not be read to the end"), "{stderr}");
    assert!(stderr.contains("URLs checked: "), "{stderr}");
    let of_good = reports.iter().filter(|report| report["file"] == good.as_str()).count();
    assert_eq!(of_good, 2);
    // All URLs of the others are right: the code is that of a failure all the same.
    let right = file(folder.path(), "right.log", "GET /is/image/Shop/a?wid=3 HTTP/1.1\n");
    let (code, _, stderr) = checked(&[&zipped, &right]);
    assert_eq!(code, Some(1), "{stderr}");
    assert!(stderr.contains("1 URL checked: 1 ok, 0 not"), "{stderr}");
    // A wrong name gives the exit code of a wrong command line, and the rest is checked.
    let (code, reports, stderr) = checked(&["nosuch.log", &right]);
    assert_eq!((code, reports.len()), (Some(2), 1), "{stderr}");
    assert!(stderr.contains("azulejo: nosuch.log: no such file, and no URL"), "{stderr}");
    assert!(stderr.contains("1 URL checked: 1 ok, 0 not"), "{stderr}");
}

#[test]
fn a_missing_catalog_or_store_is_an_error_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let list = file(folder.path(), "urls.txt", "/is/image/Shop/a\n");
    for arguments in [
        ["--catalog", "nosuch-folder"],
        ["--catalog", list.as_str()],
        ["--from", "dir:nosuch-folder"],
    ] {
        let (code, reports, stderr) = checked(&[&[list.as_str()], &arguments[..]].concat());
        assert_eq!((code, reports.len()), (Some(2), 0), "{stderr}");
        assert!(
            stderr.contains(&format!("{} {}: no such folder", arguments[0], arguments[1])),
            "{stderr}"
        );
    }
}

#[test]
fn warnings_of_a_log_are_printed_once() {
    let folder = tempfile::tempdir().unwrap();
    let log = "#Fields: date cs-method cs-uri-stem\n".to_owned()
        + &"2026-11-20\tGET\t/is/image/Shop/a\n".repeat(3);
    let log = file(folder.path(), "no-query.log", log);
    let none = file(folder.path(), "other.log", "GET /about HTTP/1.1\nGET / HTTP/1.1\n");
    let (code, _, stderr) = checked(&[&log, &none]);
    assert_eq!(code, Some(0));
    assert_eq!(stderr.matches(&format!("{log}: no field holds the query")).count(), 1, "{stderr}");
    assert!(stderr.contains(&format!("{none}: no Image Serving URL in 2 lines")), "{stderr}");
    assert!(stderr.contains("\n3 lines without an Image Serving URL"), "{stderr}");
}

/// Checks URLs with the catalogs of a folder and a store. Returns for each whether it is ok, whether its
/// image is missing, whether it is unpublished, and the error.
fn judged(folder: &Path, store: &Store, urls: &[&str]) -> Vec<(bool, bool, bool, String)> {
    let name = store.name();
    let shop = ["--catalog", folder.to_str().unwrap(), "--from", &name];
    let (_, reports, stderr) = checked(&[urls, &shop[..]].concat());
    assert_eq!(reports.len(), urls.len(), "{stderr}");
    let is = |report: &Value, name: &str| report[name].as_bool().unwrap_or(false);
    let all = reports.iter().map(|report| {
        let why = report["error"]["message"].as_str().unwrap_or_default();
        (is(report, "ok"), is(report, "missing"), is(report, "unpublished"), why.to_owned())
    });
    all.collect()
}

fn put(store: &Store, key: &str, bytes: impl AsRef<[u8]>) {
    file(store.0.path(), key, bytes);
}

fn tulips() -> Vec<u8> {
    fs::read(support::root().join("tests/fixtures/tulips.tif")).unwrap()
}

#[test]
fn urls_are_checked_as_after_a_publish() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    let folder = folder.path().join("shop");
    fs::create_dir(&folder).unwrap();
    shop(&folder);
    put(&store, "assets/Shop/there.tif", tulips());
    let ini = "RootId=Other\nMacroFile=o.txt\n";
    file(&folder, "other.ini", ini);
    file(&folder, "o.txt", "ours\twid=9\n");
    let name = store.name();
    let publish = || {
        let done = azulejo(&["publish", folder.to_str().unwrap(), "--to", &name]);
        assert!(done.status.success(), "{}", text(&done.stderr));
    };
    publish();
    // The folder drops a row, a catalog; a row moves.
    fs::remove_file(folder.join("other.ini")).unwrap();
    fs::remove_file(folder.join("o.txt")).unwrap();
    file(&folder, "c.txt", "Id\tPath\nblue\tthere.tif\n");
    let urls =
        ["/is/image/Shop/red", "/is/image/Shop/blue", "/is/image/Other/a?req=validate&$ours$"];
    let before = judged(&folder, &store, &urls);
    assert!(
        before[0].1 && before[0].3 == "Shop/red: no such image (assets/Shop/red.tif)",
        "{before:?}"
    );
    assert_eq!(before[1], (true, false, false, String::new()));
    assert!(before[2].3.starts_with("$ours$: no such macro"), "{before:?}");
    // Nothing was changed, and the publish leaves just that.
    assert!(store.0.path().join("records/Shop/red.json").exists());
    publish();
    assert!(!store.0.path().join("records/Shop/red.json").exists());
    assert_eq!(judged(&folder, &store, &urls), before);
    // A damaged record is the fault of the URLs that need it.
    put(&store, "records/Shop/blue.json", "{");
    let damaged = judged(&folder, &store, &urls[..2]);
    assert!(damaged[1].3.contains("records/Shop/blue.json"), "{damaged:?}");
    assert_eq!(damaged[0], before[0]);
    // Of a store alone, no default image stands in for a missing one.
    let (_, reports, _) =
        checked(&["/is/image/Shop/red", "/is/image/Shop/red?defaultImage=there", "--from", &name]);
    assert!(reports.iter().all(|report| report["missing"] == true), "{reports:?}");
}

#[test]
fn the_error_explains_why_an_image_is_not_shown() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    let folder = folder.path().join("shop");
    fs::create_dir(&folder).unwrap();
    shop(&folder);
    file(&folder, "c.txt", "Id\tPath\nred\tthere.tif\ndrawing\tlogo.svg\n");
    put(&store, "assets/Shop/there.tif", tulips());
    put(&store, "assets/Shop/hidden.tif", tulips());
    put(&store, "records/Shop/hidden.json", r#"{"published": false}"#);
    put(&store, "svg/Shop/logo.svg", "<svg/>");
    put(&store, "records/Shop/logo.json", r#"{"svg": true}"#);
    put(&store, "content/Shop/guide.pdf", "%PDF");
    put(&store, "content/Shop/guides/red.pdf", "%PDF");
    put(&store, "records/Shop/manual.json", r#"{"content": {"path": "guides/red.pdf"}}"#);
    let urls = [
        "/is/image/Shop/hidden?wid=3",
        "/is/image/Shop/logo?wid=3",
        "/is/image/Shop/drawing?wid=3",
        "/is/image/Shop/guide.pdf?wid=3",
        "/is/content/Shop/logo",
        "/is/image/Shop/nosuch?req=exists",
        "/is/content/Shop/nosuch?req=exists",
        "/is/image/Shop/nosuch?wid=3",
        "/is/image/Shop/manual?wid=3",
        "/is/image/Shop/manual?src=Shop/nosuch",
        "/is/image/Shop/red?template=Shop/hidden",
        "/is/image/Shop/manual?template=Shop/nosuch",
    ];
    let judged = judged(&folder, &store, &urls);
    let of = |place: usize| (judged[place].0, judged[place].1, judged[place].2);
    assert_eq!(of(0), (false, false, true), "{judged:?}");
    assert_eq!(judged[0].3, "Shop/hidden: it is in the store, and not published");
    // The second by a `Path`.
    assert_eq!((of(1), of(2)), ((true, false, false), (true, false, false)), "{judged:?}");
    assert_eq!(of(8), (false, false, false), "{judged:?}");
    assert!(judged[8].3.ends_with("ask for /is/content/Shop/manual"), "{judged:?}");
    assert_eq!((of(9).1, of(11).1), (true, true), "{judged:?}");
    assert!(of(10).2 && judged[10].3.starts_with("template=Shop/hidden: it is in"), "{judged:?}");
    assert_eq!(of(3), (false, false, false), "{judged:?}");
    assert!(judged[3].3.ends_with("ask for /is/content/Shop/guide.pdf"), "{judged:?}");
    assert_eq!(of(4), (true, false, false), "{judged:?}");
    assert_eq!((of(5), of(6)), ((true, true, false), (true, true, false)), "{judged:?}");
    assert_eq!(of(7), (false, true, false), "{judged:?}");
    // A missing preset is reported once, at its column.
    let done = azulejo(&[
        "check",
        "/is/image/Shop/red?wid=3&$nosuch$",
        "--catalog",
        folder.to_str().unwrap(),
    ]);
    let stderr = text(&done.stdout);
    assert_eq!(stderr.matches("$nosuch$:").count(), 1, "{stderr}");
    assert!(stderr.contains("     column 26: $nosuch$: no such macro; there are: "), "{stderr}");
    let done = azulejo(&["check", "/is/image/Shop/nosuch", "--from", &store.name()]);
    assert!(
        text(&done.stdout).contains("\n     Shop/nosuch: no such image"),
        "{}",
        text(&done.stdout)
    );
    assert!(text(&done.stderr).contains("1 URL names an image that is not in the store"));
}
