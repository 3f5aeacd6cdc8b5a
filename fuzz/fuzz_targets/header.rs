//! Any bytes as a stored file: TIFF, JPEG or PNG.
#![no_main]

#[path = "../pictures.rs"]
mod pictures;

libfuzzer_sys::fuzz_target!(|file: &[u8]| pictures::file_holds(file).unwrap());
