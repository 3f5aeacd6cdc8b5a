//! Any characters as the RTF of a text layer.
#![no_main]

#[path = "../texts.rs"]
mod texts;

libfuzzer_sys::fuzz_target!(|text: &str| {
    texts::check_text(text).unwrap();
});
