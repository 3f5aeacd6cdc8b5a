//! Counts the elements that a document becomes once its references are followed, before they are.
//!
//! A `use` copies what it names, a mask and a pattern are drawn for each element that has them, and
//! a marker for each point of a line: a few hundred bytes can name billions of elements.

use std::collections::HashMap;

use resvg::usvg::roxmltree::{Document, Node, NodeId};

use super::{
    SvgFonts,
    document::SVG,
    references::{References, Times},
    style,
    texts::Amount,
};
use crate::{
    error::{Error, Result},
    limits,
};

/// Elements that share the memory of one shape: a stop of a gradient is little beside it.
const SMALL: u64 = 8;

/// What an element becomes.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    elements: u64,
    shapes: u64,
    points: u64,
    texts: Amount,
    /// How deep it nests them.
    depth: u32,
}

/// Checks a document, and returns the number of its elements with those that references add. Fails
/// for too many, for too deep a nesting, for an element that contains itself, and for too much text.
/// Two characters of a text take the memory of an element.
pub fn checked(document: &Document, fonts: &SvgFonts) -> Result<u64> {
    document.descendants().try_for_each(style::check)?;
    let references = References::of(document)?;
    let mut counting = Counting { references, counted: HashMap::new() };
    let counts = counting.count(document.root_element(), 0)?;
    if counts.elements > limits::SVG_ELEMENTS {
        let (elements, limit) = (counts.elements, limits::SVG_ELEMENTS);
        return Err(Error::too_large(format!(
            "the SVG has {elements} elements with those that its references repeat: expected at \
             most {limit}; simplify it"
        )));
    }
    check_texts(counts.texts, fonts)?;
    Ok(counts.elements + counts.texts.characters / 2)
}

/// Fails for texts that are too long to be laid out.
fn check_texts(Amount { characters, layout }: Amount, fonts: &SvgFonts) -> Result<()> {
    let limit = limits::SVG_CHARACTERS;
    if characters > limit {
        let message =
            format!("the SVG has {characters} characters of text: expected at most {limit}");
        return Err(Error::too_large(message));
    }
    if layout > limits::SVG_LAYOUT {
        return Err(Error::too_large(
            "the texts of the SVG have too many <tspan> and places of characters; divide them into \
             several <text>",
        ));
    }
    let most = fonts.faces.iter().map(|face| face.points).max().unwrap_or(0);
    if characters.saturating_mul(most) > limits::SVG_GLYPH_POINTS {
        return Err(Error::too_large(format!(
            "the SVG has {characters} characters of text in fonts with up to {most} points each; \
             shorten its texts, or use simpler fonts"
        )));
    }
    Ok(())
}

struct Counting<'a, 'input> {
    references: References<'a, 'input>,
    /// `None`: the element is being counted.
    counted: HashMap<NodeId, Option<Counts>>,
}

impl<'a, 'input> Counting<'a, 'input> {
    fn count(&mut self, node: Node<'a, 'input>, depth: u32) -> Result<Counts> {
        if depth > limits::SVG_DEPTH {
            return Err(too_deep());
        }
        match self.counted.get(&node.id()) {
            Some(Some(counts)) if depth + counts.depth > limits::SVG_DEPTH => {
                return Err(too_deep());
            }
            Some(Some(counts)) => return Ok(*counts),
            Some(None) => {
                let id = node.attribute("id").unwrap_or_default();
                return Err(Error::bad_source(format!(
                    "the SVG has an element that contains itself (#{id})"
                )));
            }
            None => {}
        }
        self.counted.insert(node.id(), None);
        let mut counts = own(node);
        for child in node.children().filter(Node::is_element) {
            let child = self.count(child, depth + 1)?;
            counts.elements = counts.elements.saturating_add(child.elements);
            counts.shapes = counts.shapes.saturating_add(child.shapes);
            counts.points = counts.points.saturating_add(child.points);
            counts.texts.add(child.texts, 1);
            counts.depth = counts.depth.max(child.depth + 1);
        }
        let is_use = node.has_tag_name((SVG, "use"));
        for (id, times) in self.references.from(node) {
            let Some(target) = self.references.get(id) else { continue };
            let named = self.count(target, depth + 1)?;
            counts.depth = counts.depth.max(named.depth + 1);
            let times = match times {
                Times::Once => 1,
                Times::Shapes => counts.shapes,
                Times::Points => counts.points,
            };
            let is_gradient = target.tag_name().name().ends_with("Gradient");
            let each = if is_gradient { named.elements.div_ceil(SMALL) } else { named.elements };
            counts.elements = counts.elements.saturating_add(each.saturating_mul(times));
            counts.texts.add(named.texts, times);
            if is_use {
                counts.shapes = counts.shapes.saturating_add(named.shapes);
                counts.points = counts.points.saturating_add(named.points);
            }
        }
        if depth + counts.depth > limits::SVG_DEPTH {
            return Err(too_deep());
        }
        self.counted.insert(node.id(), Some(counts));
        Ok(counts)
    }
}

