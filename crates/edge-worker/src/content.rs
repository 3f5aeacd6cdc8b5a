//! Static content: the engine selects a stored file, and the client gets R2's stream of it. Its
//! bytes never enter wasm memory.

use azulejo::{
    http::HttpRequest,
    reply::server,
    serve::{Prepared, conclude, prepare},
    store::{Read, ReadError},
};
use js_sys::Date;
use web_sys::ReadableStream;
use worker::{ResponseBody, Result, console_error};

use crate::{
    r2::{self, R2Store},
    reply,
    request_log::RequestLog,
};

/// Answers a request for `/is/content`. Tries a second time if the file is replaced between the
/// engine's look-up and the read.
pub async fn handle(
    request: &HttpRequest,
    store: &R2Store<'_>,
    log: &RequestLog<'_>,
) -> Result<web_sys::Response> {
    for _ in 0..2 {
        let reply = match prepare(request, store, &Date::now).await {
            Prepared::Reply(reply) => reply,
            Prepared::Pending(pending) => conclude(request, pending.finish(store).await),
        };
        // R2 cannot read an empty range.
        let Some(read) = reply.stored.as_ref().filter(|read| read.range.len > 0) else {
            return log.response(&reply, "bypass");
        };
        match stream(read, store).await {
            Ok(body) => {
                log.note(&reply, "bypass");
                return reply::stream_response(&reply, &body);
            }
            Err(ReadError::NotFound | ReadError::Changed) => {}
            Err(error) => {
                console_error!("{}: {error}", read.key);
                break;
            }
        }
    }
    reply::uncached_response(&server::unavailable())
}

async fn stream(read: &Read, store: &R2Store<'_>) -> Result<ReadableStream, ReadError> {
    let bucket = store.bucket()?;
    let object = r2::get(bucket, read).await.map_err(|error| r2::read_error(&error))?;
    let object = object.ok_or(ReadError::NotFound)?;
    // If the condition fails, R2 returns the object without its body.
    let body = object.body().ok_or(ReadError::Changed)?;
    match body.response_body().map_err(|error| r2::read_error(&error))? {
        ResponseBody::Stream(stream) => Ok(stream),
        ResponseBody::Body(_) | ResponseBody::Empty => {
            Err(ReadError::Failed("R2 gave no stream".to_owned()))
        }
    }
}
