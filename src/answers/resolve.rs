//! `req=resolve`: the request in canonical form.

use crate::{http::HttpReply, reply::text, resolved::Resolved};

/// Its path and query.
pub fn answer(scene: &Resolved, tag: String, _now: f64) -> HttpReply {
    text::text(scene, format!("/is/image/{}\r\n", scene.answer.canonical), tag)
}
