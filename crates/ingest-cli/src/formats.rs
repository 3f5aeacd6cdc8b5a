//! `azulejo ingest --formats`: prints the table of original formats.

use std::io::Write;

use anyhow::Result;

use crate::ingest::svg;

/// Prints name, extensions and accepted variants of each format, then the unsupported formats.
pub fn run() -> Result<()> {
    let mut out = std::io::stdout().lock();
    for format in originals::formats() {
        row(&mut out, format)?;
    }
    let svg::Format { name, extension, about } = svg::FORMAT;
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
