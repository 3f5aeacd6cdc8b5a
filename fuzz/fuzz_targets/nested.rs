//! Any bytes as a variable, which a nested request may hold many times.
#![no_main]

#[path = "../invariants.rs"]
mod invariants;

use std::sync::LazyLock;

use azulejo::catalog::Catalog;

static CATALOG: LazyLock<Catalog> = LazyLock::new(invariants::catalog);

libfuzzer_sys::fuzz_target!(|text: &str| {
    let escaped = text.replace('%', "%25").replace('&', "%26");
    invariants::check_request(&format!("a/b?$v={escaped}&src=is{{c/d?src=$v$}}&mask=$v$"), &CATALOG)
        .unwrap();
    invariants::check_request(&format!("a/b?src=is{{{text}}}&wid=3"), &CATALOG).unwrap();
});
