//! The forms of non-image replies: text, XML, and the call of a JSONP function.

use super::{builder::ReplyBuilder, element::Element, properties::quote_json};
use crate::{http::HttpReply, resolved::Resolved};

/// Media type of text.
pub const TEXT: &str = "text/plain; charset=utf-8";
/// Media type of assignments and of JSONP.
pub const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Plain text.
pub fn text(resolved: &Resolved, text: String, etag: String) -> HttpReply {
    ReplyBuilder::of(resolved, etag).body(TEXT, text.into_bytes())
}

/// An XML document in the encoding that `req=` names.
pub fn xml(resolved: &Resolved, root: &Element, etag: String) -> HttpReply {
    ReplyBuilder::of(resolved, etag)
        .body("text/xml", resolved.answer.encoding.document(&root.xml()))
}

/// The call of the client's function with a JSON object (L4).
pub fn jsonp(resolved: &Resolved, object: &str, etag: String) -> HttpReply {
    let (id, handler) = &resolved.answer.jsonp;
    let body = call(handler, object, id).into_bytes();
    ReplyBuilder::of(resolved, etag).body(JAVASCRIPT, body)
}

/// The call of a function, with the identifier of the request. It is there, id or not (L4).
pub fn call(handler: &str, object: &str, id: &str) -> String {
    format!("/*jsonp*/{handler}({object},{});", quote_json(id))
}
