//! The command line over S3, as the environment describes it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

mod s3_server;

use std::{
    path::Path,
    process::{Command, Output},
};

fn azulejo(port: u16, secret: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_azulejo"))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../.."))
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .env("AWS_ACCESS_KEY_ID", s3_server::KEY)
        .env("AWS_SECRET_ACCESS_KEY", secret)
        .env("AWS_REGION", "auto")
        .output()
        .unwrap()
}

#[test]
fn the_environment_leads_to_the_server() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pictures")).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let port = runtime.block_on(s3_server::serve(folder.path()));

    let store = "s3://pictures/shop";
    let ingest = ["ingest", "samples/tulips.png", "--to", store, "--root", "Shop"];
    let done = azulejo(port, s3_server::SECRET, &ingest);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(folder.path().join("pictures/shop/assets/Shop/tulips.tif").is_file());

    let render = ["render", "Shop/tulips?wid=40&fmt=jpeg", "--from", store];
    let done = azulejo(port, s3_server::SECRET, &render);
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    assert!(done.stdout.starts_with(&[0xFF, 0xD8, 0xFF]), "a JPEG");

    let done = azulejo(port, "not the secret", &ingest);
    assert_eq!(done.status.code(), Some(1));
    let words = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(words.contains("samples/tulips.png: "), "{words}");
}

/// Ingests three pictures into a server that fails as told, then into one that does not.
fn ingest_twice(fails: fn(u64) -> bool) -> (Output, Output, usize) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("pictures")).unwrap();
    let originals = tempfile::tempdir().unwrap();
    for n in 0..3 {
        let pixel = |x, y| image::Rgb([x as u8, y as u8, n]);
        let path = originals.path().join(format!("p{n}.png"));
        image::RgbImage::from_fn(300, 200, pixel).save(path).unwrap();
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let failing = runtime.block_on(s3_server::serve_failing(folder.path(), fails));
    let sound = runtime.block_on(s3_server::serve(folder.path()));
    let ingest = ["ingest", originals.path().to_str().unwrap(), "--to", "s3://pictures"];
    let first = azulejo(failing, s3_server::SECRET, &ingest);
    let second = azulejo(sound, s3_server::SECRET, &ingest);
    let pyramids = folder.path().join("pictures/assets/Samples");
    (first, second, std::fs::read_dir(pyramids).unwrap().count())
}

#[test]
fn a_server_that_fails_now_and_then_is_asked_again() {
    let (first, second, pyramids) = ingest_twice(|call| call % 3 == 1);
    let words = String::from_utf8_lossy(&first.stderr).into_owned();
    assert_eq!((first.status.code(), pyramids), (Some(0), 3), "{words}");
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(words.contains("0 stored") && words.contains("3 unchanged"), "{words}");
}

#[test]
fn whatever_call_a_server_fails_at_for_good_another_run_completes_the_work() {
    const FAILS: [fn(u64) -> bool; 6] = [
        |call| call >= 1,
        |call| call >= 3,
        |call| call >= 4,
        |call| call >= 5,
        |call| call >= 6,
        |call| call >= 7,
    ];
    for fails in FAILS {
        let (first, second, pyramids) = ingest_twice(fails);
        let words = String::from_utf8_lossy(&first.stderr).into_owned();
        assert_eq!(first.status.code(), Some(1), "{words}");
        assert!(words.contains(".png: "), "{words}");
        let words = String::from_utf8_lossy(&second.stderr).into_owned();
        assert_eq!((second.status.code(), pyramids), (Some(0), 3), "{words}");
    }
}
