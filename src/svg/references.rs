//! What an element refers to: by `href`, by attributes, by its `style`, by classes of style sheets.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node};

use super::document::{SVG, href};
use crate::{
    error::{Error, Result},
    limits,
};

/// How often an element uses what it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Times {
    /// Once: `use`, `mask`, `clip-path`, `filter`, and a `href` that inherits.
    Once,
    /// Once for each shape within it: `fill` and `stroke`.
    Shapes,
    /// Once for each point within it: `marker`.
    Points,
}

/// A reference to the element with an id.
pub type Reference<'a> = (&'a str, Times);

/// The elements with an id, and the references of the classes in style sheets.
pub struct References<'a, 'input> {
    ids: HashMap<&'a str, Node<'a, 'input>>,
    classes: HashMap<&'a str, Vec<Reference<'a>>>,
}

impl<'a, 'input> References<'a, 'input> {
    /// Reads the ids and the style sheets of a document. Fails if a rule for other than classes
    /// refers to more than a gradient: which elements it applies to is not known here.
    pub fn of(document: &'a Document<'input>) -> Result<Self> {
        let mut ids: HashMap<&str, Node> = HashMap::new();
        for node in document.descendants() {
            if let Some(id) = node.attribute("id") {
                ids.entry(id).or_insert(node);
            }
        }
        let mut all = Self { ids, classes: HashMap::new() };
        let sheets = document.descendants().filter(|node| node.has_tag_name((SVG, "style")));
        let texts = sheets.flat_map(|sheet| sheet.children()).filter(Node::is_text);
        for text in texts.filter_map(|node| node.text()) {
            all.add_sheet(text)?;
        }
        Ok(all)
    }

    fn add_sheet(&mut self, text: &'a str) -> Result<()> {
        for rule in text.split('}') {
            let Some((selectors, body)) = rule.rsplit_once('{') else { continue };
            let found: Vec<Reference> = declarations(body).collect();
            let Some((id, _)) = found.iter().find(|(id, _)| !self.is_gradient(id)) else {
                continue;
            };
            let selectors = selectors.rsplit_once("*/").map_or(selectors, |(_, after)| after);
            for selector in selectors.split(',') {
                let class = selector.trim().strip_prefix('.');
                let is_name = |name: &&str| {
                    name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
                };
                let Some(class) = class.filter(is_name) else {
                    let selector: String = selector.trim().chars().take(40).collect();
                    return Err(Error::unsupported(format!(
                        "the SVG has a style sheet whose rule \"{selector}\" refers to #{id}, which \
                         is unsupported; name a class, or write the style at the elements"
                    )));
                };
                self.classes.entry(class).or_default().extend(&found);
            }
        }
        if self.classes.values().map(Vec::len).sum::<usize>() > limits::SVG_ELEMENTS as usize {
            return Err(Error::too_large("the style sheets of the SVG have too many references"));
        }
        Ok(())
    }

    /// The element with an id.
    pub fn get(&self, id: &str) -> Option<Node<'a, 'input>> {
        self.ids.get(id).copied()
    }

    fn is_gradient(&self, id: &str) -> bool {
        self.get(id).is_none_or(|node| node.tag_name().name().ends_with("Gradient"))
    }

    /// The references of an element.
    pub fn from(&self, node: Node<'a, 'input>) -> Vec<Reference<'a>> {
        let mut all = Vec::new();
        let inherits = !matches!(node.tag_name().name(), "a" | "image" | "script");
        if let Some(id) =
            href(node).filter(|_| inherits).and_then(|href| href.trim().strip_prefix('#'))
        {
            all.push((id, Times::Once));
        }
        for attribute in node.attributes() {
            if attribute.name() == "style" {
                all.extend(declarations(attribute.value()));
            } else if attribute.name() == "class" {
                let classes = attribute.value().split_ascii_whitespace();
                all.extend(classes.filter_map(|class| self.classes.get(class)).flatten());
            } else {
                let times = times(attribute.name());
                all.extend(urls(attribute.value()).map(|id| (id, times)));
            }
        }
        all
    }
}

/// The references in declarations of CSS.
fn declarations(text: &str) -> impl Iterator<Item = Reference<'_>> {
    text.split(';').flat_map(|declaration| {
        let (name, value) = declaration.split_once(':').unwrap_or(("", declaration));
        let times = times(name.trim());
        urls(value).map(move |id| (id, times))
    })
}

fn times(property: &str) -> Times {
    match property {
        "mask" | "clip-path" | "filter" => Times::Once,
        property if property.starts_with("marker") => Times::Points,
        _ => Times::Shapes,
    }
}

/// The ids in `url(#id)`, with or without quotes.
fn urls(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let (inner, _) = rest.split_once(')')?;
        inner.trim().trim_matches(['"', '\'']).trim().strip_prefix('#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::document::parse;

    fn found(body: &str) -> Result<Vec<(String, Times)>> {
        let text = format!("<svg xmlns='{SVG}'>{body}</svg>");
        let document = parse(&text).unwrap();
        let references = References::of(&document)?;
        let last = document.root_element().last_element_child().unwrap();
        Ok(references.from(last).into_iter().map(|(id, times)| (id.to_owned(), times)).collect())
    }

    #[test]
    fn references_are_found_wherever_they_are_written() {
        let all = found(
            "<style>/* a */ .b, .c { mask : url( '#m' ) }</style><mask id='m'/>\
             <use href='#u' class='x c' fill='url(#f) red' style='stroke:url(\"#s\");marker-end:url(#e)'/>",
        );
        let all = all.unwrap();
        let all: Vec<(&str, Times)> = all.iter().map(|(id, times)| (id.as_str(), *times)).collect();
        let expected = [
            ("u", Times::Once),
            ("m", Times::Once),
            ("f", Times::Shapes),
            ("s", Times::Shapes),
            ("e", Times::Points),
        ];
        assert_eq!(all, expected);
    }

    #[test]
    fn a_rule_that_may_apply_to_anything_is_refused() {
        let error =
            found("<pattern id='p'/><style>g path { fill: url(#p) }</style><g/>").unwrap_err();
        assert!(error.message.contains("whose rule \"g path\" refers to #p"), "{error}");
        found("<linearGradient id='p'/><style>g path { fill: url(#p) }</style><g/>").unwrap();
    }
}
