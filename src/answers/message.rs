//! `req=message`: a client sends a message, and the server ignores it.

use crate::{http::HttpReply, reply::text, scene::Scene};

/// An empty text.
pub fn answer(scene: &Scene, tag: String, _now: f64) -> HttpReply {
    text::text(scene, String::new(), tag)
}
