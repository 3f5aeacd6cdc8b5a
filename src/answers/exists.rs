//! `req=exists`: one property, 1 or 0, and always status 200 (r-exists).

use super::state::State;
use crate::{
    error::Result,
    http::HttpReply,
    reply::properties::{flag, properties},
    resolved::Resolved,
};

/// Prints whether the request has a source image.
pub fn answer(state: &mut State) -> Result<HttpReply> {
    let (exists, now) = (state.source.is_some(), state.request.received_at);
    Ok(reply(&state.resolved, exists, state.tag.clone(), now))
}

/// The reply to `req=exists`: whether the object exists.
pub fn reply(resolved: &Resolved, exists: bool, tag: String, now: f64) -> HttpReply {
    properties(resolved, &vec![("catalogRecord.exists", flag(exists))], tag, now)
}
