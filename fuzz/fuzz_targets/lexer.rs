//! Any bytes as a request.
#![no_main]

#[path = "../invariants.rs"]
mod invariants;

use std::sync::LazyLock;

use azulejo::catalog::Catalog;

static CATALOG: LazyLock<Catalog> = LazyLock::new(invariants::catalog);

libfuzzer_sys::fuzz_target!(|request: &str| {
    invariants::holds(request, &CATALOG).unwrap();
    // A context of its own: `served` asks for images alone.
    if !request.starts_with("is/") && !request.contains("/is/") {
        invariants::is_checked(request).unwrap();
    }
});
