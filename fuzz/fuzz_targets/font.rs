//! Any bytes as the file of a font.
#![no_main]

#[path = "../fonts.rs"]
mod fonts;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fonts::check_font(bytes).unwrap();
});
