//! The access log.

use std::{fs, path::Path, time::Duration};

use azulejo::serve::{Settings, settings};
use server::{LogFormat, LogOptions};

use crate::support::{Fault, Options, Running, film, options};

const SHOE: &str = "/is/image/Shop/shoe?$product$&wid=120&fmt=png";

/// Options with a log in a file.
fn logged(file: &Path, format: LogFormat, sample: &str, query: &str) -> Options {
    let setting = |name: &str| match name {
        settings::LOG_SAMPLE => Some(sample.to_owned()),
        settings::LOG_QUERY => Some(query.to_owned()),
        _ => None,
    };
    let settings = Settings::read(setting);
    Options { settings, log: LogOptions { format, file: Some(file.to_owned()) }, ..options() }
}

/// The lines of a log, as a server has written them when it has stopped.
fn lines(file: &Path) -> Vec<String> {
    fs::read_to_string(file).unwrap().lines().map(str::to_owned).collect()
}

fn json(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn each_request_has_a_line_with_what_it_took() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("access.jsonl");
    let server = Running::start(logged(&file, LogFormat::Json, "1", "0"), Fault::None);
    let mut client = server.connect();
    let image = client.get(SHOE, &[]);
    let etag = image.header("etag").unwrap().to_owned();
    client.get(SHOE, &[]);
    client.get(SHOE, &[("if-none-match", &etag)]);
    client.request("HEAD", "/is/content/Shop/film.mp4");
    client.get("/is/content/Shop/film.mp4", &[("range", "bytes=0-99")]);
    client.get("/is/image/Shop/none?wid=9", &[]);
    client.get("/health", &[]);
    client.get("/", &[]);
    server.stop();
    let lines: Vec<_> = lines(&file).iter().map(|line| json(line)).collect();
    assert_eq!(lines.len(), 6, "neither the page nor /health: {lines:?}");
    let of = |name: &str| lines.iter().map(|line| line[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("cache"), ["miss", "hit", "revalidated", "bypass", "bypass", "miss"]);
    assert_eq!(of("status"), [200, 200, 304, 200, 206, 403]);
    let [miss, hit, ..] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!((&miss["object"], &miss["presets"][0]), (&"Shop/shoe".into(), &"product".into()));
    assert_eq!((&miss["method"], &miss["format"]), (&"GET".into(), &"image/png".into()));
    assert_eq!(miss["bytesSent"], image.body.len());
    assert_eq!(miss["cost"], "small");
    assert!(
        miss["memory"].as_u64() > Some(100_000) && miss["work"].as_u64() > Some(1000),
        "{miss}"
    );
    assert!(miss["reads"].as_u64() >= Some(3) && miss["bytesRead"].as_u64() > Some(1000), "{miss}");
    assert!(miss["stages"]["render"].is_number() && miss["ms"].is_number(), "{miss}");
    assert!(miss["time"].as_str().unwrap().starts_with("20"), "{miss}");
    assert_eq!((&hit["bytesSent"], hit.get("cost")), (&miss["bytesSent"], None));
    assert_eq!(hit["reads"], 0);
    assert_eq!((&lines[3]["bytesSent"], &lines[4]["bytesSent"]), (&0.into(), &100.into()));
    let error = lines[5]["error"].as_str().unwrap();
    assert!(error.contains("Shop/none: no such image"), "{error}");
}

#[test]
fn no_line_has_a_query_or_a_signature_unless_a_setting_asks() {
    let folder = tempfile::tempdir().unwrap();
    for (query, format) in
        [("0", LogFormat::Json), ("0", LogFormat::S7access), ("1", LogFormat::Json)]
    {
        let file = folder.path().join(format!("{query}{format:?}"));
        let server = Running::start(logged(&file, format, "1", query), Fault::None);
        server.get("/is/image/Shop/shoe?$product$&wid=9&text=secret&expires=9&sig=c2lnbmF0dXJl");
        server.get("/is/image/Shop/shoe?JHByb2R1Y3Qk");
        server.stop();
        let text = lines(&file).join("\n");
        assert!(text.contains("product") && !text.contains("c2lnbmF0"), "{text}");
        assert_eq!(text.contains("text=secret") && text.contains("JHByb2"), query == "1", "{text}");
    }
}

#[test]
fn a_sample_has_its_share_of_lines_and_all_faults() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sample");
    let server = Running::start(logged(&file, LogFormat::Json, "0.1", "0"), Fault::Fails);
    let mut client = server.connect();
    for nth in 0..200 {
        client.get(&format!("/is/content/Shop/none-{nth}.css"), &[]);
    }
    for _ in 0..7 {
        assert_eq!(client.get(SHOE, &[]).status, 503);
    }
    server.stop();
    let lines: Vec<_> = lines(&file).iter().map(|line| json(line)).collect();
    let sampled = lines.iter().filter(|line| line["sample"] == 0.1).count();
    assert!((19..=21).contains(&sampled), "{sampled}");
    assert_eq!(lines.iter().filter(|line| line["status"] == 503).count(), 7);
    assert!(lines.iter().all(|line| (line["status"] == 503) == line.get("sample").is_none()));
}

#[test]
fn no_log_is_written_unless_it_is_on() {
    let folder = tempfile::tempdir().unwrap();
    for (format, sample) in [(LogFormat::Off, "1"), (LogFormat::Json, "off")] {
        let file = folder.path().join("none");
        let server = Running::start(logged(&file, format, sample, "0"), Fault::None);
        assert_eq!(server.get(SHOE).status, 200);
        server.stop();
        assert!(!file.exists());
    }
    let file = folder.path().join("no/such/folder");
    let refused = Running::try_start(logged(&file, LogFormat::Json, "1", "0"), Fault::None);
    assert!(refused.err().unwrap().contains("--access-log"));
}

#[test]
fn a_file_that_was_renamed_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let (file, old) = (folder.path().join("log"), folder.path().join("log.1"));
    let server = Running::start(logged(&file, LogFormat::S7access, "1", "0"), Fault::None);
    server.get(SHOE);
    // The line is written by another thread.
    while lines(&file).is_empty() {
        std::thread::sleep(Duration::from_millis(10));
    }
    fs::rename(&file, &old).unwrap();
    std::thread::sleep(Duration::from_millis(1100));
    server.get(SHOE);
    server.stop();
    assert_eq!((lines(&old).len(), lines(&file).len()), (1, 1));
    assert!(
        lines(&file)[0].contains(" REUSED GET /is/image/Shop/shoe?$product$ HTTP/1.1 [worker-0] ")
    );
}

/// A full disk costs lines, not replies.
#[cfg(target_os = "linux")]
#[test]
fn requests_are_answered_though_the_log_cannot_be_written() {
    let full = Path::new("/dev/full");
    let server = Running::start(logged(full, LogFormat::Json, "1", "0"), Fault::None);
    let mut client = server.connect();
    for _ in 0..50 {
        assert_eq!(client.get(SHOE, &[]).status, 200);
    }
    assert!(client.get("/is/content/Shop/film.mp4", &[]).body == film());
    server.stop();
}
