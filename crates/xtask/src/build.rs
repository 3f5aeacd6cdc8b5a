//! `cargo xtask build`: the release Worker and the browser package, and their sizes.

use anyhow::Result;

use crate::{browser_package, steps, tools, worker};

/// Builds both packages and prints their sizes. Fails if one exceeds its limit.
pub fn run() -> Result<()> {
    tools::install()?;
    build_packages()?;
    // Both sizes are printed before one of them fails.
    let (worker, browser) = (worker::check_size(), browser_package::check_size());
    worker.and(browser)
}

/// Builds the Worker and the browser package in parallel.
pub fn build_packages() -> Result<()> {
    steps::run_in_parallel(&[
        ("Worker", worker::build),
        ("browser package", browser_package::build),
    ])
}
