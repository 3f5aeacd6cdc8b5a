//! `req=validate`: the request can be read. One that cannot is an error.

use crate::{
    http::HttpReply,
    reply::properties::{flag, properties},
    scene::Scene,
};

/// One property.
pub fn answer(scene: &Scene, tag: String, now: f64) -> HttpReply {
    properties(scene, &vec![("request.isValid", flag(true))], tag, now)
}
