//! The reply to `/is/image` without an object and commands (A13).

use crate::{
    http::{HttpReply, HttpRequest},
    reply::{ReplyBuilder, properties, tag_of, text::TEXT},
};

/// Prints the name and the version of the server.
pub fn answer(request: &HttpRequest) -> HttpReply {
    let list = vec![("server", format!("Azulejo {}", env!("CARGO_PKG_VERSION")))];
    let body = properties::text(&list, request.received_at);
    ReplyBuilder::uncached(tag_of("", None)).body(TEXT, body.into_bytes())
}
