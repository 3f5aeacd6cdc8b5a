//! The layered examples of the reference's pages, with the records and catalogs that the pages
//! describe. Each reply is a golden of `tests/golden/template`, whose request is spelled out:
//! without records, macros, variables and templates.
//!
//! Text is not supported yet. Where an example has text, a stripe of one colour takes its place.

use std::{fs, path::Path};

use azulejo::store::MemoryStore;
use serde_json::{Value, json};

use crate::golden::{answer, cases::root};

/// A catalog with the images and templates of the pages, whose names for it differ.
const ROOTS: [&str; 4] = ["myRootId", "myCatalog", "myCat", "companyname"];

/// Ids and the fixtures that they show.
const IMAGES: [(&str, &str); 16] = [
    ("backgroundImage", "tulips"),
    ("anotherImage", "dandelions"),
    ("chart", "chart"),
    ("mannequin", "dandelions"),
    ("tankTopGeneric", "tulips"),
    ("skirt14a", "chart"),
    ("hat2generic", "tulips"),
    ("img0", "dandelions"),
    ("img1", "chart"),
    ("img2", "tulips"),
    ("imagename", "dandelions"),
    ("labelImage", "tulips"),
    ("myMask1", "grey"),
    ("myMask2", "tulips"),
    ("myMask3", "chart"),
    ("masked", "dandelions"),
];

fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let put = |root: &str, id: &str, record: Value| {
        store.put(&format!("records/{root}/{id}.json"), record.to_string().into_bytes());
    };
    for root in ROOTS {
        let catalog = json!({"format": 1, "attributes": {"RootId": root}});
        store.put(&format!("catalogs/{root}.json"), catalog.to_string().into_bytes());
        for (id, fixture) in IMAGES {
            let path = self::root().join(format!("fixtures/{fixture}.tif"));
            store.put(&format!("assets/{root}/{id}.tif"), fs::read(path).unwrap());
        }
        for (id, anchor, resolution) in [
            ("mannequin", [300, 180], 999),
            ("tankTopGeneric", [100, 200], 999),
            ("skirt14a", [150, 0], 1998),
            ("hat2generic", [100, 700], 3330),
        ] {
            put(root, id, json!({"anchor": anchor, "resolution": resolution}));
        }
        put(root, "masked", json!({"maskPath": "myMask2"}));
        put(
            root,
            "myTemplate1",
            json!({"path": "", "modifier": "src=backgroundImage&size=1000,1000&originN=0,0&\
                layer=1&src=$object$&size=800,800&originN=-0.5,0&posN=-0.5,0&\
                layer=2&$label=00c000&color=$label$&size=400,60&rotate=-90&originN=0.5,0&posN=0.5,0"}),
        );
        put(
            root,
            "myTemplate2",
            json!({"path": "", "modifier": "layer=0&size=800,0&extend=0,100,200,100&src=$object$&\
                originN=.5,0&layer=1&color=c00000&size=300,80&rotate=-90&originN=.5,0&posN=0,0"}),
        );
        put(
            root,
            "myTemplate3",
            json!({"path": "", "modifier": "layer=0&color=224466&size=240,160&\
                layer=1,photo&size=120,0&posN=-.2,0&\
                layer=2,stripe&color=00ff00&size=40,160&posN=.35,0"}),
        );
    }
    store
}

