//! `req=validate`: reports that the request is valid. For an invalid request the reply is an error.

use crate::{
    http::HttpReply,
    reply::properties::{flag, properties},
    resolved::Resolved,
};

/// Prints one property.
pub fn answer(resolved: &Resolved, tag: String, now: f64) -> HttpReply {
    properties(resolved, &vec![("request.isValid", flag(true))], tag, now)
}
