//! Error replies, which are never cached.

use super::{ReplyBuilder, cache::tag_of, text::TEXT};
use crate::{http::HttpReply, limits, resolved::Resolved};

/// An error reply. The rules of the catalog set headers here, too. Status 503 gets `Retry-After`.
pub fn refusal(
    status: u16,
    media_type: &str,
    body: String,
    resolved: Option<&Resolved>,
) -> HttpReply {
    let ruled = resolved.map_or(&[][..], |resolved| &resolved.delivery.headers);
    let mut reply = ReplyBuilder::uncached(tag_of(&body, None)).status(status).ruled(ruled);
    if status == 503 {
        reply = reply.header("retry-after", limits::RETRY_SECONDS.to_string());
    }
    reply.body(media_type, body.into_bytes())
}

/// The 405 reply: only `GET` and `HEAD` are supported.
pub fn method_not_allowed() -> HttpReply {
    let body = "Method not allowed\nuse GET or HEAD\n".to_owned();
    ReplyBuilder::uncached(tag_of(&body, None))
        .status(405)
        .header("allow", "GET, HEAD")
        .body(TEXT, body.into_bytes())
}
