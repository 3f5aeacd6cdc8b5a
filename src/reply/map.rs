//! `req=map`: the HTML areas of the image (r-map-req; decision L16).

use super::{
    element::Element,
    properties::quote_json,
    words::{jsonp, plain},
};
use crate::{catalog::Area, commands::ReplyFormat, http::HttpReply, resolved::Resolved};

/// These areas; without them the map as it is stored. The text of no area is empty (r-map-req).
pub fn map(scene: &Resolved, areas: Option<Vec<Area>>, tag: String) -> HttpReply {
    let stored = scene.answer.record.as_ref().and_then(|(record, _)| record.fields.map.as_deref());
    let html = match &areas {
        Some(areas) => areas.iter().map(Area::html).collect(),
        None => stored.unwrap_or_default().to_owned(),
    };
    match scene.answer.format {
        ReplyFormat::Text | ReplyFormat::JavaScript => {
            plain(scene, "text/plain; charset=utf-8", html.into_bytes(), tag)
        }
        ReplyFormat::Xml => {
            let areas = areas.unwrap_or_else(|| Area::read(&html));
            plain(scene, "text/xml", scene.answer.encoding.document(&xml(&areas)), tag)
        }
        ReplyFormat::Json => {
            let object = format!("{{\"map\":{}}}", quote_json(&html));
            plain(scene, "text/javascript; charset=utf-8", jsonp(scene, &object), tag)
        }
    }
}

/// One `<MAP>` of all areas; of none, one empty `<AREA>` (r-map-req).
fn xml(areas: &[Area]) -> String {
    let element = |area: &Area| {
        let mut element = Element::new("AREA");
        for attribute in &area.attributes {
            let value = attribute.value.as_ref().unwrap_or(&attribute.name);
            // A name that XML cannot have, or has had already, would spoil the document.
            let sound = attribute.name.bytes().enumerate().all(|(at, byte)| {
                byte.is_ascii_alphabetic() || at > 0 && (byte.is_ascii_digit() || byte == b'-')
            });
            if sound && !element.attributes.iter().any(|(known, _)| *known == attribute.name) {
                element.attributes.push((attribute.name.clone().into(), unescaped(value)));
            }
        }
        element
    };
    let mut children: Vec<Element> = areas.iter().map(element).collect();
    if children.is_empty() {
        children.push(Element::new("AREA"));
    }
    Element { children, ..Element::new("MAP") }.xml()
}

/// A value without the entities of HTML that XML has too; the writer puts them in again.
fn unescaped(value: &str) -> String {
    let pairs = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")];
    pairs.iter().fold(value.to_owned(), |text, (entity, c)| text.replace(entity, c))
}
