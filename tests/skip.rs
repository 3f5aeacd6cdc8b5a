//! Tests that lack something on this machine say so. `cargo xtask test` counts them.

use std::{env, fs::File, io::Write, thread};

/// Says that the test does nothing, or a part of it, for want of `what`: `corpus`, `reference` or the
/// name of a program. Where the variable `AZULEJO_REQUIRE` lists it, between commas, that is an
/// error.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub fn skip(what: &str, why: &str) {
    let required = env::var("AZULEJO_REQUIRE").unwrap_or_default();
    let is_required = required.split(',').any(|name| name.trim() == what);
    assert!(!is_required, "{what}: {why}; AZULEJO_REQUIRE={required}");
    let name = thread::current().name().unwrap_or_default().to_owned();
    eprintln!("skipped: {name} lacks {what}: {why}");
    // The output of a test that passes is shown to nobody.
    if let Some(list) = env::var_os("AZULEJO_SKIPPED") {
        let line = format!("{what}\t{name}\t{why}\n");
        let list = File::options().append(true).create(true).open(list);
        let written = list.and_then(|mut list| list.write_all(line.as_bytes()));
        assert!(written.is_ok(), "{written:?}");
    }
}
