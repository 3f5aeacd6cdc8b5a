//! The images of all layers, masks and nested requests: how they are found, what their records add,
//! and what a reply depends on. What is checked is the resolved request, not its pixels.

use std::ops::ControlFlow;

use azulejo::{
    error::{Error, ErrorKind},
    http::{Access, HttpRequest},
    picture::{Content, Layer, Picture, Source},
    resolve,
    resolved::Resolved,
    store::{FetchBuffer, MemoryStore},
};
use serde_json::{Value, json};

use crate::shop::{TULIPS, record, store};

mod access;
mod default_image;
mod hostile;
mod nested;
mod opened;
mod records;
mod watermark;

/// The shop, with its catalog and pyramids of `Shop/front`, `back` and `leather`.
fn shop() -> MemoryStore {
    let store = store();
    catalog(&store, "Shop", json!({}));
    for id in ["front", "back", "leather"] {
        pyramid(&store, &format!("Shop/{id}"));
    }
    store
}

fn pyramid(store: &MemoryStore, object: &str) {
    store.put(&format!("assets/{object}.tif"), TULIPS.to_vec());
}

/// Puts a catalog with these members: `attributes`, `macros`, `rules`.
fn catalog(store: &MemoryStore, root: &str, mut members: Value) {
    members["format"] = json!(1);
    store.put(&format!("catalogs/{root}.json"), members.to_string().into_bytes());
}

fn request(request: &str) -> HttpRequest {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    HttpRequest {
        path: format!("/is/image/{path}"),
        query: query.to_owned(),
        received_at: 1.8e12,
        access: Access { client: Some("192.0.2.1".to_owned()), ..Access::default() },
        ..HttpRequest::default()
    }
}

/// Resolves a request. Also returns the keys of its reads, a list for each batch.
fn batches(store: &MemoryStore, url: &str) -> (Result<Resolved, Error>, Vec<Vec<String>>) {
    let (request, buffer) = (request(url), FetchBuffer::default());
    let mut stage = resolve::read(&request, &buffer);
    let mut batches = Vec::new();
    loop {
        match buffer.poll(&mut stage) {
            ControlFlow::Break(resolved) => return (resolved.map(Option::unwrap), batches),
            ControlFlow::Continue(reads) => {
                batches.push(reads.iter().map(|read| read.key.clone()).collect());
                pollster::block_on(buffer.fetch(store, reads)).unwrap();
            }
        }
    }
}

fn resolved(store: &MemoryStore, url: &str) -> Resolved {
    batches(store, url).0.map_err(|error| format!("{url}: {error}")).unwrap()
}

fn picture(store: &MemoryStore, url: &str) -> Picture {
    let resolved = resolved(store, url);
    assert_eq!(resolved.missing_image(), None, "{url}");
    resolved.picture
}

/// The error of a request that cannot be resolved, or that lacks an image.
fn error(store: &MemoryStore, url: &str) -> Error {
    match batches(store, url).0 {
        Ok(resolved) => resolved.missing_image().ok_or_else(|| format!("{url}: no error")).unwrap(),
        Err(error) => error,
    }
}

fn layer(picture: &Picture, number: u32) -> &Layer {
    picture.layers.iter().find(|layer| layer.number == number).unwrap()
}

fn source(content: &Content) -> &Source {
    let source = if let Content::Source(source) = content { Ok(source) } else { Err(content) };
    source.unwrap()
}

/// The picture of the nested request that a layer shows.
fn nested_in(picture: &Picture, number: u32) -> &Picture {
    let content = &layer(picture, number).content;
    let nested = if let Content::Picture(nested) = content { Ok(nested) } else { Err(content) };
    nested.unwrap()
}

/// The object that layer 1 shows.
fn shown(store: &MemoryStore, url: &str) -> String {
    let picture = picture(store, url);
    let key = source(&layer(&picture, 1).content).key.clone();
    key.trim_start_matches("assets/").trim_end_matches(".tif").to_owned()
}

