use super::*;
use crate::{
    codec::{FORMATS, Format, Subsampling, UNSUPPORTED},
    error::ErrorKind,
    pixel::ColorModel,
    ratio::Ratio,
};

/// Applies commands in the scope of a request without `layer=`.
fn set(commands: &[(&str, &str)]) -> Result<Request> {
    let mut request = Request::default();
    for (name, value) in commands {
        let row = find(name).unwrap().row;
        if let Ok(place) = row.place(Scope::COMPOSITE) {
            request.set(row, place, value)?;
        }
    }
    Ok(request)
}

fn layer_0(name: &str, value: &str) -> LayerAttributes {
    let mut request = Request::default();
    let row = find(name).unwrap().row;
    match request.set(row, row.place(Scope::LAYER_0).unwrap(), value) {
        Err(error) if error.kind != ErrorKind::Unsupported => panic!("{error}"),
        Ok(()) | Err(_) => request.layers.remove(&0).unwrap().attributes,
    }
}

#[test]
fn names_are_unique_and_found_in_any_case() {
    let names: Vec<String> = rows().map(|row| row.name().to_ascii_lowercase()).collect();
    let mut unique = names.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), names.len());
    assert!(names.iter().all(|name| find(&name.to_ascii_uppercase()).is_some()));
    assert!(find("imwidth").is_none());
}

#[test]
fn other_names_and_forms_share_a_slot() {
    let slot = |name| find(name).unwrap().slot;
    assert_eq!(slot("colorize"), slot("op_colorize"));
    assert_eq!(slot("op_usmR"), slot("op_usm"));
    assert_eq!(slot("textPs"), slot("src"));
    assert_eq!(slot("cropN"), slot("crop"));
}

