//! One spelling for all requests that mean the same: the cache's key and `req=resolve`.

use crate::{
    commands::{find, rows},
    protocol::{Token, TokenKind},
    scene::ObjectId,
};

/// The object and its modifiers: known commands in the table's order, each as it was said last;
/// then what the server ignores, in order, since sites use it to tell versions apart (A5).
pub fn canonical(object: &ObjectId, tokens: &[Token]) -> String {
    let mut said: Vec<(&str, &str)> = Vec::new();
    let mut ignored: Vec<&str> = Vec::new();
    for token in tokens {
        match &token.kind {
            TokenKind::Command { name, value } => match find(name) {
                Some(row) => {
                    let name = row.name();
                    said.retain(|(earlier, _)| !same_slot(earlier, name));
                    said.push((name, value.trim()));
                }
                None => ignored.push(&token.raw),
            },
            TokenKind::Comment => ignored.push(&token.raw),
            TokenKind::Macro(_) | TokenKind::Variable { .. } => {}
        }
    }
    let place = |name: &str| rows().position(|row| row.name() == name);
    said.retain(|&(name, value)| !value.is_empty() && (name, value) != ("req", "img"));
    said.sort_by_key(|(name, _)| place(name));
    ignored.sort_unstable();
    // Serialising pairs of strings cannot fail. A comma needs no escape in a modifier.
    let query = serde_urlencoded::to_string(&said).unwrap_or_default().replace("%2C", ",");
    let parts = std::iter::once(query.as_str()).chain(ignored).filter(|part| !part.is_empty());
    let modifiers = parts.collect::<Vec<_>>().join("&");
    format!("{}/{}?{modifiers}", object.root, object.id)
}

/// `crop` and `cropN` set one thing, of which the later one counts.
fn same_slot(one: &str, other: &str) -> bool {
    one.trim_end_matches('N') == other.trim_end_matches('N')
}

#[cfg(test)]
mod tests {
    use crate::{catalog::Catalog, commands::takes_request, protocol::read, resolve::resolve};

    fn canonical(query: &str) -> String {
        let raw = read("Shop/shoe", query, takes_request).unwrap();
        resolve(&raw, Catalog::builtin()).unwrap().canonical
    }

    #[test]
    fn order_case_and_encoding_do_not_make_another_request() {
        let one = canonical("wid=300&fmt=png&bgc=255,0,0");
        assert_eq!(one, canonical("&BGC=255%2C0%2C0&FMT=png&wid=100&wid=300&req=img"));
    }

    #[test]
    fn a_macro_is_the_commands_it_stands_for() {
        assert_eq!(canonical("$zoom$"), canonical("wid=2000&fmt=jpeg&qlt=85,0&resMode=sharp2"));
    }

    #[test]
    fn a_version_makes_another_request() {
        assert_ne!(canonical("id=a"), canonical("id=b"));
        assert_ne!(canonical(".v=1"), canonical(".v=2"));
        assert_eq!(canonical("id=a&.v=1&ts=3"), canonical("ts=3&.v=1&id=a"));
    }

    #[test]
    fn only_the_later_of_crop_and_crop_n_is_kept() {
        assert_eq!(canonical("crop=1,2,3,4&cropN=0,0,1,.5"), canonical("cropN=0,0,1,.5"));
    }
}
