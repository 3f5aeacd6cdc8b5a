//! The Store suite with a folder, a real S3 server, and the local bucket.

use crate::s3_server;
use crate::store_suite;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use crate::skip::skip;
use azulejo::store::{ByteRange, Read, Store};
use azulejo_cli::store::{Bucket, Location};

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The test server answers 500 for the name of a folder; S3 has no folders and answers 404.
const NOT_OF_S3: &str = "the start of a key is not an object";

async fn check(bucket: &Bucket, excused: &str) {
    let put = async |key: &str, bytes: &[u8]| {
        bucket.put(key, bytes.to_vec()).await.unwrap();
    };
    let outcomes = store_suite::run(bucket, put).await;
    assert!(outcomes.len() > 15);
    let broken = outcomes.iter().filter(|(name, outcome)| outcome.is_err() && *name != excused);
    let broken: Vec<_> = broken.collect();
    assert!(broken.is_empty(), "{broken:#?}");
    for key in ["listed/a/b.json", "listed/ab.json", "listed/c.json"] {
        bucket.put(key, b"{}".to_vec()).await.unwrap();
    }
    assert_eq!(bucket.list("listed/a").await.unwrap(), ["listed/a/b.json", "listed/ab.json"]);
    assert_eq!(bucket.list("listed/a/").await.unwrap(), ["listed/a/b.json"]);
    assert!(bucket.list("nothing/").await.unwrap().is_empty());
    let fetched = bucket.fetch("listed/c.json").await.unwrap();
    assert_eq!(std::fs::read(&fetched).unwrap(), b"{}");
    bucket.put_file("listed/copy.json", &fetched).await.unwrap();
    assert_eq!(bucket.get("listed/copy.json").await.unwrap().unwrap(), b"{}");
    assert_eq!(bucket.len("listed/copy.json").await.unwrap(), Some(2));
    assert_eq!(bucket.len("listed/none.json").await.unwrap(), None);
    bucket.delete("listed/copy.json").await.unwrap();
    assert_eq!(bucket.len("listed/copy.json").await.unwrap(), None);
    bucket.delete("listed/copy.json").await.unwrap();
    assert_eq!(bucket.list("listed/c").await.unwrap(), ["listed/c.json"]);
    long_files(bucket).await;
}

/// Long enough for several parts, the last of them short.
async fn long_files(bucket: &Bucket) {
    let bytes: Vec<u8> = (0..35_000_003_u32).map(|n| (n.wrapping_mul(n) >> 11) as u8).collect();
    for len in [bytes.len(), 16 << 20, 0] {
        let bytes = &bytes[..len];
        let mut file = bucket.staging().file().unwrap();
        file.write_all(bytes).unwrap();
        let put = bucket.put_file("long/copy.tif", file.path()).await.unwrap();
        let staged = bucket.put_staged("long/staged.tif", file).await.unwrap();
        for (key, version) in [("long/copy.tif", put), ("long/staged.tif", staged)] {
            let range = ByteRange::new(0, u64::MAX);
            let read = Read { key: key.to_owned(), range, version: Some(version) };
            assert!(bucket.read(&read).await.unwrap().bytes == bytes, "{key}: {len} bytes");
        }
    }
}

#[test]
fn a_folder_keeps_all_promises() {
    let folder = tempfile::tempdir().unwrap();
    let bucket = Bucket::open(&Location::Folder(folder.path().to_owned()), None).unwrap();
    runtime().block_on(check(&bucket, ""));
}

#[test]
fn a_folder_never_shows_half_an_object() {
    let folder = tempfile::tempdir().unwrap();
    let bucket = Bucket::open(&Location::Folder(folder.path().to_owned()), None).unwrap();
    runtime().block_on(async {
        bucket.put("assets/A/b.tif", vec![1; 3_000_000]).await.unwrap();
    });
    let names: Vec<PathBuf> = walk(folder.path());
    assert_eq!(names, [folder.path().join("assets/A/b.tif")]);
}

fn walk(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(walk(&path));
        } else {
            files.push(path);
        }
    }
    files
}

#[test]
fn an_s3_server_keeps_all_promises() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("bucket")).unwrap();
    runtime().block_on(async {
        let port = s3_server::serve(folder.path()).await;
        let settings = [
            ("aws_endpoint", format!("http://127.0.0.1:{port}")),
            ("aws_access_key_id", s3_server::KEY.to_owned()),
            ("aws_secret_access_key", s3_server::SECRET.to_owned()),
            ("aws_region", "auto".to_owned()),
        ];
        let bucket = Bucket::s3_with("bucket", "prefix", settings).unwrap();
        check(&bucket, NOT_OF_S3).await;
    });
}

/// The local bucket in a folder of its own; `None` without the npm packages.
fn local(state: &Path) -> Option<Bucket> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    if !root.join("node_modules/wrangler").is_dir() {
        skip("npm", "the packages are not installed; run npm ci");
        return None;
    }
    Some(Bucket::open(&Location::Local, Some(state)).unwrap())
}

#[test]
fn the_local_bucket_keeps_all_promises() {
    let state = tempfile::tempdir().unwrap();
    let Some(bucket) = local(state.path()) else { return };
    runtime().block_on(check(&bucket, ""));
}

#[test]
fn a_reader_of_any_version_never_meets_a_change() {
    const REPLACED: u8 = 150;
    let state = tempfile::tempdir().unwrap();
    let Some(bucket) = local(state.path()) else { return };
    runtime().block_on(bucket.put("records/a.json", vec![0; 64])).unwrap();
    let writer = std::thread::spawn({
        let state = state.path().to_owned();
        move || {
            let bucket = local(&state).unwrap();
            let put = async |n| bucket.put("records/a.json", vec![n; 64]).await.unwrap();
            runtime().block_on(async {
                for n in 1..=REPLACED {
                    put(n).await;
                }
            });
        }
    });
    let mut last = 0;
    while !writer.is_finished() {
        let bytes = runtime().block_on(bucket.get("records/a.json")).unwrap().unwrap();
        assert!(bytes.len() == 64 && bytes.iter().all(|byte| *byte == bytes[0]), "{bytes:?}");
        assert!(bytes[0] >= last, "{} after {last}", bytes[0]);
        last = bytes[0];
    }
    writer.join().unwrap();
}
