//! Static content: the engine selects a stored file, and the client gets it in pieces, so that a
//! film needs little memory.

use std::rc::Rc;

use azulejo::{
    codec::Codecs,
    http::HttpRequest,
    reply::server,
    serve::{Prepared, conclude, prepare},
    store::{Read, ReadError, Store},
};
use hyper::Response;

use crate::{
    reply::{Body, Pieces, response, stored_response},
    store::RequestStore,
    worker::Worker,
};

/// Answers a request for `/is/content`. Tries a second time if the file is replaced between the
/// engine's look-up and the read.
pub async fn handle<S: Store + Codecs + 'static>(
    request: &HttpRequest,
    worker: &Rc<Worker<S>>,
    store: &RequestStore<'_, S>,
) -> Response<Body> {
    for _ in 0..2 {
        let reply = match prepare(request, store, &|| 0.0).await {
            Prepared::Reply(reply) => reply,
            Prepared::Pending(pending) => conclude(request, pending.finish(store).await),
        };
        let Some(file) = reply.stored.as_ref().filter(|file| file.range.len > 0) else {
            return response(reply, Some("bypass"));
        };
        match open(file, worker).await {
            Ok(pieces) => return stored_response(&reply, Body::Stored(pieces)),
            Err(ReadError::NotFound | ReadError::Changed) => {}
            // The worker has printed it.
            Err(_) => break,
        }
    }
    response(server::unavailable(), None)
}

async fn open<S: Store + 'static>(
    file: &Read,
    worker: &Rc<Worker<S>>,
) -> Result<Pieces, ReadError> {
    let worker = Rc::clone(worker);
    let read = move |piece: Read| -> azulejo::time_slice::Work<'static, _> {
        let worker = Rc::clone(&worker);
        Box::pin(async move { Ok(worker.read(&piece).await?.bytes) })
    };
    Pieces::open(file, Box::new(read)).await
}
