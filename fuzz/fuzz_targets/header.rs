//! Any bytes as a stored file: TIFF, JPEG or PNG.
#![no_main]

#[path = "../pictures.rs"]
mod pictures;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    pictures::check_file(bytes).unwrap();
});
