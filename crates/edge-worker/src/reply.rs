//! The engine's replies, and the few of the Worker's own, as the platform's responses.

use azulejo::{http::HttpReply, store::Block};
use web_sys::{Headers, ReadableStream, Response, ResponseInit};
use worker::Result;

/// The engine's reply, saying what the edge cache had to do with it.
pub fn send(reply: &HttpReply, cache: &str) -> Result<Response> {
    respond(reply.status, &headers(reply, cache)?, &reply.body)
}

/// The engine's reply with a body as the bucket gives it.
pub fn send_stored(reply: &HttpReply, body: &ReadableStream) -> Result<Response> {
    let headers = headers(reply, "bypass")?;
    let init = ResponseInit::new();
    init.set_status(reply.status);
    init.set_headers(&headers);
    Ok(Response::new_with_opt_readable_stream_and_init(Some(body), &init)?)
}

/// The copy for the edge cache: finished as a hit, so that a hit goes out untouched.
pub fn send_from_cache(reply: &HttpReply) -> Result<Response> {
    let headers = headers(reply, "hit")?;
    // The stages were timed for the reply that was drawn, not for this one.
    headers.set("server-timing", "cache;desc=hit")?;
    respond(reply.status, &headers, &reply.body)
}

fn headers(reply: &HttpReply, cache: &str) -> Result<Headers> {
    let headers = Headers::new()?;
    for (name, value) in &reply.headers {
        headers.set(name, value)?;
    }
    for (name, value) in &reply.extra {
        headers.set(name, value)?;
    }
    headers.set("x-azulejo-cache", cache)?;
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

/// Bytes for the edge cache alone, kept for a number of seconds.
pub fn derived(bytes: &[u8], seconds: u32) -> Result<Response> {
    let headers = Headers::new()?;
    headers.set("cache-control", &format!("max-age={seconds}"))?;
    respond(200, &headers, bytes)
}

/// A part of a stored object, told from where to where (RFC 9110, 15.3.7).
pub fn part(block: &Block) -> Result<Response> {
    let headers = Headers::new()?;
    headers.set("accept-ranges", "bytes")?;
    headers.set("etag", &format!("\"{}\"", block.version))?;
    headers.set("cache-control", "no-cache")?;
    headers.set("x-content-type-options", "nosniff")?;
    if block.bytes.is_empty() {
        headers.set("content-range", &format!("bytes */{}", block.object_len))?;
        return respond(416, &headers, &[]);
    }
    headers.set("content-type", "image/tiff")?;
    let end = block.start + block.bytes.len() as u64;
    let range = format!("bytes {}-{}/{}", block.start, end - 1, block.object_len);
    headers.set("content-range", &range)?;
    respond(206, &headers, &block.bytes)
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
    headers.set("x-content-type-options", "nosniff")?;
    respond(status, &headers, body.as_bytes())
}

fn respond(status: u16, headers: &Headers, body: &[u8]) -> Result<Response> {
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(headers);
    let body = (!body.is_empty()).then(|| js_sys::Uint8Array::from(body));
    Ok(Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init)?)
}
