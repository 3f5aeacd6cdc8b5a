//! Assembles a reply: its status, the headers of every reply, and its own headers.

use super::{
    cache::{fresh_for, last_modified, lifetime},
    policy::sandbox,
};
use crate::{
    http::{HeaderChange, HttpReply},
    resolved::Resolved,
};

/// A reply under construction, without its body.
pub struct ReplyBuilder<'a> {
    status: u16,
    etag: String,
    cache_control: String,
    shared_max_age: Option<u32>,
    /// The request; `None` if it was not resolved.
    resolved: Option<&'a Resolved>,
    /// Headers that the catalog's rules set.
    ruled: &'a [HeaderChange],
    /// Further headers of this reply, in order.
    headers: Vec<(&'static str, String)>,
}

impl<'a> ReplyBuilder<'a> {
    /// A reply with status 200 that no cache stores.
    pub fn uncached(etag: String) -> Self {
        Self {
            status: 200,
            etag,
            cache_control: "no-store".to_owned(),
            shared_max_age: None,
            resolved: None,
            ruled: &[],
            headers: Vec::new(),
        }
    }

    /// A reply with status 200. The request and its catalog determine its lifetime, its date, and
    /// the headers that rules set.
    pub fn of(resolved: &'a Resolved, etag: String) -> Self {
        let (cache_control, shared_max_age) = lifetime(resolved);
        let uncached = Self::uncached(etag).ruled(&resolved.delivery.headers);
        Self { cache_control, shared_max_age, resolved: Some(resolved), ..uncached }
    }

    /// Applies the headers that the catalog's rules set, after all other headers.
    pub fn ruled(self, ruled: &'a [HeaderChange]) -> Self {
        Self { ruled, ..self }
    }

    /// Sets `Cache-Control`, and keeps the reply out of shared caches.
    pub fn cache_control(self, directives: &str) -> Self {
        Self { cache_control: directives.to_owned(), shared_max_age: None, ..self }
    }

    /// Sets the status.
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// Appends a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Builds the reply with this body.
    pub fn body(self, media_type: &str, body: Vec<u8>) -> HttpReply {
        self.build(Some(media_type), body)
    }

    /// Builds a 304: the client's copy is current (RFC 9110, 15.4.5).
    pub fn not_modified(self) -> HttpReply {
        let reply = Self { status: 304, ..self }.build(None, Vec::new());
        HttpReply { shared_max_age: None, ..reply }
    }

    #[inline(never)]
    fn build(self, media_type: Option<&str>, body: Vec<u8>) -> HttpReply {
        let mut headers = Vec::with_capacity(self.headers.len() + 4);
        headers.extend(media_type.map(|media_type| ("content-type", media_type.to_owned())));
        headers.push(("etag", self.etag));
        headers.push(("cache-control", self.cache_control));
        let shared = self.resolved.filter(|_| self.shared_max_age.is_some());
        let shared = shared.map(|resolved| &resolved.delivery);
        let shared = shared.filter(|delivery| !delivery.audience.is_private());
        let seconds = shared.and_then(|delivery| delivery.shared_expiration);
        headers.extend(seconds.map(|seconds| ("cdn-cache-control", fresh_for(seconds))));
        let tags = shared.and_then(|delivery| delivery.shown.header());
        headers.extend(tags.map(|tags| ("cache-tag", tags)));
        let dated = self.resolved.filter(|_| matches!(self.status, 200 | 206 | 304));
        headers.extend(dated.and_then(last_modified).map(|date| ("last-modified", date)));
        let vary = self.resolved.map(|resolved| resolved.delivery.vary.join(", "));
        headers.extend(vary.filter(|vary| !vary.is_empty()).map(|vary| ("vary", vary)));
        headers.extend(self.headers);
        let mut reply = HttpReply::new(self.status, headers, body);
        reply.shared_max_age = self.shared_max_age;
        reply.private =
            self.resolved.is_some_and(|resolved| resolved.delivery.audience.is_private());
        reply.set_headers(self.ruled);
        sandbox(&mut reply);
        reply
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_protocol_come_before_those_of_the_reply() {
        let reply = ReplyBuilder::uncached("\"x\"".to_owned())
            .status(503)
            .header("retry-after", "2")
            .body("text/xml", b"<a/>".to_vec());
        let names: Vec<&str> = reply.headers.iter().take(4).map(|(name, _)| *name).collect();
        assert_eq!(names, ["content-type", "etag", "cache-control", "retry-after"]);
        assert_eq!((reply.status, reply.header("cache-control")), (503, Some("no-store")));
        assert!(reply.header("content-security-policy").is_some(), "XML is sandboxed");
    }

    #[test]
    fn a_reply_without_content_has_no_media_type() {
        let reply = ReplyBuilder::uncached("\"x\"".to_owned()).not_modified();
        assert_eq!((reply.status, reply.header("content-type")), (304, None));
        assert_eq!(reply.header("etag"), Some("\"x\""));
    }
}
