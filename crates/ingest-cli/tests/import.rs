//! `azulejo import` of exports that a test lays out.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::support::{Store, azulejo, text};

/// A folder that a test fills.
struct Export(tempfile::TempDir);

impl Export {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        path
    }

    fn text(&self, name: &str, text: &str) {
        fs::write(self.file(name), text).unwrap();
    }

    /// An image of this width, 10 pixels high.
    fn image(&self, name: &str, width: u32) {
        let file = self.file(name);
        let picture = image::RgbImage::from_pixel(width, 10, image::Rgb([200, 40, 40]));
        picture.save_with_format(file, image::ImageFormat::Png).unwrap();
    }

    /// The export of an Image Serving server.
    fn of_image_serving() -> Self {
        let export = Self::new();
        export.text("catalogs/default.ini", "MaxPix = 2000,2000\nDefaultPix = 500,500\n");
        export.text(
            "catalogs/shop.ini",
            "RootId = Shop\nCatalogFile = shop.txt\nMacroFile = macros.txt\nRuleSetFile = \
             rules.xml\nStaticContentCatalogFile = static.txt\nRootPath = shopimages\n",
        );
        export.text(
            "catalogs/shop.txt",
            "Id\tPath\tModifier\tImageSet\tAssetType\nred-shoe\tshoes/red.png\twid=20\t\t\n\
             lost\tshoes/lost.png\t\t\t\nset\t\t\tShop/red-shoe,Shop/extra\tIMAGESET\n",
        );
        export.text("catalogs/macros.txt", "small\twid=8&fmt=png\n");
        export.text(
            "catalogs/rules.xml",
            "<ruleset><rule OnMatch=\"error\"><expression>secret</expression></rule></ruleset>",
        );
        export.text("catalogs/static.txt", "Id\tPath\nguide\tguides/guide.pdf\n");
        export.text("catalogs/notes.txt", "nobody names this\n");
        export.image("data/shoes/red.png", 40);
        export.image("data/other/extra.png", 30);
        export.text("data/guides/guide.pdf", "%PDF-1.4 not much of one");
        export.text("data/style.css", "p { color: red }");
        export.text(
            "data/logo.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>",
        );
        export.text("data/print/old.eps", "%!PS-Adobe-3.0 EPSF-3.0");
        export.text("fonts/unused.ttf", "no font map names it");
        export.text("logs/access.log", "192.0.2.1 - - GET /is/image/Shop/red-shoe");
        export.text(
            "crops/extra%3ALarge.userdata",
            "SmartCropRect=0.5,0,0.5,1,600,400\nSmartCropWidth=600.0\nSmartCropHeight=400.0\n",
        );
        export
    }
}

/// Runs `azulejo import`. Returns the exit code, standard output and standard error.
fn import(export: &Export, store: &Store, options: &[&str]) -> (Option<i32>, String, String) {
    let name = store.name();
    let done = azulejo(&[&["import", export.path(), "--to", &name], options].concat());
    (done.status.code(), text(&done.stdout), text(&done.stderr))
}

/// The text of a reply, with its status.
fn reply(store: &Store, request: &str) -> (bool, String) {
    let done = azulejo(&["render", request, "--from", &store.name()]);
    (done.status.success(), text(&done.stdout) + &text(&done.stderr))
}

fn props(store: &Store, object: &str) -> String {
    let (found, text) = reply(store, &format!("{object}?req=imageprops"));
    assert!(found, "{object}: {text}");
    text
}

