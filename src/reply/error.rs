//! Error replies (r-errors; decisions J1 to J3): never cached.

use super::{cache::tag_of, properties};
use crate::{
    commands::ReplyFormat,
    error::{Error, ErrorPolicy},
    http::HttpReply,
    limits,
};

/// The reply to a request that failed, in the format it asked for, with the identifier of a JSONP
/// request.
///
/// `policy` is what the catalog says of errors.
pub fn error(error: &Error, (format, id): (ReplyFormat, &str), policy: ErrorPolicy) -> HttpReply {
    let (status, title) = (policy.status(error.kind), error.kind.status().1);
    let message = if policy.detail < 2 { "" } else { error.message.as_str() };
    let mut list = vec![("error.title", title.to_owned()), ("error.message", message.to_owned())];
    let (mime, body) = match format {
        ReplyFormat::Text => {
            let body = [title, message].join("\n");
            ("text/plain; charset=utf-8", format!("{}\n", body.trim_end()))
        }
        ReplyFormat::JavaScript | ReplyFormat::Xml | ReplyFormat::Json => {
            if format == ReplyFormat::Json {
                // As the real server names them, and clients read them.
                let told = if message.is_empty() { title } else { message };
                let named = [("message", told.to_owned()), ("title", title.to_owned())];
                list.splice(0..0, named);
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
    let headers = vec![
        ("content-type", mime.to_owned()),
        ("etag", tag_of(&body, None)),
        ("cache-control", "no-store".into()),
    ];
    let mut reply = HttpReply::new(status, headers, body.into_bytes());
    if status == 503 {
        reply.headers.push(("retry-after", limits::RETRY_SECONDS.to_string()));
    }
    reply
}
