//! Any bytes as a rule and the request it is applied to.
#![no_main]

#[path = "../invariants.rs"]
mod invariants;

libfuzzer_sys::fuzz_target!(|text: &str| invariants::check_rules(text).unwrap());
