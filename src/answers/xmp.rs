//! `req=xmp`: the XMP packet of the source image (r-xmp).

use super::state::State;
use crate::{
    error::Result,
    http::HttpReply,
    pyramid::{Index, Span},
    reply::ReplyBuilder,
};

/// The span of the packet; empty if there is none.
pub fn needs(index: &Index) -> Vec<Span> {
    index.xmp.into_iter().collect()
}

/// Prints the packet unchanged, or an empty packet.
pub fn answer(state: &mut State) -> Result<HttpReply> {
    let index = state.index()?;
    let packet = state.bytes(index.xmp).unwrap_or(b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>\n");
    let reply = ReplyBuilder::of(&state.resolved, state.tag.clone());
    Ok(reply.body("text/xml; charset=utf-8", packet.to_vec()))
}
