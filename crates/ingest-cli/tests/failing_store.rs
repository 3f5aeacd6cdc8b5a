//! Stores that fail now and then, or at any one call for good: a run that was cut off is completed by
//! the next.

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

    /// Runs a command while the server fails as told.
    fn run(
        &self,
        status: StatusCode,
        fails: impl Fn(u64) -> bool + Send + Sync + 'static,
        arguments: &[&str],
    ) -> Output {
        let serving = s3_server::serve_failing(self.folder.path(), status, fails);
        azulejo(self.runtime.block_on(serving), SECRET, arguments)
    }

    fn run_soundly(&self, arguments: &[&str]) -> Output {
        self.run(StatusCode::OK, |_call| false, arguments)
    }

    /// Every object, by key; an empty one stands for one that was removed.
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

    /// Every record tells of the pyramid that is there.
    fn fits(&self) {
        let objects = self.objects();
        for (key, bytes) in objects.iter().filter(|(key, _)| key.starts_with("records/")) {
            let record: serde_json::Value = serde_json::from_slice(bytes).unwrap();
            let pyramid = key.replace("records/", "assets/").replace(".json", ".tif");
            assert_eq!(record["original"]["pyramidBytes"], objects[&pyramid].len(), "{key}");
        }
    }
}

fn words(output: &Output) -> String {
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
fn a_server_that_fails_now_and_then_is_asked_again() {
    let (server, originals) = (Server::new(), pictures());
    let ingest = ["ingest", originals.path().to_str().unwrap(), "--to", "s3://bucket"];
    let first = server.run(StatusCode::SERVICE_UNAVAILABLE, |call| call % 3 == 1, &ingest);
    assert_eq!(first.status.code(), Some(0), "{}", words(&first));
    let second = words(&server.run_soundly(&ingest));
    assert!(second.contains("0 stored") && second.contains("3 unchanged"), "{second}");
}

#[test]
fn a_server_that_is_gone_for_good_is_given_up() {
    let (server, originals) = (Server::new(), pictures());
    let ingest = ["ingest", originals.path().to_str().unwrap(), "--to", "s3://bucket"];
    let first = server.run(StatusCode::SERVICE_UNAVAILABLE, |call| call >= 4, &ingest);
    assert_eq!(first.status.code(), Some(1), "{}", words(&first));
    server.fits();
}

/// Runs `each` with servers that refuse the n-th call, and then all from the n-th on, for every n
/// that there is. What is refused (403) is not asked for again; a read may be, in other words.
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
fn whatever_call_an_ingest_fails_at_another_completes_it() {
    let originals = pictures();
    let from = originals.path().to_str().unwrap();
    let ingest = ["ingest", from, "--to", "s3://bucket", "--keep-originals"];
    at_every_call(|run| {
        let server = Server::new();
        let first = run(&server, &ingest);
        server.fits();
        if !first.status.success() {
            assert_eq!(first.status.code(), Some(1));
            assert!(words(&first).contains(".png: "), "{}", words(&first));
            let second = server.run_soundly(&ingest);
            assert_eq!(second.status.code(), Some(0), "{}", words(&second));
        }
        server.fits();
        assert_eq!(server.objects().len(), 9, "{}", words(&first));
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

/// A publish that adds, changes and takes back, and fails at every call in turn.
#[test]
fn whatever_call_a_publish_fails_at_another_completes_it() {
    let fonts = "Name\tFontPath\nSans\tsans.ttf";
    let (_before, before) = catalogs(&[
        ("shop.ini", "RootId=Shop\nCatalogFile=data.txt\nFontMapFile=fonts.txt"),
        ("old.ini", "RootId=Old\nCatalogFile=old.txt"),
        ("data.txt", "Id\tModifier\tUserData\na\tqlt=33\tx=1\nb\tqlt=34\tx=1"),
        ("old.txt", "Id\tModifier\nshoe\tqlt=35"),
        ("fonts.txt", fonts),
        ("sans.ttf", "font"),
    ]);
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
    let [before, after, last] =
        commands.each_ref().map(|words| words.each_ref().map(String::as_str));
    let alone = |words: &[&str]| {
        let server = Server::new();
        assert!(server.run_soundly(words).status.success());
        server.objects()
    };
    let (wanted, least) = (alone(&after), alone(&last));
    assert_eq!(wanted.len(), 5, "two catalogs, two records, the publication: {:?}", wanted.keys());
    at_every_call(|run| {
        let server = Server::new();
        assert!(server.run_soundly(&before).status.success());
        let first = run(&server, &after);
        let told = words(&first);
        if !first.status.success() {
            assert_eq!(told.lines().count(), 1, "{told}");
            let second = server.run_soundly(&after);
            assert!(second.status.success(), "{}", words(&second));
        }
        assert_eq!(server.objects(), wanted, "{told}");
    });
    at_every_call(|run| {
        let server = Server::new();
        assert!(server.run_soundly(&before).status.success());
        let told = words(&run(&server, &after));
        assert!(server.run_soundly(&last).status.success(), "{told}");
        assert_eq!(server.objects(), least, "{told}");
    });
}