fn too_deep() -> Error {
    let limit = limits::SVG_DEPTH;
    Error::too_large(format!(
        "the SVG nests its elements deeper than {limit}, references included; simplify it"
    ))
}

/// The counts of an element without those in it.
fn own(node: Node) -> Counts {
    let name = node.tag_name().name();
    let shapes = match name {
        "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" | "use" => 1,
        // Its glyphs, and three kinds of lines along them.
        "text" | "tspan" | "textPath" => 4,
        _ => 0,
    };
    let points = match name {
        "line" => 2,
        "path" => node.attribute("d").map_or(0, points),
        "polyline" | "polygon" => node.attribute("points").map_or(0, points),
        _ => 0,
    };
    Counts { elements: 1, shapes, points, texts: Amount::of(node), depth: 0 }
}

/// At most how many points some numbers are: two for each, or one that a path draws back to.
fn points(numbers: &str) -> u64 {
    let mut before = b' ';
    let starts = numbers.bytes().filter(|&byte| {
        let starts = byte.is_ascii_digit() && !before.is_ascii_digit();
        before = byte;
        starts
    });
    starts.count() as u64 + 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::document::parse;

    fn counted(body: &str) -> Result<u64> {
        let text = format!("<svg xmlns='{SVG}'>{body}</svg>");
        checked(&parse(&text).unwrap(), &SvgFonts::default())
    }

    #[test]
    fn references_count_as_often_as_they_are_followed() {
        assert_eq!(counted("<g id='a'><path/><path/></g>").unwrap(), 4);
        assert_eq!(counted("<g id='a'><path/><path/></g><use href='#a'/>").unwrap(), 8);
        assert_eq!(counted("<mask id='m'><path/></mask><g mask='url(#m)'><path/></g>").unwrap(), 7);
        // The pattern of a group is that of each of its shapes.
        let pattern = "<pattern id='p'><path/></pattern>";
        assert_eq!(counted(&format!("{pattern}<g fill='url(#p)'><path/><path/></g>")).unwrap(), 10);
        let marker = "<marker id='m'><path/></marker>";
        let line = "<line marker-end='url(#m)'/>";
        assert_eq!(counted(&format!("{marker}{line}")).unwrap(), 8);
        assert_eq!(points("M0 0L10,20 -3-4z"), 7);
    }

    #[test]
    fn bombs_are_refused_before_they_are_followed() {
        let twice = |n: u32| {
            format!("<g id='g{n}'>{}</g>", format!("<use href='#g{}'/>", n - 1).repeat(10))
        };
        let uses: String = (1..12).map(twice).collect();
        let message = counted(&format!("<g id='g0'><path/></g>{uses}")).unwrap_err().message;
        assert!(message.starts_with("the SVG has "), "{message}");
        let masks: String = (1..12)
            .map(|n| {
                format!(
                    "<mask id='m{n}'>{}</mask>",
                    format!("<path mask='url(#m{})'/>", n - 1).repeat(9)
                )
            })
            .collect();
        assert!(
            counted(&format!("<mask id='m0'/>{masks}"))
                .unwrap_err()
                .message
                .contains("expected at most")
        );
        let deep = format!("{}{}", "<g>".repeat(100), "</g>".repeat(100));
        assert!(counted(&deep).unwrap_err().message.contains("deeper than"));
        let chain: String =
            (1..100).map(|n| format!("<g id='g{n}'><use href='#g{}'/></g>", n - 1)).collect();
        assert!(counted(&chain).unwrap_err().message.contains("deeper than"));
        let back: String =
            (0..99).map(|n| format!("<g id='g{n}'><use href='#g{}'/></g>", n + 1)).collect();
        assert!(counted(&back).unwrap_err().message.contains("deeper than"));
        for cycle in [
            "<g id='a'><use href='#a'/></g>",
            "<pattern id='a'><path fill='url(#a)'/></pattern>",
            "<use id='a' href='#b'/><use id='b' href='#a'/>",
        ] {
            assert!(counted(cycle).unwrap_err().message.contains("contains itself"), "{cycle}");
        }
    }
}
