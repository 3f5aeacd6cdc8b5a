//! Tells the page how far a pyramid is.

use js_sys::Function;
use originals::{Progress, Stage};
use wasm_bindgen::JsValue;

/// The least progress that is told. A picture has many more rows.
const STEP: f64 = 0.01;

/// What calls a function of the page, if there is one. Its errors are ignored.
pub fn reporter(function: Option<Function>) -> impl FnMut(Progress) {
    let mut last = None;
    move |progress: Progress| {
        let Some(function) = &function else { return };
        let is_new = last.is_none_or(|Progress { stage, done }| {
            stage != progress.stage || progress.done >= done + STEP || progress.done == 1.0
        });
        if is_new {
            last = Some(progress);
            let stage = match progress.stage {
                Stage::Decoding => "decoding",
                Stage::Writing => "writing",
            };
            let _ = function.call2(&JsValue::NULL, &progress.done.into(), &stage.into());
        }
    }
}
