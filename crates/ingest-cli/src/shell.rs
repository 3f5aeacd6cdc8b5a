//! `azulejo completions` and `azulejo man`: what a shell and `man` need to know the command line.

use std::{fs, io, io::Write, path::Path};

use anyhow::{Context, Result};
use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Args;

/// Prints the completions of a shell.
pub fn completions(shell: Shell) -> Result<()> {
    // Written at once: the crate panics where standard output is closed.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "azulejo", &mut script);
    Ok(io::stdout().lock().write_all(&script)?)
}

/// Writes a manual page for `azulejo` and for each of its commands.
pub fn man(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    clap_mangen::generate_to(Args::command(), folder)
        .with_context(|| folder.display().to_string())?;
    Ok(())
}