#[test]
fn an_empty_value_is_ignored() {
    for row in rows() {
        let Ok(place) = row.place(Scope::COMPOSITE) else { continue };
        if row.name() == "sizeN" {
            continue;
        }
        Request::default().set(row, place, "").unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn values_are_validated() {
    assert_eq!(layer_0("rotate", "-390").rotate, Ratio::from(-30_i64));
    assert_eq!(layer_0("extend", "1,2,3,-4").extend, Some(Measure::Pixels([1, 2, 3, -4])));
    assert_eq!(layer_0("opac", "50").appearance.opacity, 50);
    assert_eq!(layer_0("clippathe", "a, b").clip_embedded, ["a", "b"]);
    assert_eq!(layer_0("textAttr", "150,crisp").text.attributes.resolution, 150);
    let quad = "0,0,10,0,10,10,0,10,R3T20";
    let perspective = layer_0("perspective", quad).perspective.unwrap();
    assert_eq!(perspective.sampling, Sampling::Super(Some(20)));
}

#[test]
fn operations_are_stored_in_their_scope() {
    let mut request = Request::default();
    let mut say = |name: &str, value, scope| {
        let row = find(name).unwrap().row;
        let result = request.set(row, row.place(scope).unwrap(), value);
        result.map_err(|error| (error.kind, error.message))
    };
    let layer = Scope { layer: Some(1), effect: None };
    let effect = Scope { effect: Some(-1), ..layer };
    assert_eq!(say("op_hue", "7", Scope::COMPOSITE), Ok(()));
    assert_eq!(say("op_grow", "2", effect), Ok(()));
    assert_eq!(say("colorize", "ff0000", Scope::LAYER_0), Ok(()));
    assert_eq!(say("op_growMask", "0", Scope::COMPOSITE), Ok(()));
    assert_eq!(say("op_usm", "1,1", Scope::LAYER_0), Ok(()));
    assert_eq!(say("op_usmR", "1,1", layer), Ok(()));
    let count = |ops: &Ops| ops.iter().flatten().count();
    assert_eq!(count(&request.composite.ops), 1);
    assert_eq!(count(&request.layers[&0].ops), 2);
    let layer = &request.layers[&1];
    assert_eq!((count(&layer.ops), count(&layer.effects[&-1].ops)), (1, 1));
}

#[test]
fn an_image_is_a_name_a_request_or_a_url() {
    let image = |value| layer_0("src", value).source.image;
    assert_eq!(image("/Shop/shoe"), Some(Image::Object("/Shop/shoe".into())));
    assert_eq!(image("is{a?b=1}"), Some(Image::Request("a?b=1".into())));
    assert_eq!(image("( http://a/ )"), Some(Image::Remote("http://a/".into())));
}

#[test]
fn shapes_that_no_perspective_has_are_refused() {
    for quad in ["0,0,10,0,0,10,10,10", "0,0,0,0,10,10,0,10", "0,0,10,0,2,2,0,10", "1,2,3"] {
        assert_eq!(set(&[("perspective", quad)]).unwrap_err().kind, ErrorKind::Value, "{quad}");
    }
}

#[test]
fn scopes_are_the_rows() {
    let place = |name: &str, scope| find(name).unwrap().row.place(scope);
    let (comp, zero) = (Scope::COMPOSITE, Scope::LAYER_0);
    let effect = Scope { layer: Some(2), effect: Some(-1) };
    assert_eq!(place("wid", effect), Ok(Place::Request));
    assert_eq!(place("size", comp), Ok(Place::In(zero)));
    assert_eq!(place("flip", comp), Ok(Place::In(comp)));
    assert_eq!(place("op_blur", effect), Ok(Place::In(effect)));
    assert_eq!(place("op_blur", comp), Ok(Place::In(comp)));
    assert_eq!(place("op_growMask", comp), Ok(Place::In(zero)));
    assert!(place("pos", comp).is_err() && place("blendMode", zero).is_err());
    assert!(place("rotate", effect).is_err() && place("op_usm", effect).is_err());
    assert!(place("op_growMaskR", effect).is_err());
    let error = set(&[("sizeN", ".5,.5")]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Value, "{error}");
}

#[test]
fn quality_is_brought_into_range_and_chroma_one_is_full() {
    let request = set(&[("qlt", "200,1")]).unwrap();
    let full = Some(Subsampling::Yuv444);
    assert_eq!((request.output.quality, request.output.subsampling), (Some(100), full));
}

#[test]
fn fit_without_upscale_does_not_enlarge() {
    let fit = set(&[("fit", "Constrain")]).unwrap().view.fit.unwrap();
    assert_eq!(fit, Fit { mode: FitMode::Constrain, upscale: false });
}

#[test]
fn an_empty_background_is_the_catalogs() {
    assert_eq!(set(&[("bgc", ",,")]).unwrap().view.background, None);
}

#[test]
fn a_handler_that_could_be_a_script_is_refused() {
    assert_eq!(set(&[("handler", "a();b")]).unwrap_err().kind, ErrorKind::Value);
}

#[test]
fn every_name_of_a_format_is_an_image_or_is_refused_by_name() {
    let mut names = Vec::new();
    for format in FORMATS {
        for (alpha, list) in [(false, format.names), (true, format.alpha_names)] {
            for name in list {
                let output = set(&[("fmt", &name.to_uppercase())]).unwrap().output;
                assert_eq!((output.format, output.alpha), (format, alpha), "{name}");
                names.push(*name);
            }
        }
    }
    for (_, unsupported, instead) in UNSUPPORTED {
        for name in *unsupported {
            let error = set(&[("fmt", name)]).unwrap_err();
            let wanted = format!("fmt={name}: not supported; use {instead}");
            assert_eq!((error.kind, error.message), (ErrorKind::Unsupported, wanted));
            names.push(*name);
        }
        for requested in instead.split([' ', ',']).filter_map(|word| word.strip_prefix("fmt=")) {
            assert!(set(&[("fmt", requested)]).is_ok(), "{requested}");
        }
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two formats share a name");
    let error = set(&[("fmt", "bmp")]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Value);
    assert!(error.message.contains("a format such as jpeg, pjpeg, png, "), "{error}");
}

#[test]
fn the_row_of_fmt_lists_the_names_and_colors_of_the_formats() {
    let Row::Command(Command { support: Support::Partial(note), .. }) = find("fmt").unwrap().row
    else {
        panic!("all formats are supported: the row is full");
    };
    let names: Vec<&str> = Format::all_names().collect();
    let (last, others) = names.split_last().unwrap();
    let colors = "rgb and gray, cmyk where the format has it";
    assert_eq!(*note, format!("{} and {last}; {colors}", others.join(", ")));
    for format in FORMATS {
        for (word, model) in
            [("rgb", ColorModel::Rgb), ("gray", ColorModel::Gray), ("cmyk", ColorModel::Cmyk)]
        {
            let value = format!("{},{word}", format.names[0]);
            let read = set(&[("fmt", &value)]);
            assert_eq!(read.is_ok(), format.models.contains(&model), "{value}");
        }
    }
}
