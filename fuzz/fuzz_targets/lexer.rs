//! Any bytes as a request.
#![no_main]

#[path = "../invariants.rs"]
mod invariants;

use std::sync::LazyLock;

use azulejo::catalog::Catalog;

static CATALOG: LazyLock<Catalog> = LazyLock::new(invariants::catalog);

libfuzzer_sys::fuzz_target!(|request: &str| {
    invariants::check_request(request, &CATALOG).unwrap();
    // Other contexts are excluded: `served` resolves image requests only.
    if !request.starts_with("is/") && !request.contains("/is/") {
        invariants::check_lint(request).unwrap();
    }
});
