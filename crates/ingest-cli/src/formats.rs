//! `azulejo ingest --formats`: what originals may be, from the table that decodes them.

use std::io::Write;

use anyhow::Result;

use crate::ingest::svg;

/// Prints the list: name, extensions, what of it is read; then what is not accepted, and why.
pub fn run() -> Result<()> {
    let mut out = std::io::stdout().lock();
    for format in originals::formats() {
        row(&mut out, format)?;
    }
    let (name, extension, about) = svg::ABOUT;
    writeln!(out, "{name:<10} {extension:<24} {about}")?;
    writeln!(out, "\nNot accepted:")?;
    for format in originals::unsupported_formats() {
        row(&mut out, format)?;
    }
    Ok(())
}

fn row(out: &mut impl Write, format: &originals::Format) -> std::io::Result<()> {
    let extensions = format.extensions.join(" ");
    writeln!(out, "{:<10} {extensions:<24} {}", format.name, format.about)
}
