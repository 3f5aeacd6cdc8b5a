//! What one client gets of a reply that many share: a 304 for what it has, no body for HEAD, no
//! longer life than its signature has, and no word that others may have it where they may not.

use super::{cache::last_modified, lifetime::Bounds};
use crate::{
    http::{HttpReply, HttpRequest, Method},
    resolved::Resolved,
};

/// The reply for this client, of one that is the same for all who ask for it.
pub fn for_client(request: &HttpRequest, mut reply: HttpReply) -> HttpReply {
    let bounds = Bounds::of(request, reply.private);
    if bounds != Bounds::default() {
        reply.headers.retain_mut(|(name, value)| bounds.apply_to(name, value));
        reply.extra.retain_mut(|(name, value)| bounds.apply_to(name, value));
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
pub fn is_held(request: &HttpRequest, tag: &str, resolved: &Resolved) -> bool {
    let conditional = request.if_none_match.is_some() || request.if_modified_since.is_some();
    (conditional && resolved.delivery.expiration.is_none() && resolved.asset.is_ok())
        || is_same(request, tag, last_modified(resolved).as_deref())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn if_none_match_is_a_list_of_tags_or_a_star() {
        assert!(matches("\"x\", W/\"y\"", "\"y\""));
        assert!(matches("*", "\"y\""));
        assert!(!matches("\"x\"", "\"y\""));
    }
}
