//! The default image in place of a missing image of a layer (J7, J8).

use super::*;

fn with_default(mode: &str) -> MemoryStore {
    let store = shop();
    pyramid(&store, "Shop/sorry");
    let attributes =
        json!({"DefaultImage": "sorry", "DefaultImageMode": mode, "DefaultExpiration": "3"});
    catalog(&store, "Shop", json!({"attributes": attributes}));
    record(&store, "sorry", r#"{"modifier": "opac=50", "anchor": [1, 2]}"#);
    store
}

#[test]
fn mode_0_replaces_the_whole_request_for_one_missing_layer() {
    let store = with_default("0");
    for missing in ["src=gone", "src=front&mask=gone", "src=is(Gone/a)"] {
        let resolved = resolved(&store, &format!("Shop/shoe?wid=40&rotate=9&layer=1&{missing}"));
        let picture = &resolved.picture;
        assert_eq!(resolved.missing_image(), None, "{missing}");
        assert_eq!(picture.sources(), ["assets/Shop/sorry.tif"], "{missing}");
        assert_eq!(picture.layers.len(), 1);
        assert_eq!(picture.view.size, [Some(40), None], "wid= stays");
        assert_eq!(picture.layer_0().unwrap().transform.rotate.to_f64(), 0.0);
        assert_eq!(resolved.asset.as_deref(), Ok("assets/Shop/sorry.tif"));
        assert_eq!(resolved.delivery.expiration, Some(3 * 3600));
    }
}

#[test]
fn mode_0_takes_a_template_with_layers_of_its_own() {
    let store = with_default("0");
    record(&store, "sorry", r#"{"path": "", "modifier": "src=back&layer=1&src=front"}"#);
    let picture = picture(&store, "Shop/shoe?layer=1&src=gone");
    assert_eq!(picture.sources(), ["assets/Shop/back.tif", "assets/Shop/front.tif"]);
    record(&store, "sorry", r#"{"path": "", "modifier": "src=back&layer=1&src=away"}"#);
    let error = error(&store, "Shop/shoe?layer=1&src=gone");
    assert!(error.message.starts_with("layer=1: src=away: no such image"), "{error}");
}

#[test]
fn mode_1_replaces_only_the_missing_layers() {
    let store = with_default("1");
    let url =
        "Shop/shoe?rotate=9&layer=1&src=gone&opac=70&layer=2&src=front&layer=3&src=is(Shop/away)";
    let resolved = resolved(&store, url);
    let picture = &resolved.picture;
    let keys = ["shoe", "sorry", "front"].map(|id| format!("assets/Shop/{id}.tif"));
    assert_eq!(picture.sources(), keys);
    assert_eq!(layer(picture, 1).treatment.blend.opacity, 70, "attributes of the layer apply");
    assert_eq!(source(&layer(picture, 1).content).anchor, Some([1, 2]));
    assert_eq!(picture.layer_0().unwrap().transform.rotate.to_f64(), 9.0);
    assert_eq!(resolved.delivery.expiration, Some(3 * 3600), "DefaultExpiration");
    // A nested request has the default image of its own catalog.
    let outer = self::picture(&store, "Shop/shoe?layer=3&src=is(Shop/away?wid=5)");
    let inner = nested_in(&outer, 3);
    assert_eq!((inner.sources(), inner.view.size[0]), (vec!["assets/Shop/sorry.tif"], Some(5)));
}

#[test]
fn mode_1_does_not_mask_with_the_default_image() {
    let error = error(&with_default("1"), "Shop/shoe?layer=1&src=front&mask=gone");
    assert_eq!(error.message, "layer=1: mask=gone: no such image (assets/Shop/gone.tif)");
}

#[test]
fn a_default_image_replaces_images_only() {
    let store = with_default("0");
    let error = error(&store, "Shop/shoe?layer=1&src=gone&req=props");
    assert_eq!(error.message, "layer=1: src=gone: no such image (assets/Shop/gone.tif)");
    let error = self::error(&store, "Shop/shoe?layer=1&src=gone&defaultImage=");
    assert_eq!(error.message, "layer=1: src=gone: no such image (assets/Shop/gone.tif)");
}

#[test]
fn a_missing_path_needs_no_default_image_where_layer_0_shows_something_else() {
    let store = with_default("0");
    for shown in ["src=is(Shop/back)", "color=9,9,9&size=4,4"] {
        let picture = picture(&store, &format!("Shop/gone?layer=0&{shown}&layer=1&src=front"));
        assert!(!picture.sources().contains(&"assets/Shop/sorry.tif"), "{shown}");
        assert_eq!(picture.layers.len(), 2);
    }
    // A source or a colour of another layer does not count for layer 0.
    for other in ["layer=1&src=front", "layer=1&color=9,9,9&size=4,4"] {
        let picture = picture(&store, &format!("Shop/gone?{other}"));
        assert_eq!(picture.sources(), ["assets/Shop/sorry.tif"]);
    }
}

#[test]
fn an_error_image_can_have_layers() {
    let store = shop();
    catalog(&store, "Shop", json!({"attributes": {"ErrorImage": "oops"}}));
    let body = "layer=0&src=back&layer=1&src=front&hide=$error.message$";
    record(&store, "oops", &json!({"path": "", "modifier": body}).to_string());
    let (asked, buffer) = (request("Shop/gone?wid=5"), FetchBuffer::default());
    let error = Error::new(ErrorKind::NotFound, "0");
    let mut stage = resolve::error_image(&asked, &buffer, &error);
    let resolved = loop {
        match buffer.poll(&mut stage) {
            ControlFlow::Break(resolved) => break resolved.unwrap().unwrap(),
            ControlFlow::Continue(reads) => {
                pollster::block_on(buffer.fetch(&store, reads)).unwrap();
            }
        }
    };
    let keys = ["back", "front"].map(|id| format!("assets/Shop/{id}.tif"));
    assert_eq!(resolved.picture.sources(), keys);
    assert_eq!(resolved.asset.as_deref(), Ok("assets/Shop/back.tif"));
}
