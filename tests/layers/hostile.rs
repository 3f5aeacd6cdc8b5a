//! Requests that are made to take much.

use azulejo::limits::{LAYER_IMAGES, LAYERS, NESTED_REQUESTS, NESTING};

use super::*;

#[test]
fn many_layers_of_one_object_read_it_once() {
    let store = shop();
    let layers = (1..LAYERS).map(|number| format!("&layer={number}&src=back"));
    let (resolved, batches) = batches(&store, &format!("Shop/shoe?{}", layers.collect::<String>()));
    let picture = resolved.unwrap().picture;
    assert_eq!(picture.layers.len(), LAYERS);
    assert_eq!(picture.sources(), ["assets/Shop/shoe.tif", "assets/Shop/back.tif"]);
    let reads = batches.concat();
    assert_eq!(reads.iter().filter(|key| *key == "assets/Shop/back.tif").count(), 1);
    assert_eq!(reads.len(), 6, "{reads:?}");
}

#[test]
fn more_different_images_than_the_limit_are_refused_before_they_are_read() {
    let store = shop();
    let layers = |count: usize| {
        let layers = (1..=count).map(|number| format!("&layer={number}&src=i{number}"));
        batches(&store, &format!("Shop/shoe?{}", layers.collect::<String>()))
    };
    assert!(layers(LAYER_IMAGES).0.unwrap().missing_image().is_some());
    let (resolved, batches) = layers(LAYER_IMAGES + 1);
    let error = resolved.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert!(error.message.contains("more than 128 different images"), "{error}");
    assert_eq!(batches.len(), 1);
    // Those of nested requests count, too.
    let half = |from: usize| {
        let layers = (from..from + 65).map(|number| format!("&layer={number}&src=i{number}"));
        format!("is(Shop/shoe?{})", layers.collect::<String>())
    };
    let url = format!("Shop/shoe?layer=1&src={}&layer=2&src={}", half(1), half(100));
    assert!(error_of(&store, &url).message.contains("more than 128 different images"));
}

fn error_of(store: &MemoryStore, url: &str) -> Error {
    batches(store, url).0.unwrap_err()
}

#[test]
fn a_record_that_contains_itself_ends() {
    let store = shop();
    // Each time it is shown, it is shown twice more.
    let body = "layer=1&src=is(Shop/bomb)&layer=2&src=is(Shop/bomb?wid=2)";
    record(&store, "bomb", &json!({"path": "back", "modifier": body}).to_string());
    let (resolved, batches) = batches(&store, "Shop/bomb");
    let error = resolved.unwrap_err();
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert!(batches.len() < 4, "{batches:?}");
    let body = "layer=1&src=is(Shop/well)";
    record(&store, "well", &json!({"path": "back", "modifier": body}).to_string());
    let message = error_of(&store, "Shop/well").message;
    assert!(
        message.ends_with(&format!("nested deeper than {NESTING} levels; see MaxNesting")),
        "{message}"
    );
}

#[test]
fn nested_requests_are_counted_at_all_depths() {
    let store = shop();
    let many = |count: usize| {
        let layers =
            (1..=count).map(|number| format!("&layer={number}&src=is(Shop/back?wid={number})"));
        batches(&store, &format!("Shop/shoe?{}", layers.collect::<String>())).0
    };
    assert!(many(NESTED_REQUESTS).is_ok());
    let message = many(NESTED_REQUESTS + 1).unwrap_err().message;
    assert!(message.ends_with("more than 32 nested requests"), "{message}");
}

#[test]
fn requests_that_show_one_another_many_times_are_refused_before_they_grow() {
    let store = shop();
    // Six requests, whose picture would have 200 to the power of 5 layers.
    for depth in 0..5 {
        let source = format!("src=is(Shop/d{}?$)", depth + 1);
        let layers = (1..=200).map(|number| format!("layer={number}&{source}"));
        let modifier = layers.collect::<Vec<_>>().join("&");
        let fields = json!({"path": "back", "modifier": modifier});
        record(&store, &format!("d{depth}"), &fields.to_string());
    }
    record(&store, "d5", r#"{"path": "back"}"#);
    // 200 layers, each with a request of one layer.
    assert!(batches(&store, "Shop/d4").0.is_ok());
    let error = error_of(&store, "Shop/d0");
    assert_eq!(error.kind, ErrorKind::TooLarge);
    assert!(error.message.ends_with("show more than 4096 layers in all"), "{error}");
}

#[test]
fn a_chain_as_deep_as_permitted_is_resolved() {
    let store = shop();
    // Each object is found in a catalog of its own, by the Path of its record, with a mask.
    for depth in 0..=NESTING {
        let next = format!("layer=1&src=is(C{}/a)", depth + 1);
        let modifier = if depth < NESTING { next } else { String::new() };
        let fields = json!({"path": "b", "maskPath": "m", "modifier": modifier});
        catalog(&store, &format!("C{depth}"), json!({}));
        store.put(&format!("records/C{depth}/a.json"), fields.to_string().into_bytes());
        pyramid(&store, &format!("C{depth}/b"));
        pyramid(&store, &format!("C{depth}/m"));
    }
    assert_eq!(picture(&store, "C0/a").sources().len(), 2 * (NESTING + 1));
    let found = azulejo::sources::Lookup::default();
    let asked = request("C0/a");
    let stage = resolve::read(&asked, &found.buffer);
    assert!(pollster::block_on(found.run(&asked, &store, stage)).is_ok(), "within its rounds");
}

#[test]
fn records_that_add_much_to_many_layers_are_stopped() {
    let store = shop();
    let names = (0..40).map(|n| format!("big{n}")).collect::<Vec<_>>();
    for name in &names {
        let modifier = format!("text={}", "x".repeat(4000));
        record(&store, name, &json!({"path": "back", "modifier": modifier}).to_string());
    }
    let layers = names.iter().enumerate().map(|(n, name)| format!("&layer={}&src={name}", n + 1));
    let error = error_of(&store, &format!("Shop/shoe?{}", layers.collect::<String>()));
    assert_eq!(error.kind, ErrorKind::TooLarge);
}

#[test]
fn an_object_that_leaves_its_catalog_is_no_object() {
    let store = shop();
    for name in ["../front", "Shop/..%2F..%2Fsecret", "Shop/a%5Cb"] {
        for command in ["layer=1&src", "mask"] {
            let error = error(&store, &format!("Shop/shoe?{command}={name}"));
            assert_eq!(error.kind, ErrorKind::Syntax, "{name}: {error}");
        }
    }
}
