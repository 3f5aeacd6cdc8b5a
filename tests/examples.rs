//! The programs of `examples/`, which are the first that a user of the crate reads.

#[path = "../examples/check_urls.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod check_urls;
#[path = "../examples/serve_folder.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod serve_folder;
#[path = "../examples/write_pyramid.rs"]
#[expect(dead_code, reason = "its main is for the command line")]
mod write_pyramid;

use std::{env, fs, path::PathBuf, process};

use serve_folder::{Folder, answer};

/// A folder with one pyramid of 300 × 200 pixels, which is removed at the end.
struct Shop(PathBuf);

impl Shop {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("azulejo-examples-{}-{name}", process::id()));
        let assets = folder.join("assets/Shop");
        fs::create_dir_all(&assets).unwrap();
        fs::write(assets.join("sky.tif"), write_pyramid::gradient(300, 200).unwrap()).unwrap();
        Self(folder)
    }

    fn answer(&self, url: &str) -> azulejo::http::HttpReply {
        answer(&Folder(self.0.clone()), url)
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_written_pyramid_is_served_from_a_folder() {
    let shop = Shop::new("served");
    let reply = shop.answer("/is/image/Shop/sky?wid=90&fmt=png");
    assert_eq!((reply.status, reply.header("content-type")), (200, Some("image/png")));
    assert_eq!(reply.body[16..24], [0, 0, 0, 90, 0, 0, 0, 60], "90 × 60 pixels");
    assert_eq!(reply.body, shop.answer("/is/image/Shop/sky?wid=90&fmt=png").body);
}

#[test]
fn a_store_without_the_object_gives_an_error_of_the_protocol() {
    let reply = Shop::new("missing").answer("/is/image/Shop/rain?wid=90");
    assert_eq!(reply.status, 403);
    assert!(String::from_utf8_lossy(&reply.body).contains("Shop/rain"));
}

#[test]
fn the_linter_names_column_and_value() {
    assert_eq!(check_urls::fault("/is/image/Shop/sky?wid=300"), None);
    let fault = check_urls::fault("/is/image/Shop/sky?wid=wide").unwrap();
    assert!(fault.starts_with("column 20: wid=wide"), "{fault}");
}