#[test]
fn import_carries_an_export_over() {
    let (export, store) = (Export::of_image_serving(), Store::new());
    let (code, plan, errors) = import(&export, &store, &[]);
    assert_eq!(code, Some(0), "{plan}{errors}");
    // The record's path below the catalog's RootPath, and files by their names.
    let files = store.files();
    for key in [
        "assets/shopimages/shoes/red.tif",
        "assets/Shop/extra.tif",
        "svg/Shop/logo.svg",
        "content/Shop/guides/guide.pdf",
        "content/Shop/style.css",
        "catalogs/default.json",
        "catalogs/Shop.json",
        "publications/catalogs.json",
    ] {
        assert!(files.iter().any(|file| file == key), "{key} is not in {files:#?}");
    }
    assert!(props(&store, "Shop/red-shoe").contains("image.width=40"));
    assert!(props(&store, "Shop/extra").contains("image.width=30"));
    let (found, set) = reply(&store, "Shop/set?req=set");
    assert!(found && set.contains("Shop/red-shoe"), "{set}");
    let (found, crop) = reply(&store, "Shop/extra:Large?req=userdata");
    assert!(found && crop.contains("SmartCropRect=0.5,0,0.5,1,600,400"), "{crop}");
    assert!(!reply(&store, "Shop/secret?wid=9").0, "the rule refuses it");
    assert!(reply(&store, "Shop/red-shoe?$small$").0, "the macro is there");
    for lost in [
        "old.eps: PostScript is not accepted",
        "Id=lost: Path=shoes/lost.png: the export has no such file",
        "unused.ttf: no font map",
        "access.log: its type is not for the public",
        "notes.txt: beside the catalogs",
    ] {
        assert!(plan.contains(lost), "{lost} is not in {plan}");
    }
    assert!(!files.iter().any(|file| file.contains("access.log")), "{files:#?}");
}

#[test]
fn import_completes_what_is_there() {
    let (export, store) = (Export::of_image_serving(), Store::new());
    let (code, plan, _) = import(&export, &store, &["--dry-run"]);
    assert_eq!(code, Some(0), "{plan}");
    assert!(store.files().is_empty(), "a dry run stores nothing");
    assert!(plan.contains("red.png would become shopimages/shoes/red"), "{plan}");
    assert!(
        plan.contains(
            "images     3: 1 by the Path of their record in shopimages, 2 by their name in Shop"
        ),
        "{plan}"
    );
    assert_eq!(import(&export, &store, &[]).0, Some(0));
    let before = store.files();
    let (code, _, errors) = import(&export, &store, &[]);
    assert_eq!((code, store.files()), (Some(0), before));
    assert!(errors.contains("0 stored (0.0 MB), 3 unchanged"), "{errors}");
}

#[test]
fn import_reads_an_unpacked_package_of_aem() {
    let (export, store) = (Export::new(), Store::new());
    let node = |properties: &str| {
        format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<jcr:root \
             xmlns:jcr=\"http://www.jcp.org/jcr/1.0\" xmlns:dam=\"http://www.day.com/dam/1.0\" \
             jcr:primaryType=\"dam:Asset\"><jcr:content jcr:primaryType=\"dam:AssetContent\"><metadata \
             {properties}/></jcr:content></jcr:root>"
        )
    };
    let dam = "jcr_root/content/dam/shop/shoes";
    let published = "dam:scene7File=\"Shop/red-1\" dam:scene7FileStatus=\"PublishComplete\"";
    for (name, properties) in [
        ("red.png", published),
        (
            "next-year.png",
            "dam:scene7File=\"Shop/next-year\" dam:scene7FileStatus=\"UploadComplete\"",
        ),
        ("plain.png", ""),
        ("spin", "dam:scene7File=\"Shop/spin\""),
    ] {
        export.text(&format!("{dam}/{name}/.content.xml"), &node(properties));
        if name != "spin" {
            export.image(&format!("{dam}/{name}/_jcr_content/renditions/original"), 24);
            export.image(&format!("{dam}/{name}/_jcr_content/renditions/cq5dam.web.png"), 8);
        }
    }
    export.text(
        "jcr_root/conf/global/settings/dam/dm/imageserver/.content.xml",
        "<jcr:root xmlns:jcr=\"http://www.jcp.org/jcr/1.0\" jcr:primaryType=\"cq:Page\"><jcr:content \
         jcr:primaryType=\"nt:unstructured\" maxpix=\"1500,1500\" expiration=\"36000000\"/></jcr:root>",
    );
    export
        .text("jcr_root/conf/global/settings/dam/dm/presets/macros/Large/.content.xml", &node(""));
    export.text("META-INF/vault/filter.xml", "<workspaceFilter/>");
    let (code, plan, errors) = import(&export, &store, &["--name", "aem"]);
    assert_eq!(code, Some(0), "{plan}{errors}");
    assert_eq!(
        store.pyramids(),
        ["assets/Shop/next-year.tif", "assets/Shop/plain.tif", "assets/Shop/red-1.tif"]
    );
    assert!(props(&store, "Shop/red-1").contains("image.width=24"));
    for hidden in ["Shop/next-year", "Shop/plain"] {
        assert!(!reply(&store, &format!("{hidden}?wid=9")).0, "{hidden} was not published");
    }
    let catalog = fs::read_to_string(store.0.path().join("catalogs/default.json")).unwrap();
    assert!(catalog.contains("1500,1500"), "{catalog}");
    for lost in
        ["an asset without an original", "the image preset Large: write it into a macro file"]
    {
        assert!(plan.contains(lost), "{lost} is not in {plan}");
    }
    let record = fs::read_to_string(store.0.path().join("records/Shop/red-1.json")).unwrap();
    assert!(
        record.contains("\"name\": \"shoes/red.png\"") && record.contains("image/png"),
        "{record}"
    );
}

