//! `cargo xtask build`: the release Worker and the modules of the page, and their sizes.

use anyhow::Result;

use crate::{
    browser_package,
    page_module::{STUDIO_ENGINE, TOOLS},
    steps, tools, worker,
};

/// Builds all packages and prints their sizes. Fails if one exceeds its limit.
pub fn run() -> Result<()> {
    tools::install()?;
    build_packages()?;
    // All sizes are printed before one of them fails.
    let sizes = [
        worker::check_size(),
        browser_package::check_size(),
        STUDIO_ENGINE.check_size(),
        TOOLS.check_size(),
    ];
    sizes.into_iter().collect()
}

/// Builds the Worker and the modules of the page in parallel.
pub fn build_packages() -> Result<()> {
    steps::run_in_parallel(&[
        ("Worker", worker::build),
        ("browser package", browser_package::build),
        (STUDIO_ENGINE.title, || STUDIO_ENGINE.build()),
        (TOOLS.title, || TOOLS.build()),
    ])
}
