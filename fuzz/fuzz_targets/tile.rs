//! Any bytes as a tile, by each decoder there is.
#![no_main]

#[path = "../pictures.rs"]
mod pictures;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    pictures::check_tile(bytes).unwrap();
});
