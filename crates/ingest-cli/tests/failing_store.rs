//! Stores that fail sometimes, or permanently from some call on: the next run completes an interrupted
//! one.

use crate::s3_server;

use std::{
    cell::Cell,
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use hyper::StatusCode;
use s3_server::{SECRET, azulejo};
use tokio::runtime::Runtime;

/// A server's folder with one bucket.
struct Server {
    folder: tempfile::TempDir,
    runtime: Runtime,
}

impl Server {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("bucket")).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        Self { folder, runtime }
    }

    /// Runs a command while the server fails as configured.
    fn run(
        &self,
        status: StatusCode,
        fails: impl Fn(u64) -> bool + Send + Sync + 'static,
        arguments: &[&str],
    ) -> Output {
        let serving = s3_server::serve_failing(self.folder.path(), status, fails);
        azulejo(self.runtime.block_on(serving), SECRET, arguments)
    }

    fn run_without_faults(&self, arguments: &[&str]) -> Output {
        self.run(StatusCode::OK, |_call| false, arguments)
    }

    /// All objects by key. An empty object stands for a removed one.
    fn objects(&self) -> BTreeMap<String, Vec<u8>> {
        let bucket = self.folder.path().join("bucket");
        let mut objects = BTreeMap::new();
        let mut folders = vec![bucket.clone()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let key = path.strip_prefix(&bucket).unwrap().to_str().unwrap().to_owned();
                    let bytes = fs::read(path).unwrap();
                    if !bytes.is_empty() {
                        objects.insert(key, bytes);
                    }
                }
            }
        }
        objects
    }

    /// Asserts that every record describes the stored pyramid.
    fn assert_consistent(&self) {
        let objects = self.objects();
        for (key, bytes) in objects.iter().filter(|(key, _)| key.starts_with("records/")) {
            let record: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            let pyramid = key.replace("records/", "assets/").replace(".json", ".tif");
            assert_eq!(record["original"]["pyramidBytes"], objects[&pyramid].len(), "{key}");
        }
    }
}

fn stderr_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn pictures() -> tempfile::TempDir {
    let originals = tempfile::tempdir().unwrap();
    for n in 0..3 {
        let pixel = |x, y| image::Rgb([x as u8, y as u8, n]);
        let path = originals.path().join(format!("p{n}.png"));
        image::RgbImage::from_fn(300, 200, pixel).save(path).unwrap();
    }
    originals
}

#[test]
fn requests_to_a_server_that_fails_sometimes_are_retried() {
    let (server, originals) = (Server::new(), pictures());
    let ingest = ["ingest", originals.path().to_str().unwrap(), "--to", "s3://bucket"];
    let first = server.run(StatusCode::SERVICE_UNAVAILABLE, |call| call % 3 == 1, &ingest);
    assert_eq!(first.status.code(), Some(0), "{}", stderr_of(&first));
    let second = stderr_of(&server.run_without_faults(&ingest));
    assert!(second.contains("0 stored") && second.contains("3 unchanged"), "{second}");
}

#[test]
fn requests_to_a_server_that_is_down_fail_in_the_end() {
    let (server, originals) = (Server::new(), pictures());
    let ingest = ["ingest", originals.path().to_str().unwrap(), "--to", "s3://bucket"];
    let first = server.run(StatusCode::SERVICE_UNAVAILABLE, |call| call >= 4, &ingest);
    assert_eq!(first.status.code(), Some(1), "{}", stderr_of(&first));
    server.assert_consistent();
}

/// Runs `each` for every n with a server that refuses the n-th call, and with one that refuses all calls
/// from the n-th on. Refused calls (403) are not retried.
fn at_every_call(each: impl Fn(&dyn Fn(&Server, &[&str]) -> Output)) {
    for once in [true, false] {
        let failed = Cell::new(0);
        for nth in 0.. {
            let reached = Arc::new(AtomicBool::new(false));
            each(&|server, arguments| {
                let reached = Arc::clone(&reached);
                let fails = move |call| {
                    reached.fetch_or(call == nth, Ordering::SeqCst);
                    if once { call == nth } else { call >= nth }
                };
                let done = server.run(StatusCode::FORBIDDEN, fails, arguments);
                failed.set(failed.get() + u64::from(!done.status.success()));
                done
            });
            if !reached.load(Ordering::SeqCst) {
                assert!(nth >= 12 && failed.get() > nth / 2, "{} of {nth} failed", failed.get());
                break;
            }
        }
    }
}

