//! `req=validate`: the request can be read. One that cannot is an error.

use crate::{
    http::HttpReply,
    reply::properties::{flag, properties},
    resolved::Resolved,
};

/// One property.
pub fn answer(resolved: &Resolved, tag: String, now: f64) -> HttpReply {
    properties(resolved, &vec![("request.isValid", flag(true))], tag, now)
}
