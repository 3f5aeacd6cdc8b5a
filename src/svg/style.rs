//! Refuses by name what the renderer would draw wrongly or not at all.

use resvg::usvg::roxmltree::Node;

use super::{
    document::{SVG, href},
    images,
};
use crate::error::{Error, Result};

/// Functions of CSS that browsers know and the renderer does not: it draws black, or nothing.
const FUNCTIONS: [&str; 11] = [
    "var(",
    "env(",
    "oklch(",
    "oklab(",
    "lab(",
    "lch(",
    "hwb(",
    "color(",
    "color-mix(",
    "light-dark(",
    "calc(",
];

/// Attributes whose values have these functions.
const PAINTED: [&str; 8] =
    ["fill", "stroke", "color", "stop-color", "flood-color", "lighting-color", "style", "opacity"];

/// Fails if an element or its style is not drawn as browsers do.
pub fn check(node: Node) -> Result<()> {
    if node.tag_name().namespace() != Some(SVG) {
        return Ok(());
    }
    match node.tag_name().name() {
        "image" => {
            images::href(node).map(images::embedded_request).transpose()?;
        }
        "feImage" if !is_local(node) => {
            let what = href(node).unwrap_or_default();
            let what: String = what.chars().take(60).collect();
            let message = format!("has a filter that shows an image ({what})");
            return Err(refused(&message, "show it by an <image>"));
        }
        // In a `switch`, it has another element beside it that stands for it.
        "foreignObject" if !node.ancestors().any(|node| node.has_tag_name((SVG, "switch"))) => {
            return Err(refused("has a <foreignObject>", "convert it to paths"));
        }
        "style" => {
            for text in node.children().filter(Node::is_text).filter_map(|node| node.text()) {
                sheet(text)?;
            }
        }
        _ => {}
    }
    let painted = node.attributes().filter(|attribute| PAINTED.contains(&attribute.name()));
    painted.into_iter().try_for_each(|attribute| value(attribute.value()))
}

fn refused(has: &str, instead: &str) -> Error {
    Error::unsupported(format!("the SVG {has}, which is unsupported; {instead}"))
}

fn is_local(node: Node) -> bool {
    href(node).is_none_or(|href| href.trim_start().starts_with('#'))
}

/// Fails for rules that the renderer skips although they apply to an image on a light screen.
fn sheet(text: &str) -> Result<()> {
    for rule in text.split('@').skip(1) {
        let (head, _) = rule.split_once(['{', ';']).unwrap_or((rule, ""));
        let head = head.trim().to_ascii_lowercase();
        let skipped = ["import", "media", "supports", "container", "layer", "scope"];
        let applies = !["dark", "print"].iter().any(|word| head.contains(word));
        if applies && skipped.iter().any(|name| head.starts_with(name)) {
            let head: String = head.chars().take(60).collect();
            return Err(refused(&format!("has a rule @{head}"), "write its style plainly"));
        }
    }
    value(text)
}

/// Fails for functions of CSS that are not understood, and for colours without commas.
fn value(text: &str) -> Result<()> {
    if !text.contains('(') {
        return Ok(());
    }
    let text = text.to_ascii_lowercase();
    for function in FUNCTIONS {
        let is_start = |at: usize| {
            let before = text.get(..at).and_then(|before| before.chars().next_back());
            before.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '-')
        };
        if text.match_indices(function).any(|(at, _)| is_start(at)) {
            return Err(refused(&format!("uses {function}…)"), "write the value plainly"));
        }
    }
    for name in ["rgb(", "rgba(", "hsl(", "hsla("] {
        for (_, rest) in text.match_indices(name).map(|(at, name)| text.split_at(at + name.len())) {
            let inner = rest.split_once(')').map_or(rest, |(inner, _)| inner);
            if !inner.contains(',') {
                let inner: String = inner.chars().take(40).collect();
                let color = format!("has the colour {name}{inner})");
                return Err(refused(&color, "write it with commas"));
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::svg::document::parse;

    fn checked(body: &str) -> Result<()> {
        let text = format!(
            "<svg xmlns='{SVG}' xmlns:xlink='{}'>{body}</svg>",
            crate::svg::document::XLINK
        );
        let document = parse(&text).unwrap();
        document.descendants().try_for_each(check)
    }

    #[test]
    fn what_is_drawn_wrongly_is_refused_by_name() {
        for (body, named) in [
            ("<image href='/is/content/Shop/a'/>", "shows an image (/is/content/Shop/a)"),
            ("<image xlink:href='data:image/png;base64,AAAA'/>", "shows an image (data:image/png"),
            ("<filter><feImage href='http://a.example/'/></filter>", "shows an image (http"),
            ("<foreignObject/>", "has a <foreignObject>"),
            ("<g fill='var(--a, red)'/>", "uses var(…)"),
            ("<g style='fill: oklch(40% 0.2 20)'/>", "uses oklch(…)"),
            ("<g fill='rgb(255 0 0 / 50%)'/>", "has the colour rgb(255 0 0 / 50%)"),
            ("<style>@import url(a.css);</style>", "has a rule @import url(a.css)"),
            ("<style>@media screen { g { fill: red } }</style>", "has a rule @media screen"),
            ("<style>g { fill: color-mix(in srgb, red, blue) }</style>", "uses color-mix(…)"),
        ] {
            let error = checked(body).unwrap_err();
            assert!(error.message.contains(named), "{body}: {error}");
        }
    }

    #[test]
    fn what_is_drawn_as_browsers_do_is_accepted() {
        for body in [
            "<text>Hello</text><script>alert(1)</script><animate/>",
            "<switch><foreignObject/><g/></switch>",
            "<filter><feImage href='#a'/></filter>",
            "<image href='/is/image/Shop/a?wid=9'/><image/>",
            "<g fill='rgb(1, 2, 3)' stroke='url(#a)' style='fill:rgba(1,2,3,.5)'/>",
            "<style>@media (prefers-color-scheme: dark) { g { fill: red } }</style>",
            "<style>@font-face { src: url(a.woff) }</style>",
        ] {
            checked(body).unwrap();
        }
    }
}
