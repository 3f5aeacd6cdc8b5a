//! `azulejo ingest --watch`: originals that are added, changed and deleted while it runs.

#![cfg(unix)]

use crate::{
    s3_server,
    support::{
        self,
        http::{reply, serve},
    },
};

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};

use azulejo_cli::store::Bucket;
use serde_json::Value;
use support::{Store, azulejo, text};

/// How long to wait for something that must come.
const PATIENCE: Duration = Duration::from_secs(60);

/// A watch, and the lines that it prints.
struct Watch {
    child: Child,
    lines: Receiver<Value>,
}

impl Watch {
    fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                let _ = sender.send(serde_json::from_str(&line).unwrap());
            }
        });
        Self { child, lines }
    }

    fn of_folder(folder: &Path, store: &Store, interval: &str, options: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_azulejo"));
        command.args(["ingest", folder.to_str().unwrap(), "--to", &store.name(), "--json"]);
        Self::start(command.args(["--watch", "--interval", interval]).args(options))
    }

    /// The next line: its status, and the name of the file that it is about.
    fn next(&self) -> (String, String) {
        let line = self.lines.recv_timeout(PATIENCE).unwrap();
        let file = Path::new(line["file"].as_str().unwrap_or_default());
        let name = file.file_name().unwrap_or_default().to_str().unwrap();
        (line["status"].as_str().unwrap().to_owned(), name.to_owned())
    }

    fn expect(&self, status: &str, name: &str) {
        self.expect_all(&[(status, name)]);
    }

    /// Expects lines in any order.
    fn expect_all(&self, expected: &[(&str, &str)]) {
        let mut lines: Vec<_> = expected.iter().map(|_| self.next()).collect();
        lines.sort();
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        let expected = expected.into_iter().map(|(status, name)| (status.into(), name.into()));
        assert_eq!(lines, expected.collect::<Vec<(String, String)>>());
    }

    /// Ends it and returns its summary.
    fn end(mut self) -> Value {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.lines.recv_timeout(PATIENCE).unwrap()
    }
}

fn svg(color: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><rect fill=\"{color}\"/></svg>")
}

#[test]
fn a_folder_is_followed_until_the_watch_is_told_to_end() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    let path = |name: &str| folder.path().join(name);
    let report = store.0.path().join("report.json");
    fs::write(path("first.svg"), svg("red")).unwrap();
    fs::write(path("notes.txt"), "").unwrap();
    let options = ["--report", report.to_str().unwrap()];
    let watch = Watch::of_folder(folder.path(), &store, "1s", &options);
    watch.expect_all(&[("skipped", "notes.txt"), ("watching", ""), ("stored", "first.svg")]);

    // Added, in a new folder; changed; added as what cannot be read, and then mended.
    fs::create_dir(path("new")).unwrap();
    fs::write(path("new/second.svg"), svg("blue")).unwrap();
    watch.expect("stored", "second.svg");
    fs::write(path("first.svg"), svg("green")).unwrap();
    watch.expect("stored", "first.svg");
    fs::write(path("third.svg"), "<svg>").unwrap();
    watch.expect("failed", "third.svg");
    fs::write(path("third.svg"), svg("white")).unwrap();
    watch.expect("stored", "third.svg");
    let stored = store.0.path().join("svg/Samples/first.svg");
    assert_eq!(fs::read_to_string(&stored).unwrap(), svg("green"));

    // Deleted: named, and still stored.
    fs::remove_file(path("first.svg")).unwrap();
    watch.expect("gone", "first.svg");
    assert!(stored.exists());

    // A profile that is wrong stops nothing that comes after it.
    fs::write(path("azulejo.toml"), "qualty = 1").unwrap();
    watch.expect("failed", "");
    fs::write(path("azulejo.toml"), "[metadata]\nseason = 'spring'").unwrap();
    watch.expect_all(&[("updated", "second.svg"), ("updated", "third.svg")]);
    let summary = watch.end();
    assert_eq!((&summary["status"], &summary["stored"]), (&"done".into(), &4.into()), "{summary}");
    let report: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    let outcomes = report["originals"].as_array().unwrap().iter();
    let outcomes: Vec<&str> = outcomes.map(|row| row["outcome"].as_str().unwrap()).collect();
    let [s, f, u] = ["stored", "failed", "updated"];
    assert_eq!(outcomes, ["skipped", s, s, s, f, s, "gone", u, u]);
}

#[test]
fn a_file_that_is_still_written_is_not_taken() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    let watch = Watch::of_folder(folder.path(), &store, "3s", &[]);
    watch.expect("watching", "");
    let (whole, path) = (svg("red"), folder.path().join("slow.svg"));
    let mut file = fs::File::create(&path).unwrap();
    // Each piece comes before the watch has seen the file twice as it is.
    for piece in whole.as_bytes().chunks(5) {
        file.write_all(piece).unwrap();
        thread::sleep(Duration::from_millis(500));
    }
    watch.expect("stored", "slow.svg");
    assert_eq!(watch.end()["failed"], 0);
    assert_eq!(fs::read_to_string(store.0.path().join("svg/Samples/slow.svg")).unwrap(), whole);
}

#[test]
fn a_better_original_of_the_same_id_takes_over_and_a_lost_folder_is_not_gone() {
    let (above, store) = (tempfile::tempdir().unwrap(), Store::new());
    let folder = above.path().join("share");
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("a.svg"), svg("red")).unwrap();
    let watch = Watch::of_folder(&folder, &store, "1s", &[]);
    watch.expect_all(&[("watching", ""), ("stored", "a.svg")]);
    image::RgbImage::new(20, 20).save(folder.join("a.png")).unwrap();
    watch.expect_all(&[("failed", "a.svg"), ("stored", "a.png")]);
    // As if a share were unmounted and mounted again.
    fs::rename(&folder, above.path().join("away")).unwrap();
    watch.expect("failed", "share");
    fs::rename(above.path().join("away"), &folder).unwrap();
    thread::sleep(Duration::from_millis(2500));
    fs::remove_file(folder.join("a.png")).unwrap();
    watch.expect_all(&[("gone", "a.png"), ("stored", "a.svg")]);
    watch.end();
}

