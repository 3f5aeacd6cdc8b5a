//! `req=map`: the HTML areas of the image (r-map-req; decision L16).

use super::state::State;
use crate::{
    catalog::Area,
    commands::ReplyFormat,
    error::Result,
    http::HttpReply,
    plan::{self, Opened},
    reply::{
        element::Element,
        properties::quote_json,
        text::{jsonp, text, xml},
    },
    resolved::Resolved,
};

/// Prints the areas, moved and clipped as the image is.
pub fn answer(state: &mut State) -> Result<HttpReply> {
    let resolved = &state.resolved;
    if state.source.is_none() && resolved.has_no_areas() {
        return Ok(stored(resolved, state.tag.clone()));
    }
    let index = state.index()?;
    let source = state.source.as_ref();
    let key = source.map_or("", |source| &source.key);
    let object = source.and_then(|source| source.fetched.object(key));
    let drawings = source.map_or([].as_slice(), |source| &source.drawings);
    let opened = Opened { key, index: &index, object, drawings };
    let areas = plan::areas(&state.resolved, &[opened])?;
    let html = areas.iter().map(Area::html).collect();
    Ok(map(&state.resolved, html, Some(areas), state.tag.clone()))
}

/// Prints the record's map unchanged.
pub fn stored(resolved: &Resolved, tag: String) -> HttpReply {
    let stored = resolved.answer.record().and_then(|record| record.fields.map.as_deref());
    map(resolved, stored.unwrap_or_default().to_owned(), None, tag)
}

/// Prints areas; `html` is their HTML. Without areas, a text reply is empty (r-map-req).
fn map(resolved: &Resolved, html: String, areas: Option<Vec<Area>>, tag: String) -> HttpReply {
    match resolved.answer.format {
        ReplyFormat::Text | ReplyFormat::JavaScript => text(resolved, html, tag),
        ReplyFormat::Xml => {
            let areas = areas.unwrap_or_else(|| Area::read(&html));
            xml(resolved, &element(&areas), tag)
        }
        ReplyFormat::Json => jsonp(resolved, &format!("{{\"map\":{}}}", quote_json(&html)), tag),
    }
}

/// One `<MAP>` with all areas. Without areas it contains one empty `<AREA>` (r-map-req).
fn element(areas: &[Area]) -> Element {
    let element = |area: &Area| {
        let mut element = Element::new("AREA");
        for attribute in &area.attributes {
            let value = attribute.value.as_ref().unwrap_or(&attribute.name);
            // Invalid names and duplicates are left out: XML does not allow them.
            let sound = attribute.name.bytes().enumerate().all(|(at, byte)| {
                byte.is_ascii_alphabetic() || at > 0 && (byte.is_ascii_digit() || byte == b'-')
            });
            if sound && !element.attributes.iter().any(|(name, _)| *name == attribute.name) {
                element.attributes.push((attribute.name.clone().into(), unescaped(value)));
            }
        }
        element
    };
    let mut children: Vec<Element> = areas.iter().map(element).collect();
    if children.is_empty() {
        children.push(Element::new("AREA"));
    }
    Element { children, ..Element::new("MAP") }
}

/// Decodes the HTML entities that XML has too. The XML writer encodes them again.
fn unescaped(value: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(value.to_owned(), |text, (entity, c)| text.replace(entity, c))
}
