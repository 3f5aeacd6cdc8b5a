//! The two spellings of a request that rules match: a normalized URL, and a decoded form with the
//! reference's command names. So no other spelling of a request evades a rule.

use crate::{
    commands::{find, takes_request},
    protocol::{
        TokenKind, composed, decode_path, embedded, push_byte, spelled_path, spelled_query, tokens,
    },
};

/// `rootId/id?modifiers` as a normalized URL.
pub fn url(sent: &str) -> String {
    let Some((path, query)) = sent.split_once('?') else { return spelled_path(sent) };
    [spelled_path(path).as_str(), "?", &spelled_query(query)].concat()
}

/// The request that the rules left. If they changed nothing, or nothing after the `?`, that text is
/// returned as `sent`, because request locks and error columns refer to it.
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

/// The decoded request; `None` if its brackets are unbalanced. Commands have the spelling of the
/// reference; other names are in lower case, because the protocol ignores case. Only characters
/// that would split the text differently stay escaped. A rootId without an id gets a final slash.
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

/// A text with the characters of `marks`, which must be ASCII, percent-encoded.
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
