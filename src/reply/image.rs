//! Image replies and the 304 that may stand for them.

use super::cache::lifetime;
use crate::{http::HttpReply, resolved::Resolved};

/// An encoded image with the headers of the contract.
pub fn image(scene: &Resolved, tag: String, timing: String, body: Vec<u8>) -> HttpReply {
    let (cache_control, shared_max_age) = lifetime(scene);
    let headers = vec![
        ("content-type", scene.output.format.mime.to_owned()),
        ("etag", tag),
        ("cache-control", cache_control),
        ("timing-allow-origin", "*".into()),
        ("server-timing", timing),
    ];
    HttpReply { shared_max_age, ..HttpReply::new(200, headers, body) }
}

/// The client's copy is the present one (RFC 9110, 15.4.5).
pub fn not_modified(scene: &Resolved, tag: String) -> HttpReply {
    let (cache_control, _) = lifetime(scene);
    HttpReply::new(304, vec![("etag", tag), ("cache-control", cache_control)], Vec::new())
}
