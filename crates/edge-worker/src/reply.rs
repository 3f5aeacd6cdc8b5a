//! The engine's replies, and the few of the Worker's own, as the platform's responses.

use azulejo::{
    http::{HttpReply, SHARED_HEADERS},
    limits,
    reply::Bounds,
};
use web_sys::{Headers, ReadableStream, Response, ResponseInit};
use worker::Result;

/// Tells `hit`, `miss` or `bypass`.
const CACHE: &str = "x-azulejo-cache";

/// The engine's reply, saying what the edge cache had to do with it.
pub fn send(reply: &HttpReply, cache: &str) -> Result<Response> {
    let headers = headers(reply)?;
    headers.set(CACHE, cache)?;
    respond(reply.status, &headers, &reply.body)
}

/// A reply that has nothing to do with the edge cache.
pub fn send_bare(reply: &HttpReply) -> Result<Response> {
    respond(reply.status, &headers(reply)?, &reply.body)
}

/// An entry of the edge cache for a client whose copy is bounded. The entry itself lives as long as
/// it did, for all.
pub fn bounded(entry: &Response, bounds: Bounds) -> Result<Response> {
    let headers = Headers::new()?;
    // A cache behind us counts the seconds that the entry has spent here, too.
    let age = entry.headers().get("age")?.and_then(|age| age.trim().parse::<u64>().ok());
    let bounds = bounds.aged(age.unwrap_or(0));
    for pair in js_sys::try_iter(&entry.headers())?.into_iter().flatten() {
        let pair = js_sys::Array::from(&pair?);
        let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
        if let (Some(name), Some(mut value)) = (name, value)
            && bounds.hold(&name, &mut value)
        {
            headers.set(&name, &value)?;
        }
    }
    let init = ResponseInit::new();
    init.set_status(entry.status());
    init.set_headers(&headers);
    Ok(Response::new_with_opt_readable_stream_and_init(entry.body().as_ref(), &init)?)
}

/// The engine's reply with a body as the bucket gives it.
pub fn send_stored(reply: &HttpReply, body: &ReadableStream) -> Result<Response> {
    let headers = headers(reply)?;
    headers.set(CACHE, "bypass")?;
    let init = ResponseInit::new();
    init.set_status(reply.status);
    init.set_headers(&headers);
    Ok(Response::new_with_opt_readable_stream_and_init(Some(body), &init)?)
}

/// The copy for the edge cache: finished as a hit, so that a hit goes out untouched.
pub fn send_from_cache(reply: &HttpReply) -> Result<Response> {
    let headers = headers(reply)?;
    headers.set(CACHE, "hit")?;
    // The stages were timed for the reply that was drawn, not for this one.
    headers.set("server-timing", "cache;desc=hit")?;
    respond(reply.status, &headers, &reply.body)
}

fn headers(reply: &HttpReply) -> Result<Headers> {
    let headers = Headers::new()?;
    for (name, value) in &reply.headers {
        headers.set(name, value)?;
    }
    for (name, value) in &reply.extra {
        headers.set(name, value)?;
    }
    Ok(headers)
}

/// `/health`: the Worker runs. Storage is not asked.
pub fn health() -> Result<Response> {
    plain(200, "ok")
}

/// Neither an image nor a file of the preview page.
pub fn no_such_page() -> Result<Response> {
    plain(404, "No such page. Images are at /is/image/<object>?<modifiers>.\n")
}

/// The platform itself failed; what it said is in the log.
pub fn broken() -> Result<Response> {
    plain(500, "Internal error\n")
}

/// A setting cannot be read; which one is in the log.
pub fn misconfigured() -> Result<Response> {
    plain(500, "The settings of this server are wrong. Its log names them.\n")
}

/// Nobody is there to read it.
pub fn client_gone() -> Result<Response> {
    plain(499, "Client closed request\n")
}

/// Bytes for the edge cache alone, kept for a number of seconds.
pub fn derived(bytes: &[u8], seconds: u32) -> Result<Response> {
    let headers = Headers::new()?;
    headers.set("cache-control", &format!("max-age={seconds}"))?;
    respond(200, &headers, bytes)
}

/// The store did not answer.
pub fn unavailable() -> Result<Response> {
    plain(503, "Storage unavailable. Try again later.\n")
}

fn plain(status: u16, body: &str) -> Result<Response> {
    let headers = Headers::new()?;
    headers.set("content-type", "text/plain; charset=utf-8")?;
    headers.set("etag", &format!("\"{status}\""))?;
    headers.set("cache-control", "no-store")?;
    if status == 503 {
        headers.set("retry-after", &limits::RETRY_SECONDS.to_string())?;
    }
    for (name, value) in SHARED_HEADERS {
        headers.set(name, value)?;
    }
    respond(status, &headers, body.as_bytes())
}

fn respond(status: u16, headers: &Headers, body: &[u8]) -> Result<Response> {
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(headers);
    let body = (!body.is_empty()).then(|| js_sys::Uint8Array::from(body));
    Ok(Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init)?)
}