#[test]
fn an_ingest_that_fails_at_any_call_is_completed_by_another() {
    let originals = pictures();
    let from = originals.path().to_str().unwrap();
    let ingest = ["ingest", from, "--to", "s3://bucket", "--keep-originals"];
    at_every_call(|run| {
        let server = Server::new();
        let first = run(&server, &ingest);
        server.assert_consistent();
        if !first.status.success() {
            assert_eq!(first.status.code(), Some(1));
            assert!(stderr_of(&first).contains(".png: "), "{}", stderr_of(&first));
            let second = server.run_without_faults(&ingest);
            assert_eq!(second.status.code(), Some(0), "{}", stderr_of(&second));
        }
        server.assert_consistent();
        assert_eq!(server.objects().len(), 9, "{}", stderr_of(&first));
    });
}

fn catalogs(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let catalogs = folder.path().join("presets");
    fs::create_dir(&catalogs).unwrap();
    for (name, text) in files {
        fs::write(catalogs.join(name), text).unwrap();
    }
    (folder, catalogs)
}

/// A publish that adds, changes and removes objects, and fails at every call in turn.
#[test]
fn a_publish_that_fails_at_any_call_is_completed_by_another() {
    let fonts = "Name\tFontPath\nSans\tsans.ttf";
    let (_before, before) = catalogs(&[
        ("shop.ini", "RootId=Shop\nCatalogFile=data.txt\nFontMapFile=fonts.txt"),
        ("old.ini", "RootId=Old\nCatalogFile=old.txt"),
        ("data.txt", "Id\tModifier\tUserData\na\tqlt=33\tx=1\nb\tqlt=34\tx=1"),
        ("old.txt", "Id\tModifier\nshoe\tqlt=35"),
        ("fonts.txt", fonts),
    ]);
    let font = include_bytes!("../../../src/text/font/dejavu/DejaVuSans.ttf");
    fs::write(before.join("sans.ttf"), font).unwrap();
    let (_after, after) = catalogs(&[
        ("shop.ini", "RootId=Shop\nCatalogFile=data.txt"),
        ("new.ini", "RootId=New\nCatalogFile=new.txt"),
        ("data.txt", "Id\tUserData\na\tx=2"),
        ("new.txt", "Id\tModifier\nboot\tqlt=36"),
    ]);
    // What is published last when the folder was changed again before it was tried again.
    let (_last, last) = catalogs(&[("shop.ini", "RootId=Shop")]);
    let publish = |folder: &Path| {
        ["publish", folder.to_str().unwrap(), "--to", "s3://bucket"].map(str::to_owned)
    };
    let commands = [publish(&before), publish(&after), publish(&last)];
    let [before, after, last] = commands.each_ref().map(|args| args.each_ref().map(String::as_str));
    let alone = |args: &[&str]| {
        let server = Server::new();
        assert!(server.run_without_faults(args).status.success());
        server.objects()
    };
    let (wanted, least) = (alone(&after), alone(&last));
    assert_eq!(wanted.len(), 5, "two catalogs, two records, the publication: {:?}", wanted.keys());
    at_every_call(|run| {
        let server = Server::new();
        assert!(server.run_without_faults(&before).status.success());
        let first = run(&server, &after);
        let stderr = stderr_of(&first);
        if !first.status.success() {
            assert_eq!(stderr.lines().count(), 1, "{stderr}");
            let second = server.run_without_faults(&after);
            assert!(second.status.success(), "{}", stderr_of(&second));
        }
        assert_eq!(server.objects(), wanted, "{stderr}");
    });
    at_every_call(|run| {
        let server = Server::new();
        assert!(server.run_without_faults(&before).status.success());
        let stderr = stderr_of(&run(&server, &after));
        assert!(server.run_without_faults(&last).status.success(), "{stderr}");
        assert_eq!(server.objects(), least, "{stderr}");
    });
}
