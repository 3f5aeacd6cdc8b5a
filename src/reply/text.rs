//! The formats of non-image replies: plain text, XML and JSONP.

use super::{builder::ReplyBuilder, element::Element, properties::quote_json};
use crate::{
    http::HttpReply,
    resolved::{Jsonp, Resolved},
};

/// Media type of plain text.
pub const TEXT: &str = "text/plain; charset=utf-8";
/// Media type of JavaScript assignments and of JSONP.
pub const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// A plain-text reply.
pub fn text(resolved: &Resolved, text: String, etag: String) -> HttpReply {
    ReplyBuilder::of(resolved, etag).body(TEXT, text.into_bytes())
}

/// An XML reply in the encoding that `req=` names.
pub fn xml(resolved: &Resolved, root: &Element, etag: String) -> HttpReply {
    ReplyBuilder::of(resolved, etag)
        .body("text/xml", resolved.answer.encoding.document(&root.xml()))
}

/// A JSONP reply, which calls the client's function with a JSON object (L4).
pub fn jsonp(resolved: &Resolved, object: &str, etag: String) -> HttpReply {
    let Jsonp { id, handler } = &resolved.answer.jsonp;
    let body = call(handler, object, id).into_bytes();
    ReplyBuilder::of(resolved, etag).body(JAVASCRIPT, body)
}

/// Calls a JSONP function with an object and the identifier of the request. The identifier is
/// always passed, even if it is empty (L4).
pub fn call(handler: &str, object: &str, id: &str) -> String {
    format!("/*jsonp*/{handler}({object},{});", quote_json(id))
}