/// The object that masks layer `number`.
fn mask(store: &MemoryStore, url: &str, number: u32) -> Option<String> {
    let picture = picture(store, url);
    let mask = layer(&picture, number).mask.as_ref()?;
    Some(
        source(&mask.content).key.trim_start_matches("assets/").trim_end_matches(".tif").to_owned(),
    )
}

#[test]
fn layers_are_looked_up_in_one_batch() {
    let store = shop();
    let url = "Shop/shoe?layer=1&src=front&layer=2&src=Shop/back&mask=leather";
    let (resolved, batches) = batches(&store, url);
    let keys = resolved.unwrap().picture.sources().join(" ");
    let all = ["shoe", "front", "back", "leather"].map(|id| format!("assets/Shop/{id}.tif"));
    assert_eq!(keys, all.join(" "));
    assert_eq!(batches.len(), 2, "{batches:?}");
    for id in ["front", "back", "leather"] {
        let key = format!("assets/Shop/{id}.tif");
        assert!(batches[1].contains(&key), "{batches:?}");
    }
}

#[test]
fn a_single_image_takes_one_batch_as_before() {
    let (_, batches) = batches(&shop(), "Shop/shoe?wid=9&color=ff0000");
    let keys = ["catalogs/default.json", "catalogs/Shop.json", "records/Shop/shoe.json"];
    assert_eq!(batches.len(), 1);
    assert!(keys.iter().all(|key| batches[0].iter().any(|read| read == key)), "{batches:?}");
    assert_eq!(batches[0].len(), 4);
}

#[test]
fn a_layer_finds_its_object_as_layer_0_does() {
    let store = shop();
    for object in ["Other/front", "default/front", "default/only"] {
        pyramid(&store, object);
    }
    catalog(&store, "Other", json!({}));
    for (name, object) in [
        ("front", "Shop/front"),
        ("Shop/front", "Shop/front"),
        ("Other/front", "Other/front"),
        ("/Other/front", "Other/front"),
        ("/front", "default/front"),
        ("only", "default/only"),
        ("$v$&$v=back", "Shop/back"),
        ("$object$", "Shop/shoe"),
    ] {
        assert_eq!(shown(&store, &format!("Shop/shoe?layer=1&src={name}")), object, "{name}");
        let url = format!("Shop/shoe?layer=2&size=9,9&color=0,0,0&mask={name}");
        assert_eq!(mask(&store, &url, 2).as_deref(), Some(object), "{name}");
    }
}

#[test]
fn a_layer_has_the_suffix_of_the_locale() {
    let store = shop();
    catalog(&store, "Shop", json!({"attributes": {"LocaleMap": "fr,_fr,|,"}}));
    pyramid(&store, "Shop/front_fr");
    assert_eq!(shown(&store, "Shop/shoe?layer=1&src=front&locale=fr"), "Shop/front_fr");
    assert_eq!(shown(&store, "Shop/shoe?layer=1&src=back&locale=fr"), "Shop/back");
    let nested = "Shop/shoe?layer=1&src=is(Shop/front)&locale=fr";
    let picture = picture(&store, nested);
    assert_eq!(picture.sources()[1], "assets/Shop/front_fr.tif", "a nested request inherits it");
}

#[test]
fn a_part_is_the_image_of_a_layer_cut() {
    let store = shop();
    let picture = picture(&store, "Shop/back?layer=1&src=shoe:Banner&layer=2&src=Shop/shoe:Swatch");
    for number in [1, 2] {
        let layer = layer(&picture, number);
        assert_eq!(source(&layer.content).key, "assets/Shop/shoe.tif");
        assert!(layer.transform.crop.is_some(), "{layer:?}");
    }
    assert_ne!(layer(&picture, 1).transform.crop, layer(&picture, 2).transform.crop);
    let first = picture_of_layer_0(&store, "Shop/back?src=shoe:Banner");
    assert_eq!(first.transform.crop, layer(&picture, 1).transform.crop);
    let error = error(&store, "Shop/back?layer=1&src=shoe:Poster");
    let wanted = "layer=1: src=shoe:Poster: no such image (assets/Shop/shoe:Poster.tif)";
    assert_eq!(error.message, wanted);
}

