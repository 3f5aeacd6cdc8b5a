//! The engine's replies, and the few of the Worker's own, as the platform's responses.

use azulejo::http::HttpReply;
use web_sys::{Headers, Response, ResponseInit};
use worker::Result;

/// Sends a reply of the engine, saying what the edge cache had to do with it.
pub fn send(reply: HttpReply, cache: &str) -> Result<Response> {
    let headers = Headers::new()?;
    for (name, value) in &reply.headers {
        headers.set(name, value)?;
    }
    headers.set("x-azulejo-cache", cache)?;
    respond(reply.status, &headers, &reply.body)
}

/// `/health`: the Worker runs. Storage is not asked.
pub fn health() -> Result<Response> {
    plain(200, "ok", &[("etag", "\"ok\"")])
}

/// The contract answers GET and HEAD only.
pub fn method_not_allowed() -> Result<Response> {
    plain(405, "Only GET and HEAD are answered here.\n", &[("allow", "GET, HEAD")])
}

/// Neither an image nor a file of the preview page.
pub fn no_such_page() -> Result<Response> {
    plain(404, "No such page. Images are at /is/image/<object>?<modifiers>.\n", &[])
}

/// Bytes for the edge cache alone; a day, after which they are derived again.
pub fn derived(bytes: &[u8]) -> Result<Response> {
    let headers = Headers::new()?;
    headers.set("cache-control", "max-age=86400")?;
    respond(200, &headers, bytes)
}

fn plain(status: u16, body: &str, more: &[(&str, &str)]) -> Result<Response> {
    let headers = Headers::new()?;
    headers.set("content-type", "text/plain; charset=utf-8")?;
    headers.set("cache-control", "no-store")?;
    headers.set("x-content-type-options", "nosniff")?;
    for (name, value) in more {
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
