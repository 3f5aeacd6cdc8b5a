//! The cache keys of requests that a worker has resolved within the last second.
//!
//! To resolve a request takes longer than to send a cached reply. A popular image is asked for many
//! times a second, and what it is resolved from is trusted for longer than that.

use std::{cell::RefCell, rc::Rc};

use azulejo::{http::HttpRequest, reply::Bounds, serve::Pending, store::Lru};

/// Bytes of all keys of a worker.
const CAPACITY: usize = 1 << 20;

/// How long a request counts as resolved.
const SECONDS: u32 = 1;

/// The cache keys of recent requests.
#[derive(Debug)]
pub struct Recent(RefCell<Lru<Rc<str>>>);

impl Default for Recent {
    fn default() -> Self {
        Self(RefCell::new(Lru::new(CAPACITY, SECONDS)))
    }
}

impl Recent {
    /// Forgets all requests.
    pub fn forget(&self) {
        self.0.replace(Lru::new(CAPACITY, SECONDS));
    }

    /// The cache key of a request, if an equal one was resolved within the last second.
    pub fn get(&self, request: &HttpRequest) -> Option<Rc<str>> {
        let name = name(request)?;
        self.0.borrow_mut().get(&name, request.received_at).cloned()
    }

    /// Stores the cache key of a request. Not if its reply depends on the client's address, or on
    /// the time, as that of a signed URL that expires does.
    pub fn put(&self, request: &HttpRequest, pending: &Pending<'_>, key: &str) {
        if pending.bounds() == Bounds::default()
            && let Some(name) = name(request)
        {
            self.0.borrow_mut().put(&name, key.into(), key.len(), request.received_at);
        }
    }
}

/// Everything that a request is resolved from. `None` if it has a condition: the tag of its reply
/// must be compared.
fn name(request: &HttpRequest) -> Option<String> {
    if request.if_none_match.is_some() || request.if_modified_since.is_some() {
        return None;
    }
    let hints = &request.hints;
    let hints = [&hints.accept, &hints.pixel_ratio, &hints.save_data, &hints.connection];
    let mut name = String::with_capacity(request.path.len() + request.query.len() + 128);
    name.push_str(&request.path);
    name.push('?');
    name.push_str(&request.query);
    for hint in hints {
        // No header contains a line break.
        name.push('\n');
        if let Some(hint) = hint {
            name.push('=');
            name.push_str(hint);
        }
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use azulejo::client_hints::ClientHints;

    use super::*;

    fn request(path: &str, query: &str) -> HttpRequest {
        HttpRequest { path: path.to_owned(), query: query.to_owned(), ..HttpRequest::default() }
    }

    #[test]
    fn requests_that_may_be_resolved_differently_have_different_names() {
        let hints = ClientHints { accept: Some("image/webp".to_owned()), ..ClientHints::default() };
        let older = ClientHints { connection: Some("image/webp".to_owned()), ..hints.clone() };
        let older = ClientHints { accept: None, ..older };
        let names = [
            name(&request("/a", "b")),
            name(&request("/a/b", "")),
            name(&request("/a", "b=")),
            name(&HttpRequest { hints, ..request("/a", "b") }),
            name(&HttpRequest { hints: older, ..request("/a", "b") }),
        ];
        for (at, one) in names.iter().enumerate() {
            assert!(one.is_some() && !names[..at].contains(one), "{one:?}");
        }
    }

    #[test]
    fn a_request_with_a_condition_is_always_resolved() {
        let tag = Some("\"a\"".to_owned());
        assert_eq!(name(&HttpRequest { if_none_match: tag.clone(), ..request("/a", "") }), None);
        assert_eq!(name(&HttpRequest { if_modified_since: tag, ..request("/a", "") }), None);
    }
}
