//! Checks SVG files, which are stored unchanged.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use anyhow::{Context, Result, bail};
use azulejo::svg::mended;
use roxmltree::{Document, ParsingOptions};

/// The largest file in bytes, as in Dynamic Media (r-svg).
const MAX_BYTES: u64 = 1 << 20;

/// The most elements, texts and comments. No drawing of [`MAX_BYTES`] bytes has more.
const MAX_NODES: u32 = 1 << 17;

/// How much entities can enlarge a file. Each is at most as long as the file, and the parser
/// expands at most 255 of them.
const MAX_EXPANSION: u64 = 256;

const NAMESPACE: &str = "http://www.w3.org/2000/svg";

/// A row of `azulejo ingest --formats`.
pub struct Format {
    /// The name of the format.
    pub name: &'static str,
    /// The file name extension, without the dot.
    pub extension: &'static str,
    /// Which variants are accepted.
    pub about: &'static str,
}

/// The row of SVG.
pub const FORMAT: Format = Format {
    name: "SVG",
    extension: "svg",
    about: "stored as it is; well-formed, up to 1 MiB, not compressed",
};

/// Whether a file is XML, and so an SVG or unsupported.
pub fn is_xml(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(64).read_to_end(&mut head)?;
    Ok(originals::is_xml(&head))
}

/// Peak memory of [`check`] for a file of `len` bytes, in bytes. Fails if the file is too long.
pub fn memory(len: u64) -> Result<u64> {
    if len > MAX_BYTES {
        bail!("an SVG of {} KiB: expected at most {} KiB", len.div_ceil(1024), MAX_BYTES / 1024);
    }
    Ok(len * MAX_EXPANSION)
}

/// Fails if the text is not a well-formed SVG in UTF-8, once it is mended as the server does.
pub fn check(text: &[u8]) -> Result<()> {
    let text = str::from_utf8(text).context("an SVG that is not UTF-8: store it as UTF-8")?;
    // Drawing programs declare entities for namespaces, so a DTD is allowed. Expansion is limited,
    // and external entities are never read.
    let options = ParsingOptions { allow_dtd: true, nodes_limit: MAX_NODES, ..Default::default() };
    let text = mended(text.strip_prefix('\u{feff}').unwrap_or(text));
    let document = Document::parse_with_options(&text, options).context("not well-formed XML")?;
    let root = document.root_element().tag_name();
    if (root.namespace(), root.name()) != (Some(NAMESPACE), "svg") {
        bail!("XML with the root <{}>: expected <svg xmlns=\"{NAMESPACE}\">", root.name());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        format!("{:#}", check(text.as_bytes()).unwrap_err())
    }

    #[test]
    fn only_well_formed_svg_is_accepted() {
        let svg = r#"<svg:svg xmlns:svg="http://www.w3.org/2000/svg"><svg:g/></svg:svg>"#;
        check(svg.as_bytes()).unwrap();
        check(format!("\u{feff}<?xml version=\"1.0\"?>\n{svg}").as_bytes()).unwrap();
        assert!(refused("<svg><g></svg>").starts_with("not well-formed XML: "));
        assert!(refused("<html/>").starts_with("XML with the root <html>: expected <svg"));
        check(b"<svg a='b&c'/>").unwrap();
        assert!(check(b"<svg>\xff</svg>").unwrap_err().to_string().contains("UTF-8"));
    }

    #[test]
    fn entities_do_not_expand_without_bound_and_are_not_external() {
        let entity = |n: u32| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10));
        let laughs: String = (1..9).map(entity).collect();
        let head = format!("<!DOCTYPE svg [<!ENTITY e0 'ha'>{laughs}]>");
        let body = r#"<svg xmlns="http://www.w3.org/2000/svg"><desc>&e8;</desc></svg>"#;
        assert!(refused(&format!("{head}{body}")).starts_with("not well-formed XML: "));
        let outside = r#"<!DOCTYPE svg [<!ENTITY e8 SYSTEM "file:///etc/passwd">]>"#;
        assert!(refused(&format!("{outside}{body}")).starts_with("not well-formed XML: "));
        let namespace = r#"<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]>"#;
        check(format!("{namespace}<svg xmlns=\"&ns;\"/>").as_bytes()).unwrap();
    }

    #[test]
    fn a_long_file_is_refused_by_its_length() {
        let message = memory(MAX_BYTES + 1).unwrap_err().to_string();
        assert_eq!(message, "an SVG of 1025 KiB: expected at most 1024 KiB");
    }
}
