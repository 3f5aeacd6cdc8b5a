//! The whole pipeline on one screen.

use crate::{
    http::{HttpReply, HttpRequest},
    store::Store,
};

/// Answers one Image Serving request. Never fails: an error is a reply too.
///
/// `clock` tells milliseconds, for `Server-Timing` only.
pub async fn serve(
    request: &HttpRequest,
    store: &impl Store,
    clock: impl Fn() -> f64,
) -> HttpReply {
    let _ = (request, store, clock());
    HttpReply { status: 500, headers: Vec::new(), body: Vec::new(), shared_max_age: None }
}
