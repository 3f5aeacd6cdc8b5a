//! `req=set`: a set and its items with their metadata, as XML or JSON (r-media-set-requests;
//! decisions L6 to L9).

use super::state::State;
use crate::{
    catalog::{Item, Member, SetKind},
    commands::ReplyFormat,
    error::Result,
    http::HttpReply,
    reply::{
        element::Element,
        text::{jsonp, xml},
        version_id,
    },
    resolved::{ReplyData, Resolved, Set},
    store::Version,
};

/// Width and height in pixels, and the version, of the object's own image.
type Picture<'a> = ([u32; 2], &'a Version);

/// Prints the set that the object's record describes; for an image, one item and its smart crops.
pub fn answer(state: &mut State) -> Result<HttpReply> {
    if state.source.is_none() && state.resolved.is_described() {
        return Ok(set(&state.resolved, None, state.tag.clone()));
    }
    let index = state.index()?;
    let size = index.upright_size();
    let picture = ([size.width, size.height], &index.version);
    Ok(set(&state.resolved, Some(picture), state.tag.clone()))
}

fn set(resolved: &Resolved, picture: Option<Picture>, tag: String) -> HttpReply {
    let name = format!("{}/{}", resolved.object.root, resolved.object.id);
    let name = name.trim_end_matches('/');
    let (kind, items) = match &resolved.answer.data {
        ReplyData::Set(set) => {
            let kind = set.items.kind();
            (kind, set.items.items.iter().map(|item| entry(item, kind, set)).collect())
        }
        ReplyData::Nothing
        | ReplyData::Streams(_)
        | ReplyData::Catalog(_)
        | ReplyData::Translations(_) => {
            (kind(resolved, picture.is_some(), name), vec![image(picture, name)])
        }
    };
    let mut root = Element::new("set").with("n", name).with("pv", "1.0").with("type", kind.name());
    root.children = relations(resolved, name);
    root.children.extend(items);
    match resolved.answer.format {
        ReplyFormat::Json => jsonp(resolved, &format!("{{\"set\":{}}}", root.json()), tag),
        ReplyFormat::Text | ReplyFormat::JavaScript | ReplyFormat::Xml => xml(resolved, &root, tag),
    }
}

/// The kind of an object without a set: from its record, else by whether it has an image, else from
/// its file name.
fn kind(resolved: &Resolved, picture: bool, name: &str) -> SetKind {
    let record = resolved.answer.record();
    let own = record.and_then(|record| record.asset_type.as_deref()).and_then(SetKind::named);
    let path = record.and_then(|record| record.fields.path.as_deref()).unwrap_or(name);
    own.unwrap_or_else(|| if picture { SetKind::Image } else { SetKind::of_file(path) })
}

/// The smart crops and the swatch. Clients choose one by its size.
fn relations(resolved: &Resolved, name: &str) -> Vec<Element> {
    let Some(record) = resolved.answer.record() else { return Vec::new() };
    record
        .parts()
        .map(|part| {
            let data = part.user_data().into_iter();
            let user_data =
                data.fold(Element::new("userdata"), |data, (key, value)| data.with(key, value));
            let named = format!("{name}:{}", part.name);
            Element {
                children: vec![user_data],
                ..Element::new("relation").with("n", named).with("type", "smartcrop")
            }
        })
        .collect()
}

fn image(picture: Option<Picture>, name: &str) -> Element {
    let item = sized(Element::new("item"), picture);
    Element { children: vec![Element::new("i").with("n", name)], ..item }
}

/// Adds the size and version of an item's first image.
fn sized(item: Element, picture: Option<Picture>) -> Element {
    let Some(([width, height], version)) = picture else { return item };
    item.with("dx", width.to_string())
        .with("dy", height.to_string())
        .with("iv", version_id(version))
}

fn entry(item: &Item, kind: SetKind, set: &Set) -> Element {
    let first = item.members.iter().find_map(|member| match member {
        Member::Object(name) => set.member(name),
        Member::Color { .. } | Member::Set(_) => None,
    });
    let size = first.and_then(|member| member.size.map(|size| (size, &member.version)));
    let mut entry = sized(Element::new("item"), size);
    // Only in a media set can items have different types.
    if kind == SetKind::Media {
        let own = item.kind.as_deref().and_then(SetKind::named);
        let found = item.members.iter().find_map(|member| match member {
            Member::Set(set) => Some(set.kind()),
            Member::Object(name) => set.member(name).map(|member| member.kind),
            Member::Color { .. } => None,
        });
        entry = entry.with("type", own.or(found).unwrap_or(SetKind::Image).name());
    }
    entry.children = item.members.iter().map(|part| member("i", part, kind, set)).collect();
    entry.children.extend(item.swatch.iter().map(|part| member("s", part, kind, set)));
    entry
}

/// A member of an item, in a set of this kind.
fn member(name: &'static str, member: &Member, kind: SetKind, set: &Set) -> Element {
    match member {
        Member::Object(object) => {
            let label = set.member(object).and_then(|member| member.label.as_ref());
            let element = Element::new(name).with("n", object);
            label.into_iter().fold(element, |element, label| element.with("l", label))
        }
        // A client requests a colour as an image of that colour.
        Member::Color { rgb, label } => {
            Element::new(name).with("mod", format!("color={rgb}")).with("l", label)
        }
        Member::Set(inner) => {
            // The items of a two-dimensional spin are spins.
            let usual = if kind == SetKind::Spin { kind } else { inner.kind() };
            let kind = inner.declared.unwrap_or(usual);
            let items = inner.items.iter().map(|item| entry(item, kind, set)).collect();
            let name = inner.name.iter();
            let element = name.fold(Element::new("set"), |element, name| element.with("n", name));
            Element { children: items, ..element.with("type", kind.name()) }
        }
    }
}
