//! Cache keys, entity tags and lifetimes (decisions K1 to K9).

use super::date;
use crate::{
    limits,
    resolved::{Audience, EntityHash, Resolved},
    store::Version,
};

/// The version of the engine, a part of every entity tag. The number after `+` is incremented
/// whenever a golden changes, that is, when a request gives different bytes than before;
/// `tests/golden.rs` checks this.
pub const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), "+13");

/// The strong entity tag of a reply, with its quotes. It depends on everything that determines the
/// reply: the request, the versions of the images, and the engine.
pub fn entity_tag(resolved: &Resolved, versions: &[Option<&Version>]) -> String {
    quoted(resolved.entity(versions))
}

/// The entity tag of a reply that depends only on `text` and a version: a fixed text, or a stored
/// file named by its key.
pub fn tag_of(text: &str, version: Option<&Version>) -> String {
    let mut identity = EntityHash::default();
    identity.add(text);
    identity.add(version.map_or("", |version| version.0.as_str()));
    quoted(identity)
}

fn quoted(mut identity: EntityHash) -> String {
    identity.add(ENGINE);
    format!("\"{}\"", identity.letters(20))
}

/// `image.version`: twelve characters that change with the source (L13).
pub fn version_id(version: &Version) -> String {
    let mut identity = EntityHash::default();
    identity.add(&version.0);
    identity.letters(12)
}

/// The value of `Last-Modified`; `None` if the catalog does not enable it, no date is known, or the
/// reply may not be cached.
pub fn last_modified(resolved: &Resolved) -> Option<String> {
    let modified =
        resolved.delivery.last_modified.filter(|date| date.is_finite() && *date >= 0.0)?;
    (resolved.delivery.expiration != Some(0)).then(|| date::http(modified))
}

/// The value of `Cache-Control`, and the seconds for which a shared cache may store the reply;
/// `None` if it may not store it.
pub fn lifetime(resolved: &Resolved) -> (String, Option<u32>) {
    let (control, seconds) = match resolved.delivery.expiration {
        Some(0) => ("no-store".to_owned(), None),
        Some(seconds) => (format!("public, {}", fresh_for(seconds)), Some(seconds)),
        None => ("public, max-age=31536000, immutable".to_owned(), Some(31_536_000)),
    };
    (control, seconds.filter(|_| resolved.delivery.audience != Audience::OneClient))
}

/// The directives of a lifetime in seconds: those of `CDN-Cache-Control` (RFC 9213).
pub fn fresh_for(seconds: u32) -> String {
    match seconds {
        0 => "no-store".to_owned(),
        _ => {
            // RFC 5861: a cache serves the stale reply while it revalidates, so no client waits.
            let stale = seconds.min(limits::STALE_SECONDS);
            format!("max-age={seconds}, stale-while-revalidate={stale}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_depends_on_request_and_version() {
        let tag = |request, version: &str| tag_of(request, Some(&Version(version.into())));
        assert_eq!(tag("a", "1"), tag("a", "1"));
        assert_ne!(tag("a", "1"), tag("a", "2"));
        assert_ne!(tag("a", "1"), tag("b", "1"));
        assert_eq!(tag("a", "1").len(), 22);
    }
}
