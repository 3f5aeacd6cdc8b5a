//! What cargo checks: format, lints, tests, documentation.

use anyhow::{Result, bail};

use crate::{
    place,
    process::{self, cargo},
    tools,
};

/// Runs all checks, also those after one that failed.
pub fn run() -> Result<()> {
    // The lints look at the wasm packages for their own target, too.
    tools::wasm()?;
    let clippy = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"];
    let wasm_clippy = [
        "clippy",
        "--quiet",
        "--target",
        place::WASM,
        "--package",
        "azulejo",
        "--package",
        "edge-worker",
        "--package",
        "browser-preview",
        "--package",
        "store-worker",
        "--",
        "-D",
        "warnings",
    ];
    let checks: [(&str, &[&str]); 5] = [
        ("format", &["fmt", "--all", "--check"]),
        ("lints", &clippy),
        ("lints for wasm", &wasm_clippy),
        ("tests", &["test", "--quiet", "--workspace"]),
        ("documentation", &["doc", "--quiet", "--workspace", "--no-deps"]),
    ];
    let mut failed = Vec::new();
    for (name, arguments) in checks {
        println!("-- {name}: cargo {}", arguments.join(" "));
        let mut check = cargo(arguments)?;
        check.env("RUSTDOCFLAGS", "-D warnings").env("WASM_BINDGEN_USE_JS_SYS", "1");
        if let Err(error) = process::run(name, &mut check) {
            println!("error: {error}");
            failed.push(name);
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}
