//! `cargo xtask build`: the release Worker, the browser package and the page's tools, and their sizes.

use anyhow::Result;

use crate::{browser_package, page_tools, steps, tools, worker};

/// Builds all packages and prints their sizes. Fails if one exceeds its limit.
pub fn run() -> Result<()> {
    tools::install()?;
    build_packages()?;
    // All sizes are printed before one of them fails.
    let sizes = [worker::check_size(), browser_package::check_size(), page_tools::check_size()];
    sizes.into_iter().collect()
}

/// Builds the Worker, the browser package and the page's tools in parallel.
pub fn build_packages() -> Result<()> {
    steps::run_in_parallel(&[
        ("Worker", worker::build),
        ("browser package", browser_package::build),
        ("page's tools", page_tools::build),
    ])
}
