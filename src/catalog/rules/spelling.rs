//! The spellings of a request that rules see: one that a URL may have, and one with nothing escaped
//! and all names as the reference writes them, so that no way of writing evades a rule.

use crate::{
    commands::{find, takes_request},
    protocol::{
        TokenKind, composed, decode_path, embedded, push_byte, spelled_path, spelled_query, tokens,
    },
};

/// `rootId/id?modifiers` in the one spelling of a URL.
pub fn url(sent: &str) -> String {
    let Some((path, query)) = sent.split_once('?') else { return spelled_path(sent) };
    [spelled_path(path).as_str(), "?", &spelled_query(query)].concat()
}

/// What the rules left of the request, as it was sent where they left it alone: locks and columns are
/// about what was sent.
pub fn sent_where_same(left: String, spelled: &str, sent: &str) -> String {
    if left == spelled {
        return sent.to_owned();
    }
    let parts = [left.as_str(), spelled, sent].map(|text| text.split_once('?'));
    match parts {
        [Some((path, same)), Some((_, query)), Some((_, sent))] if same == query => {
            [path, "?", sent].concat()
        }
        _ => left,
    }
}

/// A request decoded: what the protocol compares without case is in its spelling, and only what would
/// part a text anew stays escaped. A rootId alone ends with a slash, as before an id.
#[inline(never)]
pub fn plain(request: &str) -> Option<String> {
    let (path, query) = request.split_once('?').unwrap_or((request, ""));
    let path = decode_path(path);
    let mut plain = protected(&composed(&path), "%?#");
    if !plain.contains('/') {
        plain.push('/');
    }
    for (nth, token) in tokens(query, takes_request).ok()?.into_iter().enumerate() {
        plain.push(if nth == 0 { '?' } else { '&' });
        let (name, value) = match token.kind {
            TokenKind::Command { name, value } => {
                let command = find(&name).map(|entry| entry.row.name());
                (command.map_or(name, str::to_owned), value)
            }
            TokenKind::Variable { name, value } => (["$", &name].concat(), value),
            TokenKind::Macro(name) => {
                plain.extend(["$", &protected(&name, "%&="), "$"]);
                continue;
            }
            TokenKind::Comment => {
                plain.push_str(&token.raw);
                continue;
            }
        };
        plain.push_str(&protected(&name, "%&="));
        if token.raw.contains('=') {
            plain.push('=');
            let nested = takes_request(&name) && embedded(&value).is_some();
            plain.push_str(&if nested { value } else { protected(&value, "%&") });
        }
    }
    Some(plain)
}

/// A text with these marks escaped, which are ASCII.
#[inline(never)]
fn protected(text: &str, marks: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match marks.contains(c) {
            true => push_byte(&mut out, c as u8, false),
            false => out.push(c),
        }
    }
    out
}
