//! `/is/content`: what is stored is sent as it is; nothing is drawn.

use super::{conclude, lookup::Lookup, refused};
use crate::{
    http::{HttpReply, HttpRequest},
    reply, resolve,
    store::{Known, Store},
};

/// Answers a request for static content. The reply may name a stored file as its body.
pub async fn content(request: &HttpRequest, store: &impl Store) -> HttpReply {
    let mut lookup = Lookup::default();
    let read = |known: &Known| resolve::content(request, known);
    let found = match lookup.run(request, store, read).await {
        Ok(Some(found)) => found,
        Ok(None) => return conclude(request, None, reply::banner(request)),
        Err(error) => return refused(request, &lookup.known, &error, None),
    };
    match reply::content(request, &found) {
        Ok(reply) => conclude(request, Some(&found.scene), reply),
        Err(error) => refused(request, &lookup.known, &error, Some(&found.scene)),
    }
}
