//! `req=resolve`: the request in canonical form.

use crate::{http::HttpReply, reply::text, scene::Scene};

/// Its path and query.
pub fn answer(scene: &Scene, tag: String, _now: f64) -> HttpReply {
    text::text(scene, format!("/is/image/{}\r\n", scene.canonical), tag)
}
