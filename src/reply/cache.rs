//! What caches are told: keys, entity tags, lifetimes (decisions K1 to K9).

use sha2::{Digest, Sha256};

use super::date;
use crate::{limits, scene::Scene, store::Version};

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

/// The `Last-Modified` header, where the catalog wants one and a date is known.
pub fn last_modified(scene: &Scene) -> Option<String> {
    let modified = scene.last_modified.filter(|date| date.is_finite() && *date >= 0.0)?;
    (scene.expiration != Some(0)).then(|| date::http(modified))
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
}
