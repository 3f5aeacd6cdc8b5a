//! `azulejo ingest --report`: a row for each original, with facts and warnings.

use crate::support;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::Duration,
};

use image::{Rgb, RgbImage};
use serde_json::Value;
use support::{Store, azulejo, root, text};

fn picture(path: &Path, width: u32, height: u32) {
    let pixel = |x: u32, y: u32| Rgb([x as u8, y as u8, (x ^ y) as u8]);
    RgbImage::from_fn(width, height, pixel).save(path).unwrap();
}

/// One original for each warning.
fn catalogue() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    picture(&path("good.jpg"), 1000, 400);
    picture(&path("small.png"), 999, 400);
    picture(&path("wide.png"), 1201, 400);
    for (from, to) in [
        ("tests/fixtures/jpeg/cmyk-no-adobe.jpg", "inks.jpg"),
        ("tests/fixtures/jpeg/half-missing.jpg", "half.jpg"),
        ("tests/fixtures/press.tif", "press.tif"),
        ("tests/fixtures/card.svg", "card.svg"),
    ] {
        fs::copy(root().join(from), path(to)).unwrap();
    }
    // A profile of four inks in a picture of three colours.
    let profile = fs::read(root().join("tests/fixtures/icc/cgats-001.icc")).unwrap();
    let mut jpeg = fs::read(path("good.jpg")).unwrap();
    let segment = [b"ICC_PROFILE\0\x01\x01", profile.as_slice()].concat();
    let len = (segment.len() as u16 + 2).to_be_bytes();
    jpeg.splice(2..2, [&[0xFF, 0xE2], &len[..], &segment].concat());
    fs::write(path("wrong.jpg"), jpeg).unwrap();
    fs::write(path("notes.txt"), "").unwrap();
    folder
}

