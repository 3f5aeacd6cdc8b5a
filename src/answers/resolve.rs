//! `req=resolve`: the request in canonical form.

use crate::{http::HttpReply, reply::text, resolved::Resolved};

/// Prints the canonical path and query.
pub fn answer(resolved: &Resolved, tag: String) -> HttpReply {
    text::text(resolved, format!("/is/image/{}\r\n", resolved.answer.canonical), tag)
}
