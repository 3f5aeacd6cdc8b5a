//! `req=message`: a client sends a message, and the server ignores it.

use crate::{http::HttpReply, reply::text, resolved::Resolved};

/// Replies with an empty text.
pub fn answer(resolved: &Resolved, tag: String) -> HttpReply {
    text::text(resolved, String::new(), tag)
}