fn ingest(folder: &Path, store: &Store, options: &[&str]) -> Output {
    let (folder, to) = (folder.to_str().unwrap(), store.name());
    let args = ["ingest", folder, "--to", &to, "--root", "Shop"];
    azulejo(&[&args, options].concat())
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// The rows by the names of their files.
fn rows(report: &Value) -> BTreeMap<String, &Value> {
    let name = |row: &Value| {
        let source = Path::new(row["source"].as_str().unwrap()).to_owned();
        source.file_name().unwrap().to_str().unwrap().to_owned()
    };
    report["originals"].as_array().unwrap().iter().map(|row| (name(row), row)).collect()
}

fn codes(row: &Value) -> Vec<&str> {
    row["warnings"].as_array().unwrap().iter().map(|w| w["code"].as_str().unwrap()).collect()
}

#[test]
fn a_row_tells_what_was_done_what_it_is_and_what_is_wrong() {
    let (folder, store) = (catalogue(), Store::new());
    let path = store.0.path().join("report.json");
    let report = ["--report", path.to_str().unwrap()];
    let done = ingest(folder.path(), &store, &report);
    assert_eq!(done.status.code(), Some(1), "{}", text(&done.stderr));
    let first = json(&path);
    let rows_of_first = rows(&first);
    let of = |name: &str| rows_of_first[name];
    for (name, outcome, warnings) in [
        ("good.jpg", "stored", vec![]),
        ("small.png", "stored", vec!["small"]),
        ("wide.png", "stored", vec!["odd-ratio"]),
        ("inks.jpg", "stored", vec!["cmyk-without-profile", "small"]),
        ("half.jpg", "failed", vec!["damaged"]),
        ("press.tif", "stored", vec!["small"]),
        ("card.svg", "stored", vec![]),
        ("wrong.jpg", "stored", vec!["unsuitable-profile"]),
        ("notes.txt", "skipped", vec![]),
    ] {
        assert_eq!((&of(name)["outcome"], codes(of(name))), (&outcome.into(), warnings), "{name}");
    }
    let good = of("good.jpg");
    assert_eq!(good["object"], "Shop/good");
    assert_eq!((&good["format"], &good["model"]), (&"JPEG".into(), &"RGB".into()));
    assert_eq!((&good["width"], &good["height"]), (&1000.into(), &400.into()));
    let len = |path: &Path| fs::metadata(path).unwrap().len();
    assert_eq!(good["original_bytes"], len(&folder.path().join("good.jpg")));
    assert_eq!(good["stored_bytes"], len(&store.0.path().join("assets/Shop/good.tif")));
    assert!(good["milliseconds"].is_u64() && good["profile"].is_null(), "{good}");
    assert_eq!(of("press.tif")["model"], "CMYK");
    assert!(of("press.tif")["profile"].as_str().is_some_and(|name| !name.is_empty()));
    assert_eq!(of("card.svg")["format"], "SVG");
    assert!(of("half.jpg")["message"].as_str().unwrap().contains("--allow-damaged"));
    assert_eq!(first["summary"]["warnings"]["small"], 3);
    assert!(text(&done.stderr).contains("3 small"), "{}", text(&done.stderr));

    // A second run: what is unchanged is not read. The damaged one is taken as far as it goes.
    let done = ingest(folder.path(), &store, &[&report[..], &["--allow-damaged"]].concat());
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    let second = json(&path);
    let half = rows(&second)["half.jpg"];
    assert_eq!((&half["outcome"], codes(half)), (&"stored".into(), vec!["small", "damaged"]));
    assert_eq!(rows(&second)["good.jpg"]["outcome"], "unchanged");
    assert!(!store.0.path().join(".report.json").exists());
}

#[test]
fn a_dry_run_reports_the_same_without_storing() {
    let (folder, store) = (catalogue(), Store::new());
    let path = store.0.path().join("report.csv");
    let report = ["--report", path.to_str().unwrap(), "--dry-run", "--allow-damaged"];
    let done = ingest(folder.path(), &store, &report);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
    assert_eq!(store.files(), ["report.csv"]);
    let csv = fs::read_to_string(&path).unwrap();
    assert!(csv.starts_with("object,source,outcome,format,width,height,"), "{csv}");
    let row = |name: &str| csv.lines().find(|line| line.contains(name)).unwrap().to_owned();
    assert!(row("inks.jpg").contains(",planned,\"JPEG\",96,72,CMYK,,"), "{csv}");
    assert!(row("inks.jpg").contains(",cmyk-without-profile small,"), "{csv}");
    assert!(row("half.jpg").contains(",small damaged,"), "{csv}");
    assert_eq!(csv.matches("\r\n").count(), 10, "{csv}");
}

#[test]
fn another_original_of_the_same_id_is_a_warning() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    for name in ["men", "women"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    picture(&folder.path().join("men/red.png"), 1000, 1000);
    picture(&folder.path().join("women/red.png"), 1000, 999);
    let path = store.0.path().join("report.json");
    let report = ["--report", path.to_str().unwrap()];
    for (name, warnings) in [("men", vec![]), ("women", vec!["replaced"])] {
        let done = ingest(&folder.path().join(name), &store, &report);
        assert_eq!(done.status.code(), Some(0), "{}", text(&done.stderr));
        assert_eq!(codes(rows(&json(&path))["red.png"]), warnings);
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_told_to_end_leaves_a_whole_report_of_what_it_did() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    for n in 0..12 {
        picture(&folder.path().join(format!("p{n}.png")), 1500, 1000 + n);
    }
    let path = folder.path().join("report.json");
    fs::write(&path, "old").unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_azulejo"))
        .args(["ingest", folder.path().to_str().unwrap(), "--to", &store.name()])
        .args(["--jobs", "1", "--report", path.to_str().unwrap()])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !store.files().iter().any(|name| name.starts_with("records/")) {
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "old", "it appears when it is complete");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(143), "{}", text(&output.stderr));
    let report = json(&path);
    let stored = report["originals"].as_array().unwrap().iter();
    let stored = stored.filter(|row| row["outcome"] == "stored").count();
    assert_eq!(report["summary"]["status"], "interrupted");
    assert_eq!(report["summary"]["stored"], stored);
    assert_eq!(report["summary"]["left"], 12 - stored);
    let left = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 13, "twelve pictures and the report");
}

#[test]
fn a_report_that_cannot_be_written_is_an_error_before_anything_is_stored() {
    let (folder, store) = (catalogue(), Store::new());
    let done = ingest(folder.path(), &store, &["--report", "/no/such/folder/report.json"]);
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("/no/such/folder/report.json: "), "{}", text(&done.stderr));
    assert!(store.files().is_empty());
    let done = ingest(folder.path(), &store, &["--report", "report.xml"]);
    assert_eq!(done.status.code(), Some(2));
    let stderr = text(&done.stderr);
    assert!(stderr.contains("'report.xml'") && stderr.contains(".json or .csv"), "{stderr}");
}
