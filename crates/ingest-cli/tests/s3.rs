//! The command line with S3, configured by the environment.

use crate::s3_server;

use s3_server::azulejo;

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
    let stderr = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(stderr.contains("samples/tulips.png: "), "{stderr}");
}
