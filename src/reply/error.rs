//! Error replies (r-errors; decisions J1 to J3): never cached.

use super::{cache::entity_tag, properties};
use crate::{commands::ReplyFormat, error::Error, http::HttpReply};

/// The reply to a request that failed, in the format it asked for, with the identifier of a JSONP
/// request.
///
/// `detail` is `ErrorDetail`: below 2 only the title is told.
pub fn error(error: &Error, (format, id): (ReplyFormat, &str), detail: u8) -> HttpReply {
    let (status, title) = error.kind.status();
    let message = if detail < 2 { "" } else { error.message.as_str() };
    let mut list = vec![("error.title", title.to_owned()), ("error.message", message.to_owned())];
    let (mime, body) = match format {
        ReplyFormat::Text => {
            let body = [title, message].join("\n");
            ("text/plain; charset=utf-8", format!("{}\n", body.trim_end()))
        }
        ReplyFormat::JavaScript | ReplyFormat::Xml | ReplyFormat::Json => {
            if format == ReplyFormat::Json {
                // What the responsive image library reads.
                let told = if message.is_empty() { title } else { message };
                list.push(("message", told.to_owned()));
            }
            properties::write(format, (id, "s7jsonError"), &list, 0.0)
        }
    };
    // A browser runs no script of another status: the page would never learn of the error.
    refusal(if format == ReplyFormat::Json { 200 } else { status }, mime, body)
}

/// Only GET and HEAD are answered.
pub fn method_not_allowed() -> HttpReply {
    let body = "Method not allowed\nuse GET or HEAD\n".to_owned();
    let mut reply = refusal(405, "text/plain; charset=utf-8", body);
    reply.headers.push(("allow", "GET, HEAD".into()));
    reply
}

fn refusal(status: u16, mime: &str, body: String) -> HttpReply {
    HttpReply {
        status,
        headers: vec![
            ("content-type", mime.to_owned()),
            ("etag", entity_tag(&body, None)),
            ("cache-control", "no-store".into()),
            ("x-content-type-options", "nosniff".into()),
            ("access-control-allow-origin", "*".into()),
        ],
        body: body.into_bytes(),
        stored: None,
        shared_max_age: None,
        extra: Vec::new(),
    }
}
