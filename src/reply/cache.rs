//! What caches are told: keys, entity tags, lifetimes (decisions K1 to K9).

use sha2::{Digest, Sha256};

use super::date;
use crate::{http::HttpRequest, limits, scene::Scene, store::Version};

/// Changes whenever the same request could give other bytes than before: the number behind the
/// version is raised where a golden changes, which `tests/golden.rs` sees to.
const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), "+3");

/// A strong entity tag, quotes included: the request, the source's version, the engine.
pub fn entity_tag(canonical: &str, version: Option<&Version>) -> String {
    let version = version.map_or("", |version| version.0.as_str());
    format!("\"{}\"", base62(&[canonical, version, ENGINE], 20))
}

/// `image.version`: twelve characters that change with the source (L13).
pub fn version_id(version: &Version) -> String {
    base62(&[&version.0], 12)
}

/// Whether the client has this reply already (RFC 9110, 13.2.2): the date counts only where no
/// tag is sent. It is one that we gave, or none: a client need not read dates to be right.
///
/// What never expires is never asked for again: whoever has a copy has the right one, "without
/// checking whether the file has actually changed" (r-expiration-cat).
pub fn is_held(request: &HttpRequest, tag: &str, scene: Option<&Scene>) -> bool {
    let conditional = request.if_none_match.is_some() || request.if_modified_since.is_some();
    if conditional && scene.is_some_and(|scene| scene.expiration.is_none()) {
        return true;
    }
    match &request.if_none_match {
        Some(header) => matches(header, tag),
        None => {
            let modified = scene.and_then(last_modified);
            modified.is_some() && request.if_modified_since == modified
        }
    }
}

/// The `Last-Modified` header, where the catalog wants one and a date is known.
pub fn last_modified(scene: &Scene) -> Option<String> {
    let modified = scene.last_modified.filter(|date| date.is_finite() && *date >= 0.0)?;
    (scene.expiration != Some(0)).then(|| date::http(modified))
}

/// Whether an `If-None-Match` header names this tag (RFC 9110, 13.1.2: weakly compared).
fn matches(if_none_match: &str, tag: &str) -> bool {
    let same = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag;
    if_none_match.split(',').map(str::trim).any(same)
}

/// `Cache-Control` and the seconds a shared cache may keep the reply.
pub fn lifetime(scene: &Scene) -> (String, Option<u32>) {
    match scene.expiration {
        Some(0) => ("no-store".to_owned(), None),
        Some(seconds) => {
            // RFC 5861: while a cache asks again, which a tag makes cheap, nobody waits.
            let stale = seconds.min(limits::STALE_SECONDS);
            let control = format!("public, max-age={seconds}, stale-while-revalidate={stale}");
            (control, Some(seconds))
        }
        None => ("public, max-age=31536000, immutable".to_owned(), Some(31_536_000)),
    }
}

/// Letters and digits out of a SHA-256 over the parts, each with its length before it.
fn base62(parts: &[&str], chars: usize) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    let digits = digest.iter().filter_map(|&byte| DIGITS.get(usize::from(byte) % 62));
    digits.take(chars).map(|&digit| char::from(digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_depends_on_request_and_version() {
        let tag = |request, version: &str| entity_tag(request, Some(&Version(version.into())));
        assert_eq!(tag("a", "1"), tag("a", "1"));
        assert_ne!(tag("a", "1"), tag("a", "2"));
        assert_ne!(tag("a", "1"), tag("b", "1"));
        assert_eq!(tag("a", "1").len(), 22);
    }

    #[test]
    fn if_none_match_is_a_list_of_tags_or_a_star() {
        assert!(matches("\"x\", W/\"y\"", "\"y\""));
        assert!(matches("*", "\"y\""));
        assert!(!matches("\"x\"", "\"y\""));
    }
}
