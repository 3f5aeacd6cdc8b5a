//! Nested requests: each is a request of its own.

use super::*;

/// The picture that layer 1 shows.
fn inner(store: &MemoryStore, url: &str) -> Picture {
    nested_in(&picture(store, url), 1).clone()
}

#[test]
fn a_nested_request_has_the_macros_and_the_records_of_its_own_catalog() {
    let store = shop();
    pyramid(&store, "Other/coat");
    let macros = json!([["size", "wid=77"]]);
    catalog(&store, "Other", json!({"macros": macros, "attributes": {"Resolution": "300"}}));
    catalog(&store, "Shop", json!({"macros": [["size", "wid=11"]]}));
    let fields = json!({"modifier": "hei=5&crop=1,1,1,1", "postModifier": "hei=6&$size$"});
    store.put("records/Other/coat.json", fields.to_string().into_bytes());
    let inner = inner(&store, "Shop/shoe?layer=1&src=is(Other/coat?hei=4&crop=0,0,8,8)");
    assert_eq!(inner.view.size, [Some(77), Some(6)]);
    let first = inner.layer_0().unwrap();
    assert_eq!(source(&first.content).key, "assets/Other/coat.tif");
    assert_eq!(source(&first.content).resolution.to_f64(), 300.0);
    assert!(first.transform.crop.is_some());
    let inner = self::inner(&store, "Shop/shoe?layer=1&src=is{Shop/back?$size$}");
    assert_eq!(inner.view.size, [Some(11), None]);
    let error = error(&store, "Shop/shoe?layer=1&src=is(Other/coat?$none$)");
    assert_eq!(error.message, "src=is(…): $none$: no such macro");
}

#[test]
fn a_nested_request_can_use_a_template_and_layers_of_its_own() {
    let store = shop();
    let body = json!({"path": "", "modifier": "layer=0&src=$object$&layer=1&src=front"});
    record(&store, "frame", &body.to_string());
    let inner = inner(
        &store,
        "Shop/shoe?layer=1&src=is(Shop/back?template=frame&layer=2&mask=shoe&src=leather)",
    );
    // C14: `$object$` is the object of the outer path.
    let keys = ["shoe", "front", "leather"].map(|id| format!("assets/Shop/{id}.tif"));
    assert_eq!(inner.sources(), keys);
    assert_eq!(inner.layers.len(), 3);
}

#[test]
fn a_nested_request_without_a_path_belongs_to_the_catalog_around_it() {
    let store = shop();
    let inner = inner(&store, "Shop/shoe?layer=1&src=is(?src=$img$&size=30,30)&$img=back");
    assert_eq!(inner.sources(), ["assets/Shop/back.tif"]);
    assert_eq!(inner.layer_0().unwrap().transform.size, [Some(30), Some(30)]);
}

#[test]
fn a_nested_request_can_be_layer_0_and_then_the_path_is_not_shown() {
    let store = shop();
    let picture = picture(&store, "Shop/gone?src=is(Shop/back)&mask=is(Shop/front)");
    assert_eq!(picture.main_source(), None);
    assert_eq!(picture.sources(), ["assets/Shop/back.tif", "assets/Shop/front.tif"]);
}

#[test]
fn variables_are_forwarded_and_an_inner_definition_wins_over_them() {
    let store = shop();
    record(&store, "back", r#"{"modifier": "wid=$w$&hei=$h$&$w=1&$h=2"}"#);
    let size = |query: &str| {
        inner(&store, &format!("Shop/shoe?layer=1&src=is(Shop/back{query})&$w=5")).view.size
    };
    // C15: forwarded over the record's default, an inner one over both.
    assert_eq!(size(""), [Some(5), Some(2)]);
    assert_eq!(size("?$w=9"), [Some(9), Some(2)]);
    let deep = "Shop/shoe?layer=1&src=is(Shop/leather?layer=1&src=is(Shop/back))&$w=6&$h=7";
    let outer = inner(&store, deep);
    assert_eq!(nested_in(&outer, 1).view.size, [Some(6), Some(7)]);
    // Modifiers in a variable, and a nested request in one.
    let url = "Shop/shoe?layer=1&src=is(Shop/leather?$more$)&$more=wid%3D31";
    assert_eq!(inner(&store, url).view.size, [Some(31), None]);
    let url = "Shop/shoe?layer=1&src=$in$&$in=is%7BShop/leather?wid=32%7D";
    assert_eq!(inner(&store, url).view.size, [Some(32), None]);
}

#[test]
fn commands_of_the_reply_and_limits_of_size_do_not_apply_within() {
    let store = shop();
    let attributes = json!({"MaxPix": "9,9", "DefaultPix": "8,8"});
    catalog(&store, "Shop", json!({"attributes": attributes}));
    let url = "Shop/shoe?layer=1&src=is(Shop/back?wid=500&fmt=png&req=userdata&locale=xx&defaultImage=front)";
    let inner = inner(&store, url);
    assert_eq!((inner.view.max_pix, inner.view.default_pix), ([0; 2], [0; 2]));
    assert_eq!(inner.view.size, [Some(500), None]);
}

#[test]
fn nested_requests_are_looked_up_together() {
    let store = shop();
    let url = "Shop/shoe?layer=1&src=is(Shop/back)&layer=2&src=is(Shop/front?mask=leather)&layer=3&src=leather";
    let (resolved, batches) = batches(&store, url);
    assert_eq!(resolved.unwrap().picture.sources().len(), 4);
    assert_eq!(batches.len(), 2, "{batches:?}");
}

#[test]
fn the_canonical_request_contains_that_of_a_nested_one() {
    let store = shop();
    record(&store, "back", r#"{"modifier": "hei=5"}"#);
    let url = "Shop/shoe?layer=1&src=is{Shop/back?wid=9&fmt=png}&req=resolve";
    let canonical = resolved(&store, url).answer.canonical;
    assert_eq!(canonical, "Shop/shoe?req=resolve&layer=1&src=is(Shop/back?wid=9&hei=5)");
}

#[test]
fn a_nested_request_is_explained_with_its_record_and_its_macros() {
    let store = shop();
    pyramid(&store, "Other/coat");
    catalog(&store, "Other", json!({"macros": [["size", "wid=77"]]}));
    store.put("records/Other/coat.json", br#"{"modifier": "hei=5"}"#.to_vec());
    let told =
        crate::shop::get(&store, "Shop/shoe?layer=1&src=is(Other/coat?$size$)&$v=1&req=explain");
    let told: Value = serde_json::from_slice(&told.body).unwrap();
    let src = told["commands"].as_array().unwrap().iter().find(|c| c["name"] == "src").unwrap();
    let inner = &src["request"];
    let of = |name: &str| {
        let mut commands = inner["commands"].as_array().unwrap().iter();
        commands.find(|command| command["name"] == name).unwrap()["from"].clone()
    };
    assert_eq!(of("hei"), json!({"text": "Modifier", "of": "Other/coat", "as": "path"}));
    let called = json!([{"name": "size", "catalog": "Other"}]);
    assert_eq!(of("wid"), json!({"text": "URL", "macros": called}));
    assert_eq!(inner.get("variables"), None, "it defines none itself");
}
