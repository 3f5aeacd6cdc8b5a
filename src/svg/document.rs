//! Parses the XML of an SVG with bounds on what its entities can make of it.

use std::borrow::Cow;

use resvg::usvg::roxmltree::{Document, Node, ParsingOptions};

use super::mend::mended;
use crate::{
    error::{Error, Result},
    limits,
};

/// The namespace of SVG.
pub const SVG: &str = "http://www.w3.org/2000/svg";
/// The namespace of `xlink:href`.
pub const XLINK: &str = "http://www.w3.org/1999/xlink";

/// The text of a file, mended and without a byte order mark. Fails if the file is too long or is not
/// UTF-8.
pub fn text(bytes: &[u8]) -> Result<Cow<'_, str>> {
    let (kib, limit) = (bytes.len().div_ceil(1024), limits::SVG_BYTES >> 10);
    if bytes.len() as u64 > limits::SVG_BYTES {
        let message = format!("the SVG has {kib} KiB: expected at most {limit} KiB");
        return Err(Error::too_large(message));
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        Error::bad_source(format!("the SVG is not UTF-8 ({error}): store it as UTF-8"))
    })?;
    Ok(mended(text.strip_prefix('\u{feff}').unwrap_or(text)))
}

/// Parses a document. Entities are expanded, because drawing programs declare namespaces as such.
/// External ones are never read.
pub fn parse(text: &str) -> Result<Document<'_>> {
    // The parser follows at most 255 references, each to an entity of the document type.
    let declared = document_type(text);
    if declared > limits::SVG_ENTITY_BYTES {
        let message = format!(
            "the SVG declares {declared} bytes in its document type: expected at most {}",
            limits::SVG_ENTITY_BYTES
        );
        return Err(Error::too_large(message));
    }
    let options = ParsingOptions {
        allow_dtd: true,
        nodes_limit: limits::SVG_NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(text, options);
    let document = document
        .map_err(|error| Error::bad_source(format!("the SVG is not well-formed XML: {error}")))?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        let name = root.tag_name().name();
        let message = format!("XML with the root <{name}>: expected <svg xmlns=\"{SVG}\">");
        return Err(Error::bad_source(message));
    }
    Ok(document)
}

/// The value of `href`, which comes before that of `xlink:href` (SVG 2, section 16.1.4).
pub fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    // A name without a namespace would find the first of both.
    let own = node.attributes().find(|it| it.name() == "href" && it.namespace().is_none());
    own.map(|own| own.value()).or_else(|| node.attribute((XLINK, "href")))
}

/// The bytes of the document type declaration; 0 without one.
pub fn document_type(text: &str) -> usize {
    let Some((_, declaration)) = text.split_once("<!DOCTYPE") else { return 0 };
    let (mut quote, mut depth) = (None, 0_usize);
    for (at, byte) in declaration.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'[') => depth += 1,
            (None, b']') => depth = depth.saturating_sub(1),
            (None, b'>') if depth == 0 => return at,
            _ => {}
        }
    }
    declaration.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        parse(text).err().map(|error| error.message).unwrap_or_default()
    }

    #[test]
    fn a_document_is_an_svg() {
        assert!(parse("<svg xmlns='http://www.w3.org/2000/svg'/>").is_ok());
        assert!(parse("<s:svg xmlns:s='http://www.w3.org/2000/svg'/>").is_ok());
        assert!(refused("<html/>").starts_with("XML with the root <html>"));
        assert!(refused("<svg/>").contains("expected <svg xmlns="));
        assert!(parse(&text(b"<svg/>").unwrap()).is_ok(), "it is mended");
        assert!(refused("<svg><g></svg>").starts_with("the SVG is not well-formed XML"));
        assert!(text(b"<svg>\xff").unwrap_err().message.contains("not UTF-8"));
        assert_eq!(text(b"\xef\xbb\xbf<a/>").unwrap(), "<a/>");
        let long = vec![b' '; limits::SVG_BYTES as usize + 1];
        assert!(text(&long).unwrap_err().message.contains("expected at most 1024 KiB"));
    }

    #[test]
    fn entities_are_expanded_within_bounds() {
        let svg = "<svg xmlns='&ns;'/>";
        let ns = format!("<!DOCTYPE svg [<!ENTITY ns \"{SVG}\">]>{svg}");
        assert!(parse(&ns).is_ok());
        let long = format!("<!DOCTYPE svg [<!ENTITY a ']>{}'>]>{svg}", "a".repeat(1 << 15));
        assert!(refused(&long).contains("in its document type"), "{}", refused(&long));
        let entity = |n: u32| format!("<!ENTITY e{n} '{}'>", format!("&e{};", n - 1).repeat(10));
        let laughs: String = (1..9).map(entity).collect();
        let body = format!("<svg xmlns='{SVG}'><desc>&e8;</desc></svg>");
        let bomb = format!("<!DOCTYPE svg [<!ENTITY e0 'ha'>{laughs}]>{body}");
        assert!(refused(&bomb).starts_with("the SVG is not well-formed XML"));
        let file = format!("<!DOCTYPE svg [<!ENTITY e8 SYSTEM 'file:///etc/passwd'>]>{body}");
        assert!(refused(&file).starts_with("the SVG is not well-formed XML"));
    }
}
