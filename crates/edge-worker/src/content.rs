//! Static content: the engine names a stored file, the bucket's stream of it goes to the client. Its
//! bytes never enter wasm memory.

use azulejo::{
    http::HttpRequest,
    serve::{Prepared, conclude, prepare},
    store::{Read, ReadError},
};
use js_sys::Date;
use web_sys::ReadableStream;
use worker::{ResponseBody, Result, console_error};

use crate::{
    r2::{self, R2Store},
    reply,
};

/// Answers a request for `/is/content`. What is replaced between the look at it and its read is
/// looked at once more.
pub async fn answer(request: &HttpRequest, store: &R2Store<'_>) -> Result<web_sys::Response> {
    for _ in 0..2 {
        let answer = match prepare(request, store, &Date::now).await {
            Prepared::Reply(answer) => answer,
            Prepared::Pending(pending) => conclude(request, pending.finish(store).await),
        };
        // R2 has no range of no bytes.
        let Some(read) = answer.stored.as_ref().filter(|read| read.range.len > 0) else {
            return reply::send(&answer, "bypass");
        };
        match stream(read, store).await {
            Ok(body) => return reply::send_stored(&answer, &body),
            Err(ReadError::NotFound | ReadError::Changed) => {}
            Err(error) => {
                console_error!("{}: {error}", read.key);
                break;
            }
        }
    }
    reply::unavailable()
}

async fn stream(read: &Read, store: &R2Store<'_>) -> Result<ReadableStream, ReadError> {
    let bucket = store.bucket.as_ref().map_err(r2::failed)?;
    let got = r2::get(bucket, read).await.map_err(|error| r2::failed(&error))?;
    let object = got.ok_or(ReadError::NotFound)?;
    // R2 answers a condition that does not hold with the object but without its body.
    let body = object.body().ok_or(ReadError::Changed)?;
    match body.response_body().map_err(|error| r2::failed(&error))? {
        ResponseBody::Stream(stream) => Ok(stream),
        ResponseBody::Body(_) | ResponseBody::Empty => {
            Err(ReadError::Failed("R2 gave no stream".to_owned()))
        }
    }
}