#[test]
fn import_reads_nodes_that_were_saved_beside_their_originals() {
    let (export, store) = (Export::new(), Store::new());
    export.image("red.png", 24);
    export.text(
        "red.png.json",
        r#"{"jcr:primaryType": "dam:Asset", "jcr:content": {"metadata": {"dam:scene7File": "Shop/red-9"}}}"#,
    );
    export.text("gone.png.infinity.json", r#"{"jcr:primaryType": "dam:Asset"}"#);
    let (code, plan, errors) = import(&export, &store, &[]);
    assert_eq!(code, Some(0), "{plan}{errors}");
    assert_eq!(store.pyramids(), ["assets/Shop/red-9.tif"]);
    assert!(plan.contains("a saved node without its original beside it"), "{plan}");
}

#[test]
fn import_refuses_what_it_cannot_decide() {
    let store = Store::new();
    let export = Export::new();
    export.image("red.png", 8);
    let (code, _, errors) = import(&export, &store, &[]);
    assert!(code == Some(2) && errors.contains("name theirs with --root"), "{errors}");
    assert_eq!(import(&export, &store, &["--root", "Shop"]).0, Some(0));

    let two = Export::new();
    two.text("a/default.ini", "");
    two.text("b/shop.ini", "RootId = Shop");
    let (code, _, errors) = import(&two, &store, &[]);
    assert!(code == Some(2) && errors.contains("choose one with --catalogs"), "{errors}");

    let (code, _, errors) = import(&Export::new(), &store, &[]);
    assert!(code == Some(1) && errors.contains("nothing in it can be imported"), "{errors}");

    let bad = Export::of_image_serving();
    bad.text("catalogs/shop.ini", "RootId = Shop\nMaxPix = wide\n");
    let untouched = Store::new();
    let (code, _, errors) = import(&bad, &untouched, &[]);
    assert!(code == Some(1) && errors.contains("shop.ini"), "{errors}");
    assert!(untouched.files().is_empty(), "nothing is ingested before the catalogs are right");
}

#[test]
fn import_of_two_files_with_one_name_names_both() {
    let (export, store) = (Export::new(), Store::new());
    export.image("men/red.png", 8);
    export.image("women/red.png", 9);
    let (code, _, errors) = import(&export, &store, &["--root", "Shop"]);
    assert_eq!(code, Some(1), "{errors}");
    let paths = [Path::new("men/red.png"), Path::new("women/red.png")];
    assert!(paths.iter().all(|path| errors.contains(path.to_str().unwrap())), "{errors}");
    assert_eq!(import(&export, &store, &["--root", "Shop", "--id", "stem"]).0, Some(0));
}
