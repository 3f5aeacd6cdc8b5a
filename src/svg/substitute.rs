//! Inserts variables into the attributes and the texts of a document, and gives its root the size
//! that it has as an image.

use std::ops::Range;

use resvg::usvg::roxmltree::{Document, Node};

use super::{SvgVariables, document::SVG};
use crate::{
    error::{Error, Result},
    limits,
};

/// Replaces each defined `$name$` in the values of attributes and in texts, once. What is inserted
/// is escaped, so it cannot end the value. `None` if nothing changes.
///
/// The query of the request that an image names stays as it is written, because the variables are
/// appended to it; and its path, in which they are inserted once it is decoded.
pub fn variables(document: &Document, variables: &SvgVariables) -> Result<Option<String>> {
    let text = document.input_text();
    let root = document.root_element();
    // Attributes within entities lie in the document type. They are not changed.
    let first = root.range().start;
    let mut splices: Vec<(Range<usize>, String)> = Vec::new();
    for node in document.descendants() {
        let is_image = node.has_tag_name((SVG, "image"));
        let values = node.attributes().map(|attribute| match attribute.name() {
            "href" if is_image => before_request(text, attribute.range_value()),
            _ => attribute.range_value(),
        });
        let is_word =
            node.is_text() && node.ancestors().any(|node| node.has_tag_name((SVG, "text")));
        for range in values.chain(is_word.then(|| node.range())) {
            if range.start < first || splices.last().is_some_and(|(last, _)| range.start < last.end)
            {
                continue;
            }
            let raw = text.get(range.clone()).unwrap_or_default();
            // In a CDATA section, what is escaped would stay so.
            if raw.contains('$')
                && !raw.contains("<![CDATA[")
                && let Some(filled) = filled(raw, variables)
            {
                splices.push((range, filled));
            }
        }
    }
    if splices.is_empty() { Ok(None) } else { spliced(text, &splices).map(Some) }
}

/// The part of an image's `href` in which variables are inserted: a name of the whole request.
fn before_request(text: &str, Range { start, end }: Range<usize>) -> Range<usize> {
    let href = text.get(start..end).unwrap_or_default();
    let query = href.find('?').unwrap_or(href.len());
    if href.trim_start().starts_with('$') { start..start + query } else { start..start }
}

