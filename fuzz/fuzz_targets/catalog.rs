//! Any bytes as the files of a catalog.
#![no_main]

#[path = "../invariants.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| invariants::check_catalog(text).unwrap());