#[test]
fn a_prefix_of_a_bucket_is_followed_and_a_server_that_fails_is_waited_for() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    fs::create_dir(folder.path().join("incoming")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let down = Arc::new(AtomicUsize::new(0));
    let is_down = Arc::clone(&down);
    let fails = move |_call| is_down.load(Ordering::SeqCst) > 0;
    let forbidden = hyper::StatusCode::FORBIDDEN;
    let serving = s3_server::serve_failing(folder.path(), forbidden, fails);
    let port = runtime.block_on(serving);
    let settings = [
        ("aws_endpoint", format!("http://127.0.0.1:{port}")),
        ("aws_access_key_id", s3_server::KEY.to_owned()),
        ("aws_secret_access_key", s3_server::SECRET.to_owned()),
        ("aws_region", "auto".to_owned()),
    ];
    let bucket = Bucket::s3_with("incoming", "", settings).unwrap();
    let put = |key: &str, bytes: &str| {
        runtime.block_on(bucket.put(key, bytes.as_bytes().to_vec())).unwrap();
    };
    put("photos/shoes/red.svg", &svg("red"));
    put("photos/notes.txt", "no image");
    put("other/blue.svg", &svg("blue"));
    let name = store.name();
    let source = "s3://incoming/photos";
    let args = ["ingest", source, "--to", &name, "--json", "--watch", "--interval", "1s"];
    let watch = Watch::start(&mut s3_server::command(port, s3_server::SECRET, &args));
    watch.expect_all(&[("skipped", "notes.txt"), ("stored", "red.svg"), ("watching", "")]);
    let stored = store.0.path().join("svg/Samples/shoes/red.svg");
    assert_eq!(fs::read_to_string(&stored).unwrap(), svg("red"));
    put("photos/shoes/red.svg", &svg("green"));
    watch.expect("stored", "red.svg");
    down.store(1, Ordering::SeqCst);
    watch.expect("failed", "");
    down.store(0, Ordering::SeqCst);
    runtime.block_on(bucket.delete("photos/shoes/red.svg")).unwrap();
    watch.expect("gone", "red.svg");
    assert_eq!(fs::read_to_string(&stored).unwrap(), svg("green"));
    watch.end();
}

/// The test server above lists no entity tags, as others do.
#[test]
fn an_object_with_the_recorded_entity_tag_is_not_fetched_again() {
    let list = |tag: &str| {
        format!(
            "<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>in/a.svg</Key>\
             <LastModified>2026-11-29T10:00:00.000Z</LastModified><ETag>&quot;{tag}&quot;</ETag>\
             <Size>{}</Size></Contents></ListBucketResult>",
            svg("red").len()
        )
    };
    let tag = Arc::new(Mutex::new("one"));
    let (fetched, served) = (Arc::new(AtomicUsize::new(0)), Arc::clone(&tag));
    let counted = Arc::clone(&fetched);
    let url = serve(move |head: &str| {
        let tag = *served.lock().unwrap();
        if head.contains("list-type=2") {
            return Some(reply("200 OK", "application/xml", &list(tag)));
        }
        counted.fetch_add(1, Ordering::SeqCst);
        let body = svg("red");
        let range = format!("{0}\r\ncontent-range: bytes 0-{1}/{0}", body.len(), body.len() - 1);
        let head = "HTTP/1.1 206 Partial Content\r\nlast-modified: Sun, 29 Nov 2026 10:00:00 GMT";
        Some(format!("{head}\r\netag: \"{tag}\"\r\ncontent-length: {range}\r\n\r\n{body}"))
    });
    let store = Store::new();
    let ingest = || {
        let port = url.rsplit_once(':').unwrap().1.parse().unwrap();
        let args = ["ingest", "s3://bucket/in", "--to", &store.name(), "--json"];
        let done = s3_server::azulejo(port, s3_server::SECRET, &args);
        assert!(done.status.success(), "{}", text(&done.stdout));
        let stdout = text(&done.stdout);
        let summary: Value = serde_json::from_str(stdout.lines().last().unwrap()).unwrap();
        (summary["stored"].as_u64().unwrap(), fetched.swap(0, Ordering::SeqCst))
    };
    assert_eq!(ingest(), (1, 1));
    assert_eq!(ingest(), (0, 0));
    *tag.lock().unwrap() = "two";
    assert_eq!(ingest(), (0, 1), "the same bytes");
    assert_eq!(ingest(), (0, 0));
}

#[test]
fn what_a_watch_cannot_do_is_a_usage_error() {
    let store = Store::new();
    for (options, expected) in [
        (["--watch", "--dry-run"], "--dry-run"),
        (["--watch", "--template"], "--template"),
        (["--interval", "5s"], "--watch"),
    ] {
        let name = store.name();
        let done = azulejo(&[&["ingest", "samples", "--to", &name], &options[..]].concat());
        assert_eq!(done.status.code(), Some(2));
        assert!(text(&done.stderr).contains(expected), "{}", text(&done.stderr));
    }
    let to = store.name();
    let done = azulejo(&["ingest", "s3://b/p", "--template", "--to", &to]);
    assert_eq!(done.status.code(), Some(2));
    assert!(text(&done.stderr).contains("--template"), "{}", text(&done.stderr));
}
