//! Mends what the reference's own example of an SVG has and XML does not permit: no namespaces, and
//! `&` that begins no entity (r-svg-support).

use std::borrow::Cow;

use super::document::{SVG, XLINK};

/// A text with a namespace for its root `svg` if it has none, one for the prefix `xlink` if it is
/// not declared, and `&amp;` for each `&` that begins no entity.
pub fn mended(text: &str) -> Cow<'_, str> {
    let mut parts = Parts { rest: text, root: None, ampersands: Vec::new() };
    parts.read(text);
    if parts.ampersands.len() > AMPERSANDS {
        return Cow::Borrowed(text);
    }
    let mut insertions: Vec<(usize, String)> =
        parts.ampersands.into_iter().map(|at| (at, "amp;".to_owned())).collect();
    if let Some((at, tag)) = parts.root {
        let mut declarations = String::new();
        if !tag.contains("xmlns=") {
            declarations.push_str(&format!(" xmlns=\"{SVG}\""));
        }
        if text.contains("xlink:") && !text.contains("xmlns:xlink") {
            declarations.push_str(&format!(" xmlns:xlink=\"{XLINK}\""));
        }
        if !declarations.is_empty() {
            let place = insertions.partition_point(|(other, _)| *other < at);
            insertions.insert(place, (at, declarations));
        }
    }
    if insertions.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut result, mut from) = (String::with_capacity(text.len() + 256), 0);
    for (at, new) in insertions {
        result.push_str(text.get(from..at).unwrap_or_default());
        result.push_str(&new);
        from = at;
    }
    result.push_str(text.get(from..).unwrap_or_default());
    Cow::Owned(result)
}

/// The places of a text that may need mending.
struct Parts<'a> {
    rest: &'a str,
    /// The end of the name of the root, if that is `svg`, and its tag.
    root: Option<(usize, &'a str)>,
    /// The ends of all `&` that begin no entity.
    ampersands: Vec<usize>,
}

impl<'a> Parts<'a> {
    fn read(&mut self, text: &'a str) {
        let mut elements = 0;
        while let Some(at) = self.rest.find(['<', '&']) {
            let (_, tail) = self.rest.split_at(at);
            let place = text.len() - tail.len();
            // Within these, `&` means itself.
            let closed = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
            let skipped = closed.iter().find(|(open, _)| tail.starts_with(open));
            let len = if let Some((_, close)) = skipped {
                tail.find(close).map_or(tail.len(), |end| end + close.len())
            } else if tail.starts_with(DOCTYPE) {
                DOCTYPE.len() + super::document::document_type(tail) + 1
            } else {
                if tail.starts_with('&') && !begins_entity(tail) {
                    self.ampersands.push(place + 1);
                } else if tail.starts_with('<') {
                    elements += 1;
                    if elements == 1 {
                        self.root = root(tail).map(|tag| (place + "<svg".len(), tag));
                    }
                }
                1
            };
            (_, self.rest) = tail.split_at_checked(len).unwrap_or((tail, ""));
        }
    }
}

/// The start tag of an element `svg`.
fn root(tail: &str) -> Option<&str> {
    let inner = tail.strip_prefix("<svg")?;
    let is_named = inner.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, '>' | '/'));
    let end = tail.find('>').unwrap_or(tail.len());
    tail.get(..end).filter(|_| is_named)
}

/// A text with more `&` that begin no entity is no drawing, and stays as it is.
const AMPERSANDS: usize = 10_000;

/// The start of a document type declaration.
const DOCTYPE: &str = "<!DOCTYPE";

/// Whether a text that begins with `&` begins with an entity or a number of a character.
fn begins_entity(tail: &str) -> bool {
    let name = tail.strip_prefix('&').unwrap_or(tail);
    let name = name.strip_prefix('#').unwrap_or(name);
    let is_other = |c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-' | '.' | ':');
    // The rest of a long file is not searched for each `&`.
    let end = name.char_indices().take(256).find(|(_, c)| is_other(*c));
    end.is_some_and(|(at, c)| at > 0 && c == ';')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::document::parse;

    #[test]
    fn the_example_of_the_reference_is_well_formed_once_it_is_mended() {
        let example = "<?xml version=\"1.0\" standalone=\"no\"?> <!DOCTYPE svg PUBLIC \
            \"-//W3C//DTD SVG 20010904//EN\" \
            \"http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd\"> \
            <svg width=\"500\" height=\"500\"> <image x=\"50\" y=\"50\" width=\"400\" \
            height=\"400\" xlink:href=\"/is/image?src=$img$&wid=300&hei=400\"/> \
            <text x=\"150\" y=\"400\" style=\"font-size:$pts$; fill:$color$\"> Title: $txt$ \
            </text> </svg>";
        assert!(parse(example).is_err());
        let mended = mended(example);
        let document = parse(&mended).unwrap();
        let image = document.descendants().find(|node| node.has_tag_name((SVG, "image"))).unwrap();
        let href = crate::svg::document::href(image);
        assert_eq!(href, Some("/is/image?src=$img$&wid=300&hei=400"));
    }

    #[test]
    fn a_sound_document_stays_as_it_is() {
        for sound in [
            "<svg xmlns='http://www.w3.org/2000/svg' a='&lt;&#38;&#x26;'/>",
            "<s:svg xmlns:s='http://www.w3.org/2000/svg'/>",
            "<html a='1'/>",
            "<svg xmlns='http://www.w3.org/2000/svg'><![CDATA[a & b]]><!-- & --></svg>",
            "<svgs/>",
        ] {
            assert_eq!(mended(sound), sound);
        }
        let text =
            "<!DOCTYPE svg [<!ENTITY ns \"http://www.w3.org/2000/svg\">]><svg xmlns='&ns;'/>";
        assert_eq!(mended(text), text);
        let short = "<!DOCTYPE a [<!b>]><svg/>";
        assert!(mended(short).starts_with("<!DOCTYPE a [<!b>]><svg xmlns="), "{}", mended(short));
    }

    #[test]
    fn broken_texts_end() {
        for broken in ["", "<", "&", "<!--", "<!DOCTYPE", "<svg", "<?", "&&&<svg&", "<![CDATA[&"] {
            assert!(mended(broken).len() < 200, "{broken}");
        }
        assert_eq!(mended("&&é;&é"), "&amp;&é;&amp;é");
        // Each is read once: they would take minutes if each `&` began a search to the end.
        let long = "&a".repeat(500_000);
        assert_eq!(mended(&long), long);
        let some = "&a".repeat(1000);
        assert_eq!(mended(&some), "&amp;a".repeat(1000));
        let long = "<!DOCTYPE [".repeat(100_000);
        assert_eq!(mended(&long), long);
    }
}