/// A golden, and the request of the page: with the ids of [`IMAGES`], and sizes and formats added.
const EXAMPLES: [(&str, &str); 16] = [
    ("example-a", "myRootId/anotherImage?template=myTemplate1&$label=c00000&wid=240"),
    // The page prints posN=0.5,0, which puts the label half a width beyond its place.
    ("example-b", "myRootId/chart?template=myTemplate2&wid=240"),
    (
        "example-c",
        "myRootId/mannequin?&hei=240&\
         layer=1&res=999&src=myRootId/tankTopGeneric&colorize=240,122,17&\
         layer=2&res=999&src=myRootId/skirt14a&\
         layer=3&res=999&src=myRootId/hat2generic&colorize=12,15,34",
    ),
    (
        "border",
        "myCat/backgroundImage?size=180,180&extend=10,10,10,10&effect=-1&op_grow=3&color=255,0,0,128",
    ),
    (
        "shadow",
        "myCat/backgroundImage?size=200,200&extend=0,0,10,10&effect=-1&$shadow$&color=50,143,254",
    ),
    (
        "three-images",
        "myCatalog?layer=0&src=img0&layer=1&src=img1&layer=2&src=img2&size=150,150&wid=200",
    ),
    (
        "three-masks",
        "myRootId/anotherImage?wid=240&layer=1&src=anotherImage&mask=myMask1&op_colorize=200,0,0&\
         layer=2&src=anotherImage&mask=myMask2&op_colorize=0,200,0&\
         layer=3&src=anotherImage&mask=myMask3&op_colorize=0,0,200",
    ),
    (
        "background-blur",
        "myRootId/masked?wid=240&layer=0&maskUse=invert&op_blur=20&layer=1&src=myRootId/masked",
    ),
    (
        "background-darker",
        "myRootId/masked?wid=240&layer=0&maskUse=invert&op_brightness=-40&layer=1&src=myRootId/masked",
    ),
    (
        "mask-outside",
        "myRootId/anotherImage?wid=240&layer=1&src=anotherImage&mask=myMask2&maskUse=invert&\
         colorize=0x306090",
    ),
    (
        "label",
        "myRootId/chart?scl=1&size=300,300&origin=-0.5,-0.5&\
         layer=1&src=labelImage&origin=-0.5,-0.5&rotate=-30&color=ffffff40",
    ),
    (
        "frame",
        "myRootId/chart?$color=214,245,130,128&size=200,0&\
         layer=2&src=myRootId/labelImage&size=80,0&extend=10,10,10,10&bgColor=$color$",
    ),
    (
        "dissolve",
        "myRootId/backgroundImage?size=200,200&bgColor=191,120,241&\
         layer=1&src=myRootId/anotherImage&size=160,0&opac=80&blendMode=dissolve",
    ),
    (
        "crop-extend",
        "myRootId/anotherImage?cropN=.2,.3,.8,.9&extend=5,5,5,5&bgColor=255,0,0&wid=240",
    ),
    (
        "stretch",
        "companyname?layer=0&src=is(companyname/imagename?wid=30&hei=30&fit=stretch)&resmode=bisharp",
    ),
    ("named", "myRootId/myTemplate3?layer=photo&src=anotherImage&layer=stripe&color=ffcc00"),
];

#[test]
fn the_examples_of_the_reference_are_drawn_as_their_pages_say() {
    let store = store();
    let folder = root().join("golden/template");
    let mut wrong = Vec::new();
    for (name, request) in EXAMPLES {
        let reply = answer(&store, &format!("{request}&fmt=png"));
        let golden = fs::read(folder.join(name).with_extension("png")).unwrap();
        if reply.status != 200 {
            wrong.push(format!("{name}: {}", String::from_utf8_lossy(&reply.body)));
        } else if reply.body != golden {
            wrong.push(format!("{name}: other pixels than the golden"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A golden of that folder that no example is compared with would prove nothing about them.
#[test]
fn every_golden_of_templates_has_its_example() {
    let entries = fs::read_dir(root().join("golden/template")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let is_request = |path: &Path| path.extension().is_some_and(|end| end == "url");
    for path in paths.filter(|path| is_request(path)) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(EXAMPLES.iter().any(|(golden, _)| *golden == name), "{name}");
    }
}

/// The page of nesting replaces the image by a nested request, "to cache it persistently".
#[test]
fn an_image_in_a_nested_request_is_the_same_picture() {
    let store = store();
    let body = |request: &str| {
        let reply = answer(&store, request);
        assert_eq!(reply.status, 200, "{request}: {}", String::from_utf8_lossy(&reply.body));
        reply.body
    };
    let template = "myCatalog?$img=anotherImage&layer=0&src=IMAGE&layer=1&color=c00000&size=90,20";
    let plain = template.replace("IMAGE", "$img$&size=300,300");
    let nested = template.replace("IMAGE", "is(?src=$img$&size=300,300&cache=on)");
    assert!(body(&format!("{plain}&fmt=png")) == body(&format!("{nested}&fmt=png")));
}
