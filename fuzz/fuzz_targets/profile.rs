//! A rendering intent, and any bytes as an ICC profile.
#![no_main]

#[path = "../profiles.rs"]
mod profiles;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Some((intent, profile)) = bytes.split_first() {
        profiles::check_profile(profile, usize::from(*intent)).unwrap();
    }
});
