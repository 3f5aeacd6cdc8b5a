//! The canonical spelling of a request: equal for requests with the same meaning. The cache key and
//! `req=resolve` use it.

use super::{
    layers::Contents,
    merge::{Merged, Why},
};
use crate::{
    commands::{Place, Scope, find},
    picture::ObjectId,
    protocol::embedded,
    sort::{sort, sort_by},
};

/// Commands whose empty value has a meaning (r-map, r-is-http-defaultimage).
const MAY_BE_EMPTY: [&str; 4] = ["map", "mapA", "defaultImage", "locale"];

/// A command's position in the command table, and its text.
type Written = (usize, String);

/// Commands that change no byte of an image. The lifetime and the JSONP wrapper that they set are
/// hashed into the entity tag separately (K8, K9).
const NOT_OF_THE_KEY: [&str; 3] = ["id", "handler", "cache"];

/// The purpose of a canonical spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// `req=resolve`: all commands, including those that the server ignores.
    Whole,
    /// The cache key: without commands that change no byte of the reply.
    Key,
}

/// Writes the object and its modifiers in canonical order. First come the commands of the request,
/// of the composite, and of layer 0 if they need no `layer=`, in the order of the command table.
/// Then each layer and effect follows. [`Spelling::Whole`] ends with the commands that the server
/// ignores, in sorted order, because sites use them to distinguish versions (A5).
///
/// `contents` contains the resolved nested requests.
pub fn canonical(
    object: &ObjectId,
    merged: &Merged,
    contents: &Contents,
    spelling: Spelling,
) -> String {
    let mut segments: Vec<(Scope, Vec<Written>)> = vec![(Scope::COMPOSITE, Vec::new())];
    for ((place, _), binding) in &merged.bindings {
        let (name, value) = (binding.entry.row.name(), binding.value.trim());
        let empty = value.is_empty() && !MAY_BE_EMPTY.contains(&name);
        let silent = spelling == Spelling::Key && NOT_OF_THE_KEY.contains(&name);
        if empty || silent || name == "req" && value.eq_ignore_ascii_case("img") {
            continue;
        }
        let scope = segment(*place, name);
        let written = match embedded(value) {
            Some((wrapper, body)) if matches!(name, "src" | "mask") => {
                let body = match contents.canonical(*place, name, spelling) {
                    Some(canonical) => canonical.to_owned(),
                    None => protected(body),
                };
                format!("{name}={}({body})", wrapper.name())
            }
            _ => {
                // Serialising a pair of strings cannot fail. A comma needs no escape here.
                let pair = serde_urlencoded::to_string([(name, value)]).unwrap_or_default();
                if value.contains(',') { pair.replace("%2C", ",") } else { pair }
            }
        };
        let last = segments.iter_mut().find(|(other, _)| *other == scope);
        match last {
            Some((_, parts)) => parts.push((binding.entry.order, written)),
            None => segments.push((scope, vec![(binding.entry.order, written)])),
        }
    }
    // A selected layer without any command still exists.
    let selected = merged.layers.keys().map(|&number| Scope { layer: Some(number), effect: None });
    for scope in
        selected.filter(|scope| *scope != Scope::LAYER_0).chain(merged.effects.keys().copied())
    {
        if !segments.iter().any(|(other, _)| *other == scope) {
            segments.push((scope, Vec::new()));
        }
    }
    sort_by(&mut segments, |(a, _), (b, _)| a.cmp(b));
    let mut parts: Vec<String> = Vec::new();
    for (scope, mut commands) in segments {
        match scope {
            Scope { layer, effect: Some(effect) } => {
                // The layer may have no commands of its own.
                let open = layer.is_none_or(|layer| parts.contains(&format!("layer={layer}")));
                if let Some(layer) = layer.filter(|_| !open) {
                    parts.push(format!("layer={layer}"));
                }
                parts.push(format!("effect={effect}"));
            }
            Scope { layer: Some(layer), effect: None } => parts.push(format!("layer={layer}")),
            Scope { layer: None, effect: None } => {}
        }
        sort_by(&mut commands, |(a, _), (b, _)| a.cmp(b));
        parts.extend(commands.into_iter().map(|(_, written)| written));
    }
    let mut ignored: Vec<String> = Vec::new();
    for token in merged.ignored.iter().filter(|_| spelling == Spelling::Whole) {
        if matches!(token.why, Why::Comment | Why::Unknown) {
            ignored.push(protected(&token.token.raw));
        }
    }
    sort(&mut ignored);
    parts.extend(ignored);
    format!("{}?{}", path(object), parts.join("&"))
}

/// The segment that a command is written in. Attributes of layer 0 are written without `layer=` if
/// that means the same.
fn segment(place: Place, name: &str) -> Scope {
    let bare = || find(name).and_then(|entry| entry.row.place(Scope::COMPOSITE).ok());
    match place {
        Place::Request => Scope::COMPOSITE,
        Place::In(Scope::LAYER_0) if bare() == Some(place) => Scope::COMPOSITE,
        Place::In(scope) => scope,
    }
}

/// The object as a path. Characters that would end a path or a nested request are escaped.
fn path(object: &ObjectId) -> String {
    let mut path = String::new();
    for c in [object.root.as_str(), object.id.as_str()].join("/").trim_end_matches('/').chars() {
        match c {
            '%' | '?' | '#' | '&' | '$' | '(' | ')' | '{' | '}' => path.push_str(&escape(c)),
            _ => path.push(c),
        }
    }
    path
}

/// A text as it was written, with three kinds of characters escaped: brackets, which would end an
/// enclosing nested request; `$`, which would start a variable; and a leading `?`, which the parser
/// would drop as a typo.
fn protected(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '(' | ')' | '{' | '}' | '$' => written.push_str(&escape(c)),
            '?' if at == 0 => written.push_str(&escape(c)),
            _ => written.push(c),
        }
    }
    written
}

fn escape(c: char) -> String {
    format!("%{:02X}", u32::from(c))
}
