//! The exports of the wasm module. They take and return numbers only, so JavaScript needs no
//! generated code. An instance encodes one picture.

use std::cell::RefCell;

use wasm_bindgen::prelude::wasm_bindgen;

use crate::{Picture, encode};

thread_local! {
    /// The samples of the picture.
    static SAMPLES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    /// The file, or the reason why there is none.
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Reserves memory for the samples of a picture, and returns its address.
#[wasm_bindgen]
pub fn reserve(bytes: usize) -> *const u8 {
    SAMPLES.with_borrow_mut(|samples| {
        *samples = vec![0; bytes];
        samples.as_ptr()
    })
}

/// Encodes the picture whose samples are in the reserved memory. Returns whether there is a file;
/// otherwise the output is the reason, as UTF-8.
#[wasm_bindgen]
pub fn run(width: u32, height: u32, channels: u8, quality: u8, full_chroma: bool) -> bool {
    let picture = Picture { pixels: SAMPLES.take(), width, height, channels };
    let (is_file, output) = match encode(picture, quality, full_chroma) {
        Ok(file) => (true, file),
        Err(failed) => (false, failed.to_string().into_bytes()),
    };
    OUTPUT.set(output);
    is_file
}

/// The address of the output.
#[wasm_bindgen]
pub fn output() -> *const u8 {
    OUTPUT.with_borrow(|output| output.as_ptr())
}

/// The length of the output in bytes.
#[wasm_bindgen]
pub fn output_length() -> usize {
    OUTPUT.with_borrow(Vec::len)
}