fn picture_of_layer_0(store: &MemoryStore, url: &str) -> Layer {
    picture(store, url).layer_0().unwrap().clone()
}

#[test]
fn a_hidden_layer_is_not_looked_up() {
    let store = shop();
    for hide in ["hide=1", "hide=$h$&$h=1"] {
        let url = format!("Shop/shoe?layer=1&src=gone&mask=is(Shop/none)&{hide}");
        let (resolved, batches) = batches(&store, &url);
        assert_eq!(batches.len(), 1, "{batches:?}");
        assert_eq!(resolved.unwrap().picture.layers.len(), 1);
    }
    assert!(error(&store, "Shop/shoe?layer=1&hide=1&src=front&crop=x").message.contains("crop=x"));
    // Layer 0 sets the canvas.
    let picture = picture(&store, "Shop/shoe?hide=1");
    assert!(picture.layer_0().unwrap().hidden);
    assert_eq!(picture.sources(), ["assets/Shop/shoe.tif"]);
}

#[test]
fn a_record_or_a_template_can_hide_a_layer() {
    let store = shop();
    record(&store, "front", r#"{"modifier": "hide=1"}"#);
    let count = |url: &str| picture(&store, url).layers.len();
    assert_eq!(count("Shop/shoe?layer=1&src=front"), 1);
    assert_eq!(count("Shop/shoe?layer=1&src=front&hide=0"), 2);
    let body = "layer=1&src=gone&hide=$off$&$off=1&layer=2&src=back";
    record(&store, "frame", &json!({"path": "", "modifier": body}).to_string());
    assert_eq!(count("Shop/shoe?template=frame&src=shoe"), 2);
    let error = error(&store, "Shop/shoe?template=frame&src=shoe&$off=0");
    assert!(error.message.starts_with("layer=1: src=gone: no such image"), "{error}");
}

#[test]
fn the_path_of_a_template_is_layer_0_only_if_nothing_else_is() {
    let store = shop();
    let body = json!({"path": "", "modifier": "layer=0&src=$object$&layer=1&src=front&mask=$m$"});
    record(&store, "frame", &body.to_string());
    record(&store, "shoe", r#"{"modifier": "rotate=20", "postModifier": "opac=9"}"#);
    let picture = picture(&store, "Shop/shoe?template=frame&$m=back");
    assert_eq!(
        picture.sources(),
        ["shoe", "front", "back"].map(|id| format!("assets/Shop/{id}.tif"))
    );
    assert_eq!(picture.layer_0().unwrap().transform.rotate.to_f64(), 20.0, "C16");
}

#[test]
fn a_colour_fills_the_image_of_layer_0_and_stands_alone_without_one() {
    let store = shop();
    let first = picture_of_layer_0(&store, "Shop/shoe?color=255,0,0");
    assert_eq!(source(&first.content).key, "assets/Shop/shoe.tif");
    assert_eq!(first.fill.unwrap().rgb(), [255, 0, 0]);
    let first = picture_of_layer_0(&store, "Shop?layer=0&color=255,0,0&size=5,5");
    assert!(matches!(first.content, Content::Solid(_)), "{first:?}");
}

#[test]
fn effects_are_masked_as_the_catalog_says_unless_the_request_does() {
    let store = shop();
    let masked = |url: &str| picture(&store, url).effect_mask;
    assert!(masked("Shop/shoe"));
    catalog(&store, "Shop", json!({"attributes": {"ApplyEffectMask": "0"}}));
    assert!(!masked("Shop/shoe"));
    assert!(masked("Shop/shoe?effectMask=1"));
    assert!(!masked("Shop/shoe?effectMask=0"));
}

#[test]
fn the_built_in_effects_have_a_colour() {
    let picture = picture(&shop(), "Shop/shoe?effect=-1&$shadow$&effect=1&$glow$");
    let [shadow, glow] = picture.composite.effects.as_slice() else { panic!("{picture:?}") };
    assert_eq!((shadow.number, shadow.color.rgb(), shadow.blend.opacity), (-1, [0; 3], 75));
    assert_eq!((glow.number, glow.color.rgb(), glow.blend.opacity), (1, [255, 255, 190], 75));
}

#[test]
fn a_reply_without_pixels_does_not_look_up_layers() {
    let store = shop();
    for kind in ["imageprops", "exists", "userdata", "validate"] {
        let url = format!("Shop/shoe?layer=1&src=gone&mask=Shop/none&req={kind}");
        let (resolved, batches) = batches(&store, &url);
        assert_eq!(batches.len(), 1, "{kind}");
        assert_eq!(resolved.unwrap().missing_image(), None, "{kind}");
    }
    let canonical = resolved(&store, "Shop/shoe?layer=1&src=front&req=resolve").answer.canonical;
    assert_eq!(canonical, "Shop/shoe?req=resolve&layer=1&src=front");
    record(&store, "front", r#"{"modifier": "opac=40"}"#);
    let canonical = resolved(&store, "Shop/shoe?layer=1&src=front&req=resolve").answer.canonical;
    assert_eq!(canonical, "Shop/shoe?req=resolve&layer=1&src=front&opac=40");
}

#[test]
fn a_missing_image_is_named_with_its_layer_its_object_and_its_key() {
    let store = shop();
    record(&store, "led", r#"{"path": "else/where.tif"}"#);
    record(&store, "logo", r#"{"svg": true}"#);
    for (url, message) in [
        ("Shop/shoe?layer=4&src=gone", "layer=4: src=gone: no such image (assets/Shop/gone.tif)"),
        (
            "Shop/shoe?layer=4&src=front&mask=Else/gone",
            "layer=4: mask=Else/gone: no such image (assets/Else/gone.tif)",
        ),
        (
            "Shop/shoe?layer=4&src=led",
            "layer=4: src=led: no such image (its Path leads to assets/Shop/else/where.tif)",
        ),
        (
            "Shop/shoe?layer=1&src=is(Shop/gone?wid=9)",
            "layer=1: src=is(…): Shop/gone: no such image (assets/Shop/gone.tif)",
        ),
        (
            "Shop/shoe?layer=1&src=is(Shop?wid=9)",
            "layer=1: src=is(…): no image in the path: /is/image/rootId/id, and layer 0 has \
             neither src=, text=, textPs=, color= nor size= with both sides",
        ),
        ("Shop/gone?layer=1&src=gone", "Shop/gone: no such image (assets/Shop/gone.tif)"),
        ("Shop/shoe?layer=1&src=logo", "layer=1: src=logo: no such image (svg/Shop/logo.svg)"),
    ] {
        let error = error(&store, url);
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::NotFound, message), "{url}");
    }
}

#[test]
fn a_layer_is_explained_with_the_text_that_its_commands_come_from() {
    let store = shop();
    record(&store, "front", r#"{"modifier": "opac=40&rotate=5"}"#);
    let told = crate::shop::get(&store, "Shop/shoe?layer=1&src=front&rotate=6&req=explain");
    let told: Value = serde_json::from_slice(&told.body).unwrap();
    let of = |list: &str, name: &str| {
        let commands = told[list].as_array().unwrap().iter();
        commands.filter(|command| command["name"] == name).map(|c| c["from"].clone()).next()
    };
    let modifier = json!({"text": "Modifier", "of": "Shop/front", "as": "source"});
    assert_eq!(of("commands", "opac"), Some(modifier.clone()));
    assert_eq!(of("overridden", "rotate"), Some(modifier));
    let keys: Vec<&str> =
        told["objects"].as_array().unwrap().iter().filter_map(|o| o["key"].as_str()).collect();
    assert!(keys.contains(&"records/Shop/front.json"), "{keys:?}");
}
