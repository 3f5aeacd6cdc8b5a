//! `azulejo ingest --formats`: what originals may be, from the table that decodes them.

use std::io::Write;

use anyhow::Result;

use crate::ingest::svg;

/// Prints the list: name, extensions, what of it is read; then what is not accepted, and why.
pub fn run() -> Result<()> {
    let mut out = std::io::stdout().lock();
    let mut row = |name: &str, extensions: &str, about: &str| {
        writeln!(out, "{name:<10} {extensions:<24} {about}")
    };
    for format in originals::formats() {
        row(format.name, &format.extensions.join(" "), format.about)?;
    }
    let (name, extension, about) = svg::ABOUT;
    row(name, extension, about)?;
    row("\nNot accepted:", "", "")?;
    for format in originals::refused() {
        row(format.name, &format.extensions.join(" "), format.about)?;
    }
    Ok(())
}
