//! `azulejo ingest --formats`: what originals may be, from the table that decodes them.

use std::io::Write;

use anyhow::Result;

/// Prints the list: name, extensions, what of it is read.
pub fn run() -> Result<()> {
    let mut out = std::io::stdout().lock();
    for format in originals::formats() {
        let extensions = format.extensions.join(" ");
        writeln!(out, "{:<10} {extensions:<22} {}", format.name, format.reads)?;
    }
    Ok(())
}
