//! `azulejo ingest --formats`: what originals may be, from the table that decodes them.

use std::io::Write;

use anyhow::Result;

use crate::ingest::svg;

/// Prints the list: name, extensions, what of it is read.
pub fn run() -> Result<()> {
    let mut out = std::io::stdout().lock();
    for format in originals::formats() {
        let extensions = format.extensions.join(" ");
        writeln!(out, "{:<10} {extensions:<22} {}", format.name, format.reads)?;
    }
    let (name, extension, about) = svg::ABOUT;
    writeln!(out, "{name:<10} {extension:<22} {about}")?;
    Ok(())
}
