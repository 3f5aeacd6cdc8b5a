//! Any bytes as an SVG.
#![no_main]

#[path = "../drawings.rs"]
mod drawings;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    drawings::check_drawing(bytes).unwrap();
});
