//! What is requested of both servers: path and query of a URL, as they are written.

use sha2::{Digest, Sha256};

/// Characters of a path and of a query that no client can send (RFC 9112, 3.2). They are escaped, as
/// browsers do. Everything else is sent as it is written.
const UNSENDABLE: [&str; 2] = [" <>`", " <>\""];

/// The path and the query that servers get for a URL, however it was written: whole, from its path
/// on, or as `rootId/id?modifiers`. `None` if it is for another service than Image Serving.
pub fn of(url: &str) -> Option<String> {
    let (path, query) = crate::check::target(url)?;
    let [in_path, in_query] = UNSENDABLE;
    let path = sendable(&path, in_path);
    Some(match query {
        Some(query) => format!("{path}?{}", sendable(&query, in_query)),
        None => path,
    })
}

fn sendable(part: &str, unsendable: &str) -> String {
    let mut sent = String::with_capacity(part.len());
    for c in part.chars() {
        if c.is_ascii_control() || unsendable.contains(c) {
            sent.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            sent.push(c);
        }
    }
    sent
}

/// The SHA-256 of a target in hexadecimal digits: the name of its recorded reply.
pub fn digest(target: &str) -> String {
    Sha256::digest(target).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A short hash that tells targets apart.
pub fn hash(target: &str) -> u128 {
    let digest = Sha256::digest(target);
    digest.iter().take(16).fold(0, |hash, byte| hash << 8 | u128::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_path_and_query_as_written() {
        for (url, target) in [
            ("https://s7.example.com/is/image/Shop/a?wid=3&$p$#x", "/is/image/Shop/a?wid=3&$p$"),
            ("//h:80/is/image/Shop/a%2Fb", "/is/image/Shop/a%2Fb"),
            ("Shop/a?text={\\b%20x}&layer=1|2^3'", "/is/image/Shop/a?text={\\b%20x}&layer=1|2^3'"),
            ("/is/image/Shop/a?defaultImage=b", "/is/image/Shop/a?defaultImage=b"),
            ("/is/image/Shop/a?", "/is/image/Shop/a?"),
            ("/is/image/Shop/é?t=ü", "/is/image/Shop/é?t=ü"),
            ("/is/image/Shop/a b`?t=\"<>`\u{7f}", "/is/image/Shop/a%20b%60?t=%22%3C%3E`%7F"),
            ("/cdn/is/content/Shop/a.pdf", "/is/content/Shop/a.pdf"),
        ] {
            assert_eq!(of(url).as_deref(), Some(target));
            let sent: hyper::Uri = format!("http://h{target}").parse().unwrap();
            assert_eq!(sent.path_and_query().unwrap().as_str(), target, "hyper sends it so");
        }
        assert_eq!(of("https://h/s7viewers/html5/js/x.js"), None);
    }

    #[test]
    fn digests_are_those_of_sha256sum() {
        let target = "/is/image/Shop/shoe?wid=800";
        assert_eq!(digest(target).get(..16), Some("1495ef28c1ecab22"));
        assert!(digest(target).starts_with(&format!("{:032x}", hash(target))));
    }
}
