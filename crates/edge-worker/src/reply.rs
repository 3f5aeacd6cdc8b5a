//! Converts the engine's replies to the platform's responses.

use azulejo::{http::HttpReply, reply::Bounds};
use web_sys::{Headers, ReadableStream, Response, ResponseInit};
use worker::Result;

/// The header with `hit`, `miss` or `bypass`.
const CACHE: &str = "x-azulejo-cache";

/// The response for a reply. `cache` is the value of `X-Azulejo-Cache`.
pub fn response(reply: &HttpReply, cache: &str) -> Result<Response> {
    let headers = headers(reply)?;
    headers.set(CACHE, cache)?;
    build(reply.status, &headers, &reply.body)
}

/// The response for a reply, without the header `X-Azulejo-Cache`.
pub fn uncached_response(reply: &HttpReply) -> Result<Response> {
    build(reply.status, &headers(reply)?, &reply.body)
}

/// The response for an entry of the edge cache, with caching headers limited by `bounds`. The entry
/// itself keeps its own lifetime.
pub fn bounded_response(entry: &Response, bounds: Bounds) -> Result<Response> {
    let headers = Headers::new()?;
    // Downstream caches also count the seconds that the entry has spent here.
    let age = entry.headers().get("age")?.and_then(|age| age.trim().parse::<u64>().ok());
    let bounds = bounds.aged(age.unwrap_or(0));
    for pair in js_sys::try_iter(&entry.headers())?.into_iter().flatten() {
        let pair = js_sys::Array::from(&pair?);
        let (name, value) = (pair.get(0).as_string(), pair.get(1).as_string());
        if let (Some(name), Some(mut value)) = (name, value)
            && bounds.apply_to(&name, &mut value)
        {
            headers.set(&name, &value)?;
        }
    }
    let init = ResponseInit::new();
    init.set_status(entry.status());
    init.set_headers(&headers);
    Ok(Response::new_with_opt_readable_stream_and_init(entry.body().as_ref(), &init)?)
}

/// The response for a reply whose body is a stream of the bucket.
pub fn stream_response(reply: &HttpReply, body: &ReadableStream) -> Result<Response> {
    let headers = headers(reply)?;
    headers.set(CACHE, "bypass")?;
    let init = ResponseInit::new();
    init.set_status(reply.status);
    init.set_headers(&headers);
    Ok(Response::new_with_opt_readable_stream_and_init(Some(body), &init)?)
}

/// The response to store in the edge cache. Its cache header is `hit`, so that it can be sent
/// unchanged.
pub fn cache_entry(reply: &HttpReply) -> Result<Response> {
    let headers = headers(reply)?;
    headers.set(CACHE, "hit")?;
    // A hit runs none of the stages that were timed.
    headers.set("server-timing", "cache;desc=hit")?;
    build(reply.status, &headers, &reply.body)
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

/// A response with derived data for the edge cache, valid for a number of seconds.
pub fn derived_entry(bytes: &[u8], seconds: u32) -> Result<Response> {
    let headers = Headers::new()?;
    headers.set("cache-control", &format!("max-age={seconds}"))?;
    build(200, &headers, bytes)
}

fn build(status: u16, headers: &Headers, body: &[u8]) -> Result<Response> {
    let init = ResponseInit::new();
    init.set_status(status);
    init.set_headers(headers);
    let body = (!body.is_empty()).then(|| js_sys::Uint8Array::from(body));
    Ok(Response::new_with_opt_js_u8_array_and_init(body.as_ref(), &init)?)
}
