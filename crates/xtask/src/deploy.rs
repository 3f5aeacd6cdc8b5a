//! `cargo xtask deploy`: builds the Worker and runs `wrangler deploy`.

use std::process::Stdio;

use anyhow::{Result, bail};

use crate::{build, wrangler};

/// Builds both packages from the present sources and deploys them. Wrangler gets `arguments`.
pub fn run(arguments: &[String]) -> Result<()> {
    build::run()?;
    // Runs in this terminal's own process group, because wrangler may prompt for a login.
    let mut deploy = wrangler::command(&["deploy"])?;
    let status = deploy.args(arguments).stdin(Stdio::inherit()).status()?;
    if !status.success() {
        bail!("wrangler deploy failed ({status})");
    }
    Ok(())
}
