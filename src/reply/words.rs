//! What replies in words have in common: their headers, and the call of JSONP.

use super::{cache::lifetime, properties::quote_json};
use crate::{http::HttpReply, resolved::Resolved};

/// A body in words, with the headers of its kind.
pub(super) fn plain(scene: &Resolved, mime: &str, body: Vec<u8>, tag: String) -> HttpReply {
    let (cache_control, shared_max_age) = lifetime(scene);
    let headers =
        vec![("content-type", mime.to_owned()), ("etag", tag), ("cache-control", cache_control)];
    HttpReply { shared_max_age, ..HttpReply::new(200, headers, body) }
}

/// The call of the client's function (L4).
pub(super) fn jsonp(scene: &Resolved, object: &str) -> Vec<u8> {
    let (id, handler) = &scene.answer.jsonp;
    call(handler, object, id).into_bytes()
}

pub(super) fn call(handler: &str, object: &str, id: &str) -> String {
    format!("/*jsonp*/{handler}({object},{});", quote_json(id))
}
