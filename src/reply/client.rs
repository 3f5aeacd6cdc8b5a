//! Adapts a shared reply to one client: a 304 for a current copy, no body for `HEAD`, a lifetime
//! that ends with the request's signature, and no shared caching of private replies.

use super::{cache::last_modified, lifetime::Bounds};
use crate::{
    http::{HttpReply, HttpRequest, Method},
    resolved::Resolved,
};

/// The reply for this client, made from the reply that all clients share.
pub fn for_client(request: &HttpRequest, mut reply: HttpReply) -> HttpReply {
    let bounds = Bounds::of(request, reply.private);
    if bounds != Bounds::default() {
        reply.headers.retain_mut(|(name, value)| bounds.apply_to(name, value));
        reply.extra.retain_mut(|(name, value)| bounds.apply_to(name, value));
    }
    let is_current_tag = |tag| is_same(request, tag, reply.header("last-modified"));
    // An error in JSONP or as an image has status 200 and `no-store`, so no client has a copy.
    let storable = reply.header("cache-control") != Some("no-store");
    if reply.status == 200 && storable && reply.header("etag").is_some_and(is_current_tag) {
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

/// Whether the client's copy of this reply is current.
///
/// A conditional request for a reply that never expires counts as current, "without checking
/// whether the file has actually changed" (r-expiration-cat), unless the object is missing or
/// forbidden for this client.
pub fn is_current(request: &HttpRequest, tag: &str, resolved: &Resolved) -> bool {
    let conditional = request.if_none_match.is_some() || request.if_modified_since.is_some();
    (conditional && resolved.delivery.expiration.is_none() && resolved.asset.is_ok())
        || is_same(request, tag, last_modified(resolved).as_deref())
}

/// Whether the client's copy is current (RFC 9110, 13.2.2). `If-Modified-Since` counts only without
/// `If-None-Match`, and only if it equals our `Last-Modified`; dates are not compared.
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
