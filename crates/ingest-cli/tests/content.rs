//! Static content: any file, stored unchanged and served at /is/content.

use crate::support;

use std::{fs, path::Path};

use support::{Store, azulejo, text};

fn ingest(store: &Store, folder: &Path, more: &[&str]) -> (Option<i32>, String) {
    let (folder, to) = (folder.to_str().unwrap(), store.name());
    let mut args = vec!["ingest", folder, "--content", "--root", "Shop", "--to", &to];
    args.extend(more);
    let done = azulejo(&args);
    (done.status.code(), text(&done.stderr))
}

#[test]
fn files_of_any_kind_are_stored_under_their_whole_names_and_served() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    fs::create_dir(folder.path().join("css")).unwrap();
    for (name, bytes) in [
        ("css/site.css", b"body {}".to_vec()),
        ("film.mp4", vec![7; 3 << 20]),
        ("README", Vec::new()),
        ("azulejo.toml", b"[metadata]\nseason = \"spring\"\n".to_vec()),
    ] {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let (code, stderr) = ingest(&store, folder.path(), &["--dry-run"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(stderr.contains("site.css would become content/Shop/css/site.css"), "{stderr}");
    assert_eq!(store.files(), Vec::<String>::new());

    let (code, stderr) = ingest(&store, folder.path(), &[]);
    assert_eq!((code, stderr.contains("3 stored")), (Some(0), true), "{stderr}");
    let keys = |kind: &str, more: &str| {
        ["README", "css/site.css", "film.mp4"].map(|name| format!("{kind}/Shop/{name}{more}"))
    };
    assert_eq!(store.files(), [keys("content", ""), keys("records", ".json")].concat());
    assert!(ingest(&store, folder.path(), &[]).1.contains("3 unchanged"));

    let render =
        |request: &str| azulejo(&["render", request, "--from", &store.name(), "--headers"]);
    let css = render("is/content/Shop/css/site.css");
    assert_eq!(css.stdout, b"body {}");
    let headers = text(&css.stderr);
    assert!(headers.contains("content-type: text/css; charset=utf-8"), "{headers}");
    assert!(headers.contains("last-modified: "), "{headers}");
    assert_eq!(render("/is/content/Shop/film.mp4").stdout.len(), 3 << 20);
    assert_eq!(text(&render("is/content/Shop/film.mp4?req=userdata").stdout), "season=spring\r\n");

    fs::write(folder.path().join("css/site.css"), "body { margin: 0 }").unwrap();
    let (_, stderr) = ingest(&store, folder.path(), &[]);
    assert!(stderr.contains("1 stored") && stderr.contains("2 unchanged"), "{stderr}");
    assert_eq!(render("is/content/Shop/css/site.css").stdout, b"body { margin: 0 }");

    // One record is for the image and the content of an id; neither forgets the other.
    let hide = ["unpublish-assets", "film.mp4", "--root", "Shop", "--to", &store.name()];
    assert!(azulejo(&hide).status.success());
    let hidden = render("is/content/Shop/film.mp4");
    assert!(text(&hidden.stderr).contains("Shop/film.mp4: no such static content"));
}

#[test]
fn an_image_and_content_of_one_id_keep_their_own_memory() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let file = folder.path().join("a.png");
    image::RgbImage::new(20, 10).save(&file).unwrap();
    let picture = || {
        let file = file.to_str().unwrap();
        let args = ["ingest", file, "--id", "name", "--root", "Shop", "--to", &store.name()];
        text(&azulejo(&args).stderr)
    };
    assert!(picture().contains("1 stored"));
    assert!(ingest(&store, &file, &[]).1.contains("1 stored"));
    assert!(picture().contains("1 unchanged"));
    assert!(ingest(&store, &file, &[]).1.contains("1 unchanged"));
    // What was lost in the store is put again.
    fs::remove_file(store.0.path().join("content/Shop/a.png")).unwrap();
    assert!(ingest(&store, &file, &[]).1.contains("1 stored"));
}

#[test]
fn what_is_about_images_does_not_go_with_it() {
    let (store, folder) = (Store::new(), tempfile::tempdir().unwrap());
    let (code, stderr) = ingest(&store, folder.path(), &["--id", "stem"]);
    assert_eq!(code, Some(2), "{stderr}");
}
