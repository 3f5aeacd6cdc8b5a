//! What one client gets of a reply that many share: a 304 for what it has, no body for HEAD, no
//! longer life than its signature has.

use super::cache::last_modified;
use crate::{
    catalog::signature,
    http::{HttpReply, HttpRequest, Method},
    scene::Scene,
};

/// The reply for this client, of one that is the same for all who ask for it.
pub fn for_client(request: &HttpRequest, mut reply: HttpReply) -> HttpReply {
    if let Some(left) = seconds_left(request) {
        let known = reply.headers.iter_mut().map(|(name, value)| (&**name, value));
        let extra = reply.extra.iter_mut().map(|(name, value)| (name.as_str(), value));
        for (name, value) in known.chain(extra) {
            if is_lifetime(name) {
                *value = bounded(value, left);
            }
        }
    }
    let held = |tag| is_same(request, tag, reply.header("last-modified"));
    // An error that is padded has the status 200, and nobody has it already.
    let storable = reply.header("cache-control") != Some("no-store");
    if reply.status == 200 && storable && reply.header("etag").is_some_and(held) {
        reply.status = 304;
        reply.body.clear();
        reply.stored = None;
    }
    if request.method == Method::Head {
        if !reply.body.is_empty() {
            reply.headers.push(("content-length", reply.body.len().to_string()));
        }
        reply.body.clear();
        reply.stored = None;
    }
    reply
}

/// Whether the client has this reply already.
///
/// What never expires is never asked for again: whoever has a copy has the right one, "without
/// checking whether the file has actually changed" (r-expiration-cat). What is not there, or not for
/// this client, is no right copy.
pub fn is_held(request: &HttpRequest, tag: &str, scene: &Scene) -> bool {
    let conditional = request.if_none_match.is_some() || request.if_modified_since.is_some();
    (conditional && scene.expiration.is_none() && scene.asset.is_ok())
        || is_same(request, tag, last_modified(scene).as_deref())
}

/// Whether the client's copy is the present one (RFC 9110, 13.2.2): the date counts only where no
/// tag is sent. It is one that we gave, or none: a client need not read dates to be right.
fn is_same(request: &HttpRequest, tag: &str, modified: Option<&str>) -> bool {
    match &request.if_none_match {
        Some(header) => matches(header, tag),
        None => modified.is_some() && request.if_modified_since.as_deref() == modified,
    }
}

/// Whether an `If-None-Match` header names this tag (RFC 9110, 13.1.2: weakly compared).
fn matches(if_none_match: &str, tag: &str) -> bool {
    let same = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag;
    if_none_match.split(',').map(str::trim).any(same)
}

/// Whole seconds until the signature of a request ends; `None` where it does not end. A copy that
/// many share has its own lifetime: this bounds what one of them is told.
pub fn seconds_left(request: &HttpRequest) -> Option<u64> {
    let end = signature::expiry(&request.access, &request.query)?;
    Some(((end - request.received_at) / 1000.0).max(0.0) as u64)
}

/// Whether caches read a header's directives as lifetimes: `Cache-Control`, and those of content
/// delivery networks that rules may set.
pub fn is_lifetime(name: &str) -> bool {
    name.ends_with("cache-control") || matches!(name, "surrogate-control" | "edge-control")
}

/// Directives of such a header, none of which lets a cache keep or use a reply for longer than
/// `left` seconds.
pub fn bounded(directives: &str, left: u64) -> String {
    let mut kept: Vec<String> = Vec::new();
    let mut stale: Vec<(&str, u64)> = Vec::new();
    let mut fresh = None;
    for directive in directives.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        // What cannot be read may be as long as it likes.
        let seconds = value.trim_matches('"').parse().unwrap_or(u64::MAX);
        match name.to_ascii_lowercase().as_str() {
            "no-store" => return directives.to_owned(),
            "immutable" => {}
            "max-age" | "s-maxage" | "cache-maxage" | "downstream-ttl" => {
                let seconds = seconds.min(left);
                fresh = fresh.max(Some(seconds));
                kept.push(format!("{name}={seconds}"));
            }
            "stale-while-revalidate" | "stale-if-error" => stale.push((name, seconds)),
            _ => kept.push(directive.to_owned()),
        }
    }
    if fresh.is_none() {
        kept.push(format!("max-age={left}"));
    }
    let spare = left - fresh.unwrap_or(left);
    let stale = stale.into_iter().map(|(name, seconds)| (name, seconds.min(spare)));
    kept.extend(
        stale.filter(|(_, seconds)| *seconds > 0).map(|(n, seconds)| format!("{n}={seconds}")),
    );
    kept.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_none_match_is_a_list_of_tags_or_a_star() {
        assert!(matches("\"x\", W/\"y\"", "\"y\""));
        assert!(matches("*", "\"y\""));
        assert!(!matches("\"x\"", "\"y\""));
    }

    #[test]
    fn no_directive_outlives_the_signature() {
        for (directives, left, expected) in [
            ("public, max-age=36000, stale-while-revalidate=60", 600, "public, max-age=600"),
            (
                "public, max-age=36000, stale-while-revalidate=60",
                36_020,
                "public, max-age=36000, stale-while-revalidate=20",
            ),
            (
                "public, max-age=36000, stale-while-revalidate=60",
                99_999,
                "public, max-age=36000, stale-while-revalidate=60",
            ),
            ("public, max-age=31536000, immutable", 0, "public, max-age=0"),
            ("Max-Age=\"90\", s-maxage=90, stale-if-error=9", 30, "Max-Age=30, s-maxage=30"),
            ("no-store", 9, "no-store"),
            ("public", 9, "public, max-age=9"),
            ("!no-store, cache-maxage=1d", 9, "!no-store, cache-maxage=9"),
        ] {
            assert_eq!(bounded(directives, left), expected);
        }
    }
}