/// Gives the root these sides in place of its own, so that a percentage or a missing side is what
/// the size of the image says. `None` if it has both sides already.
pub fn sides(root: Node, text: &str, sides: [f64; 2]) -> Result<Option<String>> {
    let own = ["width", "height"].map(|name| root.attribute(name));
    if own.iter().all(|side| side.is_some_and(|side| side.parse::<f64>().is_ok())) {
        return Ok(None);
    }
    let names = root.attributes().filter(|attribute| attribute.namespace().is_none());
    let names = names.filter(|attribute| matches!(attribute.name(), "width" | "height"));
    let mut splices: Vec<(Range<usize>, String)> =
        names.map(|attribute| (attribute.range(), String::new())).collect();
    // Behind the name of the element.
    let start = root.range().start;
    let tag = text.get(start..).unwrap_or_default();
    let end = tag.find(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
    let at = start + end.unwrap_or(0);
    let [width, height] = sides;
    splices.insert(0, (at..at, format!(" width=\"{width}\" height=\"{height}\"")));
    spliced(text, &splices).map(Some)
}

/// The value with its variables; `None` if it has none.
fn filled(raw: &str, variables: &SvgVariables) -> Option<String> {
    let (mut result, mut rest, mut any) = (String::new(), raw, false);
    while let Some((before, tail)) = rest.split_once('$') {
        result.push_str(before);
        let found = tail.split_once('$');
        match found.and_then(|(name, after)| Some((variables.get(name)?, after))) {
            Some((value, after)) => {
                escape(value, &mut result);
                (rest, any) = (after, true);
            }
            None => {
                result.push('$');
                rest = tail;
            }
        }
        // A value that multiplies ends here; `spliced` refuses it.
        if result.len() as u64 > limits::SVG_BYTES {
            break;
        }
    }
    result.push_str(rest);
    any.then_some(result)
}

/// Appends a text as the value of an attribute (XML 1.0, section 2.4).
fn escape(value: &str, to: &mut String) {
    for c in value.chars() {
        match c {
            '&' => to.push_str("&amp;"),
            '<' => to.push_str("&lt;"),
            '>' => to.push_str("&gt;"),
            '"' => to.push_str("&quot;"),
            '\'' => to.push_str("&apos;"),
            _ => to.push(c),
        }
    }
}

/// The text with these ranges replaced, which are in order.
fn spliced(text: &str, splices: &[(Range<usize>, String)]) -> Result<String> {
    let (mut result, mut at) = (String::with_capacity(text.len() + 64), 0);
    for (range, new) in splices {
        result.push_str(text.get(at..range.start).unwrap_or_default());
        result.push_str(new);
        at = range.end;
        if result.len() as u64 > limits::SVG_BYTES {
            break;
        }
    }
    result.push_str(text.get(at..).unwrap_or_default());
    if result.len() as u64 > limits::SVG_BYTES {
        let limit = limits::SVG_BYTES >> 10;
        return Err(Error::too_large(format!("the variables expand the SVG over {limit} KiB")));
    }
    Ok(result)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::document::{SVG, parse};

    fn inserted(body: &str, definitions: &[(&str, &str)]) -> Result<Option<String>> {
        let text = format!("<svg xmlns='{SVG}'>{body}</svg>");
        let document = parse(&text).unwrap();
        let filled = variables(&document, &SvgVariables::new(definitions.iter().copied()))?;
        let body = |text: String| {
            let inner = text.split_once('>').and_then(|(_, inner)| inner.strip_suffix("</svg>"));
            inner.unwrap_or_default().to_owned()
        };
        Ok(filled.map(body))
    }

    #[test]
    fn variables_are_inserted_into_attributes_once() {
        let values = [("c", "red"), ("d", "$c$")];
        let got = inserted("<g fill='$c$' id=\"a$D$b$x$\"/>$c$<!-- $c$ -->", &values).unwrap();
        assert_eq!(got.unwrap(), "<g fill='red' id=\"a$c$b$x$\"/>$c$<!-- $c$ -->");
        assert_eq!(inserted("<g fill='$x$'/>", &values).unwrap(), None);
    }

    #[test]
    fn a_value_cannot_end_its_attribute() {
        let values = [("c", "\"/><script>'&amp;")];
        let got = inserted("<g fill='$c$'/>", &values).unwrap().unwrap();
        assert_eq!(got, "<g fill='&quot;/&gt;&lt;script&gt;&apos;&amp;amp;'/>");
        let body = format!("<svg xmlns='{SVG}'>{got}</svg>");
        let document = parse(&body).unwrap();
        let group = document.root_element().first_element_child().unwrap();
        assert_eq!(group.attribute("fill"), Some("\"/><script>'&amp;"));
    }

    #[test]
    fn values_that_multiply_are_refused() {
        let value = "x".repeat(6000);
        let body = format!("<g fill='{}'/>", "$c$".repeat(1000));
        let error = inserted(&body, &[("c", &value)]).unwrap_err();
        assert_eq!(error.message, "the variables expand the SVG over 1024 KiB");
    }

    #[test]
    fn the_root_gets_the_sides_of_the_image() {
        for (root, expected) in [
            (
                "<svg width='50%' viewBox='0 0 1 1' height='20' xmlns='N'/>",
                Some("<svg width=\"20\" height=\"20\"  viewBox='0 0 1 1'  xmlns='N'/>"),
            ),
            ("<svg xmlns='N'/>", Some("<svg width=\"300\" height=\"150\" xmlns='N'/>")),
            ("<svg width='1' height='2' xmlns='N'/>", None),
        ] {
            let (root, expected) =
                (root.replace('N', SVG), expected.map(|text| text.replace('N', SVG)));
            let document = parse(&root).unwrap();
            let own = crate::svg::size::sides(document.root_element()).unwrap();
            assert_eq!(sides(document.root_element(), &root, own).unwrap(), expected);
        }
    }
}
