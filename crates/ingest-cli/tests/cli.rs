//! The command line from files to objects and pictures.

use crate::support;

use std::{fs, path::Path, process::Command};

use azulejo::{
    pyramid,
    store::{FetchBuffer, MemoryStore, fulfil},
};
use support::{Store, azulejo, corpus, programs::installed, root, text};

fn dimensions(image: &Path) -> (u32, u32) {
    image::image_dimensions(image).unwrap()
}

#[test]
fn an_ingested_image_can_be_rendered() {
    let store = Store::new();
    let done = azulejo(&["ingest", "samples/tulips.png", "--to", &store.name(), "--root", "Shop"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(store.files(), ["assets/Shop/tulips.tif", "records/Shop/tulips.json"]);
    let picture = store.0.path().join("out.png");
    let request = "Shop/tulips?wid=123&fmt=png-alpha";
    let output = picture.to_str().unwrap();
    let done = azulejo(&["render", request, "--from", &store.name(), "-o", output, "--headers"]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("content-type: image/png"));
    assert_eq!(dimensions(&picture), (123, 123));
}

#[test]
fn an_error_reply_is_printed_and_fails() {
    let store = Store::new();
    let done = azulejo(&["render", "Shop/nothing?wid=9", "--from", &store.name(), "-o", "x.jpg"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("Shop/nothing: no such image"));
}

#[test]
fn a_wrong_command_line_is_a_usage_error() {
    for arguments in [
        &["ingest"][..],
        &["ingest", "a.jpg", "--to", "ftp://x"],
        &["ingest", "a.jpg", "--to", "local", "--tile", "100"],
    ] {
        assert_eq!(azulejo(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_dry_run_stores_nothing() {
    let store = Store::new();
    let done = azulejo(&["ingest", "samples", "--to", &store.name(), "--dry-run"]);
    assert!(done.status.success());
    assert!(text(&done.stderr).contains("would become assets/Samples/pier.tif"));
    assert!(store.files().is_empty());
}

#[test]
fn all_orientations_come_out_upright() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    let folder = corpus.join("orientation");
    let names: Vec<String> =
        (1..=8).map(|n| folder.join(format!("Landscape_{n}.jpg")).display().to_string()).collect();
    let mut arguments = vec!["ingest"];
    let name = store.name();
    arguments.extend(names.iter().map(String::as_str));
    arguments.extend(["--to", &name]);
    let done = azulejo(&arguments);
    assert!(done.status.success(), "{}", text(&done.stderr));
    for n in 1..=8 {
        let picture = store.0.path().join(format!("{n}.png"));
        let request = format!("Samples/Landscape_{n}?wid=60&fmt=png");
        let output = picture.to_str().unwrap();
        let done = azulejo(&["render", &request, "--from", &name, "-o", output]);
        assert!(done.status.success(), "{}", text(&done.stderr));
        assert_eq!(dimensions(&picture), (60, 45), "orientation {n}");
    }
    // The pictures are the same but for the number drawn in the middle: compare the sky.
    let corner = |n: u32| {
        let picture = image::open(store.0.path().join(format!("{n}.png"))).unwrap().into_rgb8();
        picture.get_pixel(3, 3).0.map(i32::from)
    };
    for n in 2..=8 {
        let far = corner(1).iter().zip(corner(n)).any(|(one, other)| (one - other).abs() > 40);
        assert!(!far, "orientation {n}: {:?} {:?}", corner(1), corner(n));
    }
}

#[test]
fn a_pyramid_is_stored_as_it_is_and_a_picture_is_not() {
    let store = Store::new();
    let third_party = "tests/fixtures/foreign.tif";
    let done = azulejo(&["ingest", "--as-is", third_party, "--to", &store.name()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let stored = fs::read(store.0.path().join("assets/Samples/foreign.tif")).unwrap();
    assert_eq!(stored, fs::read(root().join(third_party)).unwrap());
    let done = azulejo(&["ingest", "--as-is", "samples/tulips.png", "--to", &store.name()]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("not a pyramid"), "{}", text(&done.stderr));
}

/// A file may open, and hold a level that no request could draw.
#[test]
fn a_pyramid_whose_small_level_cannot_be_decoded_is_not_stored_as_it_is() {
    let mut file = fs::read(root().join("tests/fixtures/foreign.tif")).unwrap();
    let bucket = MemoryStore::new();
    bucket.put("p.tif", file.clone());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let buffer = FetchBuffer::default();
    let opened = fulfil(&bucket, &buffer, pyramid::open("p.tif", &buffer));
    let tile = runtime.block_on(opened).unwrap().levels[1].tiles[0];
    file[tile.start as usize..][..tile.len as usize].fill(0xff);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("damaged.tif");
    fs::write(&path, file).unwrap();

    let store = Store::new();
    let done = azulejo(&["ingest", "--as-is", path.to_str().unwrap(), "--to", &store.name()]);
    assert_eq!(done.status.code(), Some(1));
    let stderr = text(&done.stderr);
    assert!(stderr.contains("the level of 150 × 99 pixels cannot be decoded"), "{stderr}");
    assert!(store.pyramids().is_empty());
}

#[test]
fn a_third_party_pyramid_opens_in_one_read_by_the_index_in_its_record() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    let third_party = corpus.join("ptiff/gen-vips-jpeg256-q80.tif");
    let inspect = |what: &[&str]| -> serde_json::Value {
        let done = azulejo(&[&["inspect", "--json"], what].concat());
        serde_json::from_str(&text(&done.stdout)).unwrap()
    };
    let alone = inspect(&[third_party.to_str().unwrap()]);
    let done =
        azulejo(&["ingest", "--as-is", third_party.to_str().unwrap(), "--to", &store.name()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    let key = "assets/Samples/gen-vips-jpeg256-q80.tif";
    let record = "records/Samples/gen-vips-jpeg256-q80.json";
    assert_eq!(store.files(), [key, record]);
    let stored = inspect(&[&store.name(), key]);
    assert_eq!(stored["reads_to_open"], 1);
    assert!(alone["reads_to_open"].as_u64().unwrap() > 2);
    assert_eq!(stored["levels"], alone["levels"]);
}

#[test]
fn other_programs_open_our_pyramids() {
    let store = Store::new();
    let samples = ["samples/tulips.png", "samples/sunrise.jpg"];
    let done = azulejo(&["ingest", samples[0], samples[1], "--to", &store.name()]);
    assert!(done.status.success());
    for program in ["vipsheader", "tiffinfo"].into_iter().filter(|program| installed(program)) {
        for key in store.pyramids() {
            let output = Command::new(program).arg(store.0.path().join(&key)).output().unwrap();
            let stderr = text(&output.stderr);
            assert!(output.status.success() && stderr.is_empty(), "{program} {key}: {stderr}");
        }
    }
}

#[test]
fn a_missing_folder_is_named_and_not_created() {
    let store = Store::new();
    let nowhere = store.0.path().join("typo");
    let from = format!("dir:{}", nowhere.display());
    let done = azulejo(&["render", "Shop/tulips?wid=9", "--from", &from, "-o", "x.jpg"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains(nowhere.to_str().unwrap()), "{}", text(&done.stderr));
    assert!(!nowhere.exists());
}

#[test]
fn bigtiff_is_read() {
    let Some(corpus) = corpus() else { return };
    let store = Store::new();
    for name in ["BigTIFF", "BigTIFFMotorola"] {
        let original = corpus.join(format!("tiff/{name}.tif"));
        let done = azulejo(&["ingest", original.to_str().unwrap(), "--to", &store.name()]);
        assert!(done.status.success(), "{}", text(&done.stderr));
    }
    assert_eq!(
        store.pyramids(),
        ["assets/Samples/BigTIFF.tif", "assets/Samples/BigTIFFMotorola.tif"]
    );
}

#[test]
fn urls_are_checked_one_by_one_or_by_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("access.log");
    let lines = [
        r#"1.2.3.4 - - [x] "GET /is/image/Shop/a?wid=3&imwidth=9 HTTP/1.1" 200 5 "-" "-""#,
        r#"1.2.3.4 - - [x] "GET /favicon.ico HTTP/1.1" 404 5 "-" "-""#,
        r#"{"uri":"/is/image/Shop/a?wid=4\u0026fmt=heic"}"#,
    ];
    fs::write(&log, lines.join("\n")).unwrap();
    let done = azulejo(&["check", log.to_str().unwrap(), "--json"]);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    let reports: Vec<serde_json::Value> =
        text(&done.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(reports.len(), 2);
    assert_eq!((&reports[0]["ok"], &reports[0]["ignored"][0]), (&true.into(), &"imwidth".into()));
    assert!(reports[0].get("error").is_none());
    assert_eq!(reports[1]["unsupported"], serde_json::json!(["fmt"]));
    assert_eq!(reports[1]["error"]["column"], 24, "in the URL that the log escapes");
    let summary = text(&done.stderr);
    assert!(summary.contains("2 URLs checked: 1 ok, 1 not"), "{summary}");
    assert!(summary.contains("1 line without") && summary.contains("wid 2"), "{summary}");
    let done = azulejo(&["check", "https://s7.example.com/is/image/Shop/a?$product$&wid=9"]);
    assert_eq!((done.status.code(), text(&done.stdout).starts_with("ok ")), (Some(0), true));
}

#[test]
fn the_version_names_the_commit_of_a_clone() {
    let version = text(&azulejo(&["--version"]).stdout);
    let commit = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(root()).output();
    let commit = commit.ok().filter(|done| done.status.success()).map(|done| text(&done.stdout));
    let wanted = match &commit {
        Some(commit) => format!(" ({})\n", commit.get(..12).unwrap()),
        None => format!("azulejo {}\n", env!("CARGO_PKG_VERSION")),
    };
    assert!(version.ends_with(&wanted), "{version}");
}

#[test]
fn a_shell_completes_commands() {
    if !installed("bash") {
        return;
    }
    let script = text(&azulejo(&["completions", "bash"]).stdout);
    let ask =
        "COMP_WORDS=(azulejo ins) COMP_CWORD=1; _azulejo azulejo ins azulejo; echo ${COMPREPLY[@]}";
    let done = Command::new("bash").args(["-c", &format!("{script}\n{ask}")]).output().unwrap();
    assert_eq!(text(&done.stdout).trim(), "inspect", "{}", text(&done.stderr));
}

#[test]
fn each_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let pages = folder.path().join("man1");
    assert!(azulejo(&["man", pages.to_str().unwrap()]).status.success());
    let page = |name: &str| fs::read_to_string(pages.join(name)).unwrap();
    assert!(page("azulejo.1").contains(".TH azulejo 1"));
    let ingest = page("azulejo-ingest.1");
    assert!(ingest.contains("keep\\-originals") && ingest.contains(".SH SYNOPSIS"), "{ingest}");
}
