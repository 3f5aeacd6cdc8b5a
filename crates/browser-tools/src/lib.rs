//! What the page needs now and then: pyramids of all originals that ingest reads, the score of two
//! pictures, reports on files. The page loads it when it is first needed.

mod failure;
mod file;
mod progress;
mod pyramid;
mod report;

use std::panic;

use js_sys::Function;
use wasm_bindgen::prelude::*;

/// A panic throws its message as a string. Every other error is an `Error`. After a panic the state
/// of the module is unknown, so the page starts another one.
#[wasm_bindgen(start)]
fn start() {
    panic::set_hook(Box::new(|panic| wasm_bindgen::throw_val(panic.to_string().into())));
}

/// Builds the pyramid TIFF of an original in any format that `azulejo ingest` reads, equal to what
/// it stores without an image profile. Errors call the original `name`.
///
/// `progress` is called with the part of the work that is done, from 0 to 1, and with `"decoding"`
/// or `"writing"`.
#[wasm_bindgen]
pub fn pyramid(
    bytes: &[u8],
    name: &str,
    #[wasm_bindgen(unchecked_optional_param_type = "(done: number, stage: string) => void")]
    progress: Option<Function>,
) -> Result<Vec<u8>, JsError> {
    let built = pyramid::build(bytes, name, &mut progress::reporter(progress));
    built.map_err(|message| JsError::new(&message))
}

/// The SSIMULACRA2 score of two rasters of straight RGBA in sRGB, each over white: 100 if they are
/// equal, and less the more they differ. Throws if one has another length than 4 × `width` ×
/// `height`, or if there are too many pixels.
#[wasm_bindgen]
pub fn ssimulacra2(one: &[u8], other: &[u8], width: u32, height: u32) -> Result<f64, JsError> {
    let score = compare::ssimulacra2(one, other, width as usize, height as usize);
    score.map_err(|error| JsError::new(&error.to_string()))
}

/// What `azulejo inspect --json` prints of a pyramid or an original, without the version of a stored
/// file.
#[wasm_bindgen]
pub fn inspect(bytes: &[u8], name: &str) -> Result<JsValue, JsValue> {
    let report = report::of(bytes, name);
    js_sys::JSON::parse(&report.map_err(|message| JsError::new(&message))?)
}
