//! The export that the test of docs/migrate.md moves, and the old host that it comes from.

use std::{fs, path::Path};

use crate::{
    serve::Server,
    support::{azulejo, root, text},
};

/// Where the samples lie in the export.
const IMAGES: [(&str, &str); 5] = [
    ("dunes.jpg", "images/landscapes/dunes.jpg"),
    ("pier.jpg", "images/landscapes/pier.jpg"),
    ("sunrise.jpg", "images/landscapes/sunrise.jpg"),
    ("dandelions.jpg", "images/flowers/dandelions.jpg"),
    ("tulips.png", "images/flowers/tulips.png"),
];

const SHOP: &str = "RootId = Shop\nCatalogFile = images.txt\nMacroFile = macros.txt\nRuleSetFile = rules.xml\n\
    Expiration = 24\n";

const RECORDS: &str = "Id\tPath\tModifier\tImageSet\tAssetType\nharbour\tlandscapes/pier.jpg\tqlt=90\t\t\n\
    banner\tlandscapes/missing.jpg\t\t\t\nflowers\t\t\tShop/dandelions,Shop/tulips\tIMAGESET\n";

const LOG: [&str; 10] = [
    "/is/image/Shop/dunes?$thumb$",
    "/is/image/Shop/tulips?$thumb$",
    "/is/image/Shop/harbour?wid=400",
    "/is/image/Shop/banner?wid=600",
    "/is/image/Shop/dunes?wid=800&fmt=jpeg&qlt=85",
    "/is/image/Shop/sunrise?$large$",
    "/is/image/Shop/dandelions?wid=300&fmt=jpeg2000",
    "/is/image/Shop/flowers?req=set,json&id=1",
    "/is/content/Shop/guide.txt",
    "/favicon.ico",
];

/// The crop that the old host has.
const CROP: &str =
    "SmartCropRect=0.25,0,0.5,1,600,600\nSmartCropWidth=600.0\nSmartCropHeight=600.0\n";

/// Writes the export, without the crop, and the log of the old host. Its images are small samples.
pub fn write(export: &Path, log: &Path) {
    for (sample, name) in IMAGES {
        file(export, name, b"");
        let picture = image::open(root().join("samples").join(sample)).unwrap();
        picture.thumbnail(900, 900).save(export.join(name)).unwrap();
    }
    for name in ["default.ini", "default_macros.txt"] {
        let presets = fs::read(root().join("presets").join(name)).unwrap();
        file(export, &format!("catalogs/{name}"), &presets);
    }
    file(export, "catalogs/shop.ini", SHOP.as_bytes());
    file(export, "catalogs/images.txt", RECORDS.as_bytes());
    file(export, "catalogs/macros.txt", b"thumb wid=200&fmt=jpeg\nlarge wid=1200&qlt=90\n");
    let rule =
        "<ruleset><rule OnMatch=\"error\"><expression>^internal/</expression></rule></ruleset>";
    file(export, "catalogs/rules.xml", rule.as_bytes());
    file(export, "files/guide.txt", b"How to hang a picture.\n");
    file(export, "files/sizes.csv", b"small,200\nlarge,1200\n");
    file(export, "images/logo.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n");
    let line = |(second, url): (usize, &&str)| {
        format!(
            "192.0.2.7 - - [01/Sep/2026:10:00:{second:02} +0000] \"GET {url} HTTP/1.1\" 200 1000 \"-\" \"-\"\n"
        )
    };
    fs::write(log, LOG.iter().enumerate().map(line).collect::<String>()).unwrap();
}

fn file(export: &Path, name: &str, bytes: &[u8]) {
    let path = export.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Starts a server with the same contents, whose JPEG files have another quality by default.
pub fn old_host(folder: &Path) -> Server {
    let (export, store) = (folder.join("old-export"), folder.join("old"));
    write(&export, &folder.join("old.log"));
    file(&export, "crops/dandelions%3ALarge.userdata", CROP.as_bytes());
    let presets = fs::read_to_string(export.join("catalogs/default.ini")).unwrap();
    let other = presets.replace("JpegQuality = 80,0", "JpegQuality = 88,0");
    assert_ne!(presets, other);
    fs::write(export.join("catalogs/default.ini"), other).unwrap();
    fs::create_dir(&store).unwrap();
    let store = format!("dir:{}", store.display());
    let done = azulejo(&["import", export.to_str().unwrap(), "--to", &store, "--root", "Shop"]);
    // Two files of the export cannot be carried over.
    assert_eq!(done.status.code(), Some(0), "{}{}", text(&done.stdout), text(&done.stderr));
    Server::start(&["--from", &store])
}
