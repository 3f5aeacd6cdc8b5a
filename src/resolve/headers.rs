//! The response headers that rules set, with variables substituted (r-header-rule).

use super::RequestContext;
use crate::{
    catalog::RuleHeader,
    error::{Error, ErrorKind, Result},
    http::HeaderChange,
    protocol::{RawRequest, Variables},
};

/// The headers for a request, in order. Fails if a rule sets a reserved header or an invalid name or
/// value.
pub fn headers(context: &RequestContext, raw: &RawRequest) -> Result<Vec<HeaderChange>> {
    if context.applied.headers.is_empty() {
        return Ok(Vec::new());
    }
    let mut variables = Variables::of(&raw.object.join("/"));
    variables.collect(&raw.tokens);
    let filled = |header: &RuleHeader| {
        let name = variables.insert(&header.name)?.trim().to_ascii_lowercase();
        let value = variables.insert(&header.value)?.trim().to_owned();
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if name.is_empty() || !name.bytes().all(token) || OWN.contains(&name.as_str()) {
            let message = format!("{name}: a rule cannot set this header");
            return Err(Error::new(ErrorKind::Value, message));
        }
        // A line break in a value would let a client inject headers or a body.
        if !value.bytes().all(|byte| (b' '..=b'~').contains(&byte) || byte == b'\t') {
            let message = format!("{name}: a header's value is printable ASCII");
            return Err(Error::new(ErrorKind::Value, message));
        }
        Ok(HeaderChange { name, value, append: header.add })
    };
    context.applied.headers.iter().map(filled).collect()
}

/// Headers that rules may not set: they frame the message, or identify the reply in caches.
const OWN: [&str; 6] =
    ["content-length", "transfer-encoding", "connection", "content-encoding", "upgrade", "etag"];
