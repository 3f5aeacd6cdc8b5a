use super::*;
use crate::error::ErrorKind;

fn set(commands: &[(&str, &str)]) -> Result<Request> {
    let mut request = Request::default();
    for (name, value) in commands {
        request.set(name, value)?;
    }
    Ok(request)
}

#[test]
fn names_are_unique_and_found_in_any_case() {
    let names: Vec<String> = rows().map(|row| row.name().to_ascii_lowercase()).collect();
    let mut unique = names.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), names.len());
    assert!(names.iter().all(|name| find(&name.to_ascii_uppercase()).is_some()));
}

#[test]
fn an_unknown_command_is_ignored() {
    assert!(!Request::default().set("imwidth", "300").unwrap());
}

#[test]
fn a_command_that_is_not_done_passes_without_effect_and_errs_with_one() {
    assert!(set(&[("rotate", "0"), ("iccEmbed", "0"), ("op_blur", "")]).is_ok());
    let error = set(&[("rotate", "30")]).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert_eq!(error.message, "rotate=30: not supported yet");
}

#[test]
fn the_last_of_crop_and_crop_n_counts() {
    let request = set(&[("crop", "1,2,3,4"), ("cropN", "0,0,.5,.5")]).unwrap();
    assert_eq!(request.source.crop, Some(Crop::Normalized([0.0, 0.0, 0.5, 0.5])));
}

#[test]
fn quality_is_brought_into_range_and_chroma_one_is_full() {
    let request = set(&[("qlt", "200,1")]).unwrap();
    assert_eq!(request.output.quality, Some((100, Chroma::Full)));
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
