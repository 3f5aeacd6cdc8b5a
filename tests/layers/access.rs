//! Objects of catalogs that refuse the request, named by a layer, a mask or a nested request.

use azulejo::resolved::Audience;

use super::*;

/// A catalog that refuses, by this member, with an object, a macro and a default image.
fn with_private(mut members: Value) -> MemoryStore {
    let store = shop();
    pyramid(&store, "Priv/secret");
    pyramid(&store, "Priv/sorry");
    members["attributes"]["DefaultImage"] = json!("sorry");
    members["macros"] = json!([["hidden", "wid=7"]]);
    catalog(&store, "Priv", members);
    store.put("records/Priv/secret.json", br#"{"modifier": "wid=3"}"#.to_vec());
    store
}

fn refusals() -> Vec<Value> {
    vec![
        json!({"attributes": {"ClientAddressFilter": "10.0.0.0/8"}}),
        json!({"attributes": {"RequestLock": "1"}}),
        json!({"rules": [{"expression": "^Priv/", "onMatch": "error"}], "attributes": {}}),
    ]
}

#[test]
fn an_object_that_its_catalog_refuses_is_missing_for_a_layer() {
    for refusal in refusals() {
        let store = with_private(refusal.clone());
        for (command, object) in [
            ("layer=1&src=Priv/@", "layer=1: src=Priv/@: no such image (assets/Priv/@.tif)"),
            ("mask=Priv/@", "layer=0: mask=Priv/@: no such image (assets/Priv/@.tif)"),
            (
                "layer=1&src=is(Priv/@)",
                "layer=1: src=is(…): Priv/@: no such image (assets/Priv/@.tif)",
            ),
            (
                "layer=1&src=is(Shop/back?layer=1&src=Priv/@)",
                "layer=1: src=is(…): layer=1: src=Priv/@: no such image (assets/Priv/@.tif)",
            ),
            (
                "layer=1&src=is(Shop/back?mask=is(Priv/@))",
                "layer=1: src=is(…): layer=0: mask=is(…): Priv/@: no such image (assets/Priv/@.tif)",
            ),
        ] {
            let [secret, absent] = ["secret", "absent"].map(|id| {
                let (resolved, batches) =
                    batches(&store, &format!("Shop/shoe?{}", command.replace('@', id)));
                let error = resolved.unwrap().missing_image();
                let error = error.unwrap_or_else(|| panic!("{refusal} {command} {id}"));
                (error.message.replace(id, "@"), batches.len())
            });
            assert_eq!(secret.0, object, "{refusal}");
            assert_eq!(secret, absent, "{refusal}");
        }
    }
}

#[test]
fn a_catalog_that_refuses_lends_neither_macros_nor_its_default_image() {
    for refusal in refusals() {
        let store = with_private(refusal);
        let error = error(&store, "Shop/shoe?layer=1&src=is(Priv/secret?$hidden$)");
        assert_eq!(error.message, "src=is(…): $hidden$: no such macro");
    }
    let open = with_private(json!({"attributes": {}}));
    let picture = picture(&open, "Shop/shoe?layer=1&src=is(Priv/secret?$hidden$)");
    let inner = nested_in(&picture, 1);
    assert_eq!(inner.view.size, [Some(7), None]);
    let picture = self::picture(&open, "Shop/shoe?layer=1&src=is(Priv/absent)");
    assert_eq!(picture.sources()[1], "assets/Priv/sorry.tif");
}

#[test]
fn a_trusted_catalog_is_admitted() {
    for mut refusal in refusals() {
        refusal["attributes"]["TrustedCatalogs"] = json!("Shop");
        let store = with_private(refusal);
        for command in ["layer=1&src=Priv/secret", "layer=1&src=is(Priv/secret?$hidden$)"] {
            let picture = picture(&store, &format!("Shop/shoe?{command}"));
            assert_eq!(picture.sources()[1], "assets/Priv/secret.tif");
        }
    }
}

#[test]
fn an_address_filter_that_was_asked_makes_the_reply_private() {
    let store = with_private(json!({"attributes": {"ClientAddressFilter": "192.0.2.0/24"}}));
    for command in ["layer=1&src=Priv/secret", "mask=Priv/secret", "layer=1&src=is(Priv/secret)"] {
        let resolved = resolved(&store, &format!("Shop/shoe?{command}"));
        assert_eq!(resolved.missing_image(), None);
        assert_eq!(resolved.delivery.audience, Audience::OneClient, "{command}");
    }
    let resolved = resolved(&store, "Shop/shoe?layer=1&src=front");
    assert_eq!(resolved.delivery.audience, Audience::Everybody);
}

#[test]
fn rules_of_the_own_catalog_refuse_what_a_layer_names_but_not_what_its_records_name() {
    let store = shop();
    let rule = json!({"expression": "^Shop/back", "onMatch": "error"});
    catalog(&store, "Shop", json!({"rules": [rule], "macros": [["top", "layer=1&src=back"]]}));
    for command in ["layer=1&src=back", "layer=1&src=is(Shop/back)", "mask=is(?src=back)"] {
        let error = error(&store, &format!("Shop/shoe?{command}"));
        assert!(error.message.contains("no such image"), "{error}");
    }
    picture(&store, "Shop/shoe?$top$");
    for body in
        ["layer=1&src=back", "layer=1&src=is(Shop/back)", "layer=1&src=is(Shop/front?mask=back)"]
    {
        record(&store, "frame", &json!({"path": "front", "modifier": body}).to_string());
        picture(&store, "Shop/frame");
        let (own, by_client) = (body.replace("back", "$x$"), "Shop/frame?$x=back");
        record(&store, "frame", &json!({"path": "front", "modifier": own}).to_string());
        assert!(error(&store, by_client).message.contains("no such image"), "{body}");
    }
}

#[test]
fn an_unpublished_object_and_one_without_its_record_are_missing() {
    let store = shop();
    record(&store, "front", r#"{"published": false}"#);
    for command in ["layer=1&src=front", "mask=front", "layer=1&src=is(Shop/front)"] {
        assert_eq!(error(&store, &format!("Shop/shoe?{command}")).kind, ErrorKind::NotFound);
    }
    let mut asked = request("Shop/shoe?layer=1&src=front");
    asked.access.unpublished = true;
    let buffer = FetchBuffer::default();
    let mut stage = resolve::read(&asked, &buffer);
    while let ControlFlow::Continue(reads) = buffer.poll(&mut stage) {
        pollster::block_on(buffer.fetch(&store, reads)).unwrap();
    }
    catalog(&store, "Shut", json!({"attributes": {"AllowDirectAccess": "include:"}}));
    pyramid(&store, "Shut/coat");
    let message = error(&store, "Shop/shoe?layer=1&src=Shut/coat").message;
    assert_eq!(message, "layer=1: src=Shut/coat: no such image (assets/Shut/coat.tif)");
}

#[test]
fn remote_images_follow_the_rules_of_the_catalog_whose_request_names_them() {
    let store = shop();
    let open = json!({"AllowDirectUrls": "1", "ForeignHosts": "img.example.com"});
    catalog(&store, "Open", json!({"attributes": open}));
    pyramid(&store, "Open/coat");
    const URL: &str = "https://img.example.com/a.jpg";
    for command in ["layer=1&src", "mask", "layer=1&src=is(Shop/back?src"] {
        let close = if command.contains('(') { ")" } else { "" };
        let error = error(&store, &format!("Shop/shoe?{command}=({URL}){close}"));
        assert_eq!(error.kind, ErrorKind::Forbidden);
        assert!(error.message.contains("AllowDirectUrls is off"), "{error}");
    }
    let resolved = resolved(&store, &format!("Shop/shoe?layer=1&src=is(Open/coat?mask=({URL}))"));
    assert_eq!(resolved.picture.sources()[2], URL);
    let [(url, rules)] = resolved.remote.as_slice() else { panic!("{:?}", resolved.remote) };
    assert_eq!((url.as_str(), rules.direct), (URL, true));
}
