//! `/is/content`: what is stored is sent as it is; nothing is drawn.

use super::{conclude, dressed, lookup::Lookup, refused, unless_held};
use crate::{
    error::Result,
    http::{HttpReply, HttpRequest},
    reply, resolve,
    store::{self, Known, Store},
};

/// Answers a request for static content. The reply may name a stored file as its body.
pub async fn content(request: &HttpRequest, store: &impl Store) -> HttpReply {
    let mut lookup = Lookup::default();
    let read = |known: &Known| resolve::content(request, known);
    let found = match lookup.run(request, store, read).await {
        Ok(Some(found)) => found,
        Ok(None) => return conclude(request, reply::banner(request)),
        Err(error) => return conclude(request, refused(request, &lookup.known, &error, None)),
    };
    let reply = match reply::content(request, &found) {
        Ok(reply) => dressed(Some(&found.scene), unless_held(request, &found.scene, reply)),
        Err(error) => refused(request, &lookup.known, &error, Some(&found.scene)),
    };
    conclude(request, reply)
}

/// The reply with its body in memory, wherever that lies.
pub async fn whole(mut reply: HttpReply, store: &impl Store) -> Result<HttpReply> {
    let Some(read) = reply.stored.take() else { return Ok(reply) };
    let key = read.key.clone();
    let mut known = Known::default();
    let range = read.range;
    store::fetch(store, &mut known, vec![read]).await?;
    let bytes = known.object(&key).flatten().and_then(|object| object.get(range));
    reply.body = bytes.map(<[u8]>::to_vec).unwrap_or_default();
    Ok(reply)
}
