//! Replies of the server itself, for which no request is resolved.

use super::text::TEXT;
use crate::{
    http::{HttpReply, SHARED_HEADERS},
    limits,
};

/// 200 for `/health`: the server runs. Does not touch storage.
pub fn health() -> HttpReply {
    plain(200, "ok")
}

/// 404 for unknown paths.
pub fn not_found() -> HttpReply {
    plain(404, "No such page. Images are at /is/image/<object>?<modifiers>.\n")
}

/// 500 if the platform itself fails. The log has its error.
pub fn internal_error() -> HttpReply {
    plain(500, "Internal error\n")
}

/// 500 for invalid settings. The log names the setting.
pub fn misconfigured() -> HttpReply {
    plain(500, "The settings of this server are wrong. Its log names them.\n")
}

/// 499 if the client has gone. No client receives it.
pub fn client_gone() -> HttpReply {
    plain(499, "Client closed request\n")
}

/// 503 if storage fails.
pub fn unavailable() -> HttpReply {
    let mut reply = plain(503, "Storage unavailable. Try again later.\n");
    let after = ("retry-after", limits::RETRY_SECONDS.to_string());
    reply.headers.insert(reply.headers.len() - SHARED_HEADERS.len(), after);
    reply
}

fn plain(status: u16, body: &str) -> HttpReply {
    let own = vec![
        ("content-type", TEXT.to_owned()),
        ("etag", format!("\"{status}\"")),
        ("cache-control", "no-store".to_owned()),
    ];
    HttpReply::new(status, own, body.as_bytes().to_vec())
}
