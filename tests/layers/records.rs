//! What the records of images add to their layers and to the reply.

use super::*;

#[test]
fn a_modifier_gives_its_attributes_to_its_layer_and_the_request_overrides_them() {
    let store = shop();
    let modifier = "crop=1,2,3,4&opac=40&wid=7&pos=5,6&layer=1&flip=lr&layer=0&rotate=$a$&$a=30";
    let post = "rotate=10&opac=1";
    let fields = json!({"modifier": modifier, "postModifier": post});
    record(&store, "front", &fields.to_string());
    let url = "Shop/shoe?layer=3&src=front&opac=90&layer=4&src=front&$a=45";
    let picture = picture(&store, url);
    let (three, four) = (layer(&picture, 3), layer(&picture, 4));
    assert_eq!((three.treatment.blend.opacity, four.treatment.blend.opacity), (90, 40));
    assert_eq!(three.transform.rotate.to_f64(), 45.0, "variables of the request win");
    assert!(three.transform.crop.is_some() && three.placement.position.is_some());
    assert!(!three.treatment.flip.left_right, "layer 1 of the record is another layer");
    assert_eq!(picture.view.size, [None, None], "wid= is no attribute of a layer");
    assert_eq!(picture.layers.len(), 3);
    // The same image as layer 0 has the whole record.
    let whole = resolved(&store, "Shop/shoe?src=front&layer=1&color=0,0,0&size=1,1").picture;
    assert_eq!(whole.layer_0().unwrap().transform.rotate.to_f64(), 10.0);
    assert_eq!(whole.view.size, [Some(7), None]);
}

#[test]
fn variables_of_a_record_do_not_leak_into_other_layers() {
    let store = shop();
    record(&store, "front", r#"{"modifier": "rotate=$a$&$a=30"}"#);
    record(&store, "back", r#"{"modifier": "rotate=$a$&$a=60"}"#);
    let picture = picture(&store, "Shop/shoe?layer=1&src=front&layer=2&src=back");
    let turned = [1, 2].map(|number| layer(&picture, number).transform.rotate.to_f64());
    assert_eq!(turned, [30.0, 60.0]);
}

#[test]
fn a_record_with_an_image_of_its_own_is_no_source() {
    let store = shop();
    for modifier in ["src=back", "layer=1&mask=back"] {
        record(&store, "front", &json!({"modifier": modifier}).to_string());
        for command in ["src=front", "src=back&mask=front"] {
            let error = error(&store, &format!("Shop/shoe?layer=1&{command}"));
            assert_eq!(error.kind, ErrorKind::Value);
            let wanted = "src=Shop/front: a record with src= or mask= cannot be a source";
            assert_eq!(error.message, wanted, "{modifier} {command}");
        }
    }
}

#[test]
fn an_image_has_the_anchor_and_resolution_of_its_record() {
    let store = shop();
    pyramid(&store, "Other/plain");
    catalog(&store, "Other", json!({"attributes": {"Resolution": "300"}}));
    catalog(&store, "Shop", json!({"attributes": {"Resolution": "150"}}));
    record(&store, "front", r#"{"anchor": [3, -4], "resolution": 600}"#);
    let of = |url: &str| {
        let picture = picture(&store, url);
        let top = picture.layers.last().unwrap();
        let source = source(&top.content);
        (source.anchor, source.resolution.to_f64())
    };
    assert_eq!(of("Shop/front"), (Some([3, -4]), 600.0));
    assert_eq!(of("Shop/shoe?layer=1&src=front"), (Some([3, -4]), 600.0));
    assert_eq!(of("Shop/front?layer=1&src=back"), (None, 150.0), "not that of layer 0");
    assert_eq!(of("Shop/shoe?layer=1&src=Other/plain"), (None, 300.0));
}

#[test]
fn a_mask_is_the_mask_path_of_a_record_or_else_its_image() {
    let store = shop();
    pyramid(&store, "Shop/masks/a");
    record(&store, "front", r#"{"maskPath": "masks/a.tif"}"#);
    let mask = |url: &str, number| mask(&store, url, number);
    let a = Some("Shop/masks/a".to_owned());
    assert_eq!(mask("Shop/shoe?layer=1&src=back&mask=front", 1), a);
    assert_eq!(mask("Shop/shoe?mask=back", 0).as_deref(), Some("Shop/back"));
    assert_eq!(mask("Shop/front", 0), a, "the image of the path has it, too");
    assert_eq!(mask("Shop/shoe?src=front", 0), a);
    assert_eq!(mask("Shop/shoe?layer=1&src=front", 1), a);
    let back = mask("Shop/shoe?layer=1&src=front&mask=back", 1);
    assert_eq!(back.as_deref(), Some("Shop/back"), "mask= overrides it");
    assert_eq!(mask("Shop/front?text=a", 0), None, "a text does not show the image");
    record(&store, "front", r#"{"maskPath": "masks/gone"}"#);
    for (url, message) in [
        ("Shop/front", "layer=0: Shop/front: no such mask (its MaskPath is masks/gone)"),
        (
            "Shop/shoe?layer=2&src=front",
            "layer=2: src=front: no such image (its MaskPath is masks/gone)",
        ),
        (
            "Shop/shoe?layer=2&src=back&mask=front",
            "layer=2: mask=front: no such image (its MaskPath is masks/gone)",
        ),
    ] {
        assert_eq!(error(&store, url).message, message);
    }
}

#[test]
fn the_shortest_lifetime_of_all_layers_counts() {
    let store = shop();
    pyramid(&store, "Other/plain");
    catalog(&store, "Other", json!({"attributes": {"Expiration": "2"}}));
    record(&store, "front", r#"{"expiration": 1}"#);
    record(&store, "back", r#"{"expiration": -1}"#);
    let hours = |url: &str| resolved(&store, url).delivery.expiration.map(|s| s / 3600);
    assert_eq!(hours("Shop/shoe?layer=1&src=front"), Some(1));
    assert_eq!(hours("Shop/shoe?layer=1&src=back"), Some(10), "-1 is longer than the catalog's");
    assert_eq!(hours("Shop/back?layer=1&src=back"), None);
    assert_eq!(hours("Shop/back?layer=1&src=leather"), Some(10));
    assert_eq!(hours("Shop/back?layer=1&src=back&mask=front"), Some(1));
    assert_eq!(hours("Shop/shoe?layer=1&src=Other/plain"), Some(2));
    assert_eq!(hours("Shop/shoe?layer=1&src=is(Shop/front)"), Some(1));
    assert_eq!(hours("Shop/shoe?layer=1&src=is(Other/plain)"), Some(2));
    let deep = "Shop/back?layer=1&src=is(Shop/back?layer=1&src=is(Shop/back?layer=1&src=front))";
    assert_eq!(hours(deep), Some(1));
}

#[test]
fn the_newest_time_stamp_of_all_layers_counts() {
    let store = shop();
    catalog(&store, "Shop", json!({"attributes": {"UseLastModified": "1"}}));
    for (id, stamp) in [("shoe", 1e12), ("front", 3e12), ("back", 2e12)] {
        record(&store, id, &json!({"timeStamp": stamp}).to_string());
    }
    let date = |url: &str| resolved(&store, url).delivery.last_modified.unwrap();
    assert_eq!(date("Shop/shoe"), 1e12);
    assert_eq!(date("Shop/shoe?layer=1&src=back"), 2e12);
    assert_eq!(date("Shop/front?layer=1&src=back"), 3e12);
    assert_eq!(date("Shop/shoe?layer=1&src=is(Shop/back?mask=front)"), 3e12);
}
