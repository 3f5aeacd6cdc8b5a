//! `/is/content`: what is stored is sent as it is; nothing is drawn.

use super::{conclude, dressed, refused, unless_held};
use crate::{
    error::Result,
    http::{HttpReply, HttpRequest},
    reply, resolve,
    sources::Lookup,
    store::{self, Fetched, Store},
};

/// Answers a request for static content. The reply may name a stored file as its body.
pub async fn content(request: &HttpRequest, store: &impl Store) -> HttpReply {
    let lookup = Lookup::default();
    let stage = resolve::content(request, &lookup.buffer);
    let found = match lookup.run(request, store, stage).await.flatten() {
        Ok(Some(found)) => found,
        Ok(None) => return conclude(request, reply::banner(request)),
        Err(error) => return conclude(request, refused(request, &lookup.buffer, &error, None)),
    };
    let reply = match reply::content(request, &found) {
        Ok(reply) => dressed(Some(&found.scene), unless_held(request, &found.scene, reply)),
        Err(error) => refused(request, &lookup.buffer, &error, Some(&found.scene)),
    };
    conclude(request, reply)
}

/// The reply with its body in memory, wherever that lies.
pub async fn whole(mut reply: HttpReply, store: &impl Store) -> Result<HttpReply> {
    let Some(read) = reply.stored.take() else { return Ok(reply) };
    let key = read.key.clone();
    let mut fetched = Fetched::default();
    let range = read.range;
    store::fetch(store, &mut fetched, vec![read]).await?;
    let bytes = fetched.object(&key).and_then(|object| object.get(range));
    reply.body = bytes.map(<[u8]>::to_vec).unwrap_or_default();
    Ok(reply)
}
