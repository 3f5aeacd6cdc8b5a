//! Converts the engine's replies to hyper's responses.

mod body;

use std::sync::Arc;

use azulejo::{
    error::Error,
    http::{HttpReply, HttpRequest, Method},
    reply::Bounds,
    serve::conclude,
};
use hyper::{
    Response, StatusCode,
    body::Bytes,
    header::{HeaderMap, HeaderName, HeaderValue},
};

pub use self::body::{Body, Pieces};

/// The header with `hit`, `miss` or `bypass`.
pub const CACHE: HeaderName = HeaderName::from_static("x-azulejo-cache");

/// The response for a reply. `cache` is the value of `X-Azulejo-Cache`; replies of the server itself
/// have none.
pub fn response(reply: HttpReply, cache: Option<&'static str>) -> Response<Body> {
    let (status, headers) = (reply.status, headers(&reply));
    with_error(build(status, headers, cache, Body::from(Bytes::from(reply.body))), reply.error)
}

/// The response with the error that its reply tells or hides, for the log.
fn with_error(mut response: Response<Body>, error: Option<Box<Error>>) -> Response<Body> {
    if let Some(error) = error {
        response.extensions_mut().insert(error);
    }
    response
}

/// The response whose body is a stored file.
pub fn stored_response(reply: &HttpReply, body: Body) -> Response<Body> {
    build(reply.status, headers(reply), Some("bypass"), body)
}

/// A rendered reply for all clients. Clones share its bytes.
#[derive(Debug, Clone)]
pub struct Rendered {
    /// The reply, without its body.
    pub reply: Arc<HttpReply>,
    /// Its body.
    pub body: Bytes,
}

impl From<HttpReply> for Rendered {
    fn from(mut reply: HttpReply) -> Self {
        let body = Bytes::from(std::mem::take(&mut reply.body));
        Self { reply: Arc::new(reply), body }
    }
}

impl Rendered {
    /// The response for one client.
    pub fn response(self, request: &HttpRequest, cache: &'static str) -> Response<Body> {
        let status = self.reply.status;
        let mut reply = conclude(request, Arc::unwrap_or_clone(self.reply));
        let is_whole = reply.status == status;
        if is_whole && request.method == Method::Head && !self.body.is_empty() {
            reply.headers.push(("content-length", self.body.len().to_string()));
        }
        let body = if is_whole && request.method == Method::Get { self.body } else { Bytes::new() };
        with_error(build(reply.status, headers(&reply), Some(cache), Body::from(body)), reply.error)
    }

    /// The entry for the cache. It does not tell how long its stages took, since a hit runs none.
    pub fn entry(&self) -> Entry {
        let mut headers = headers(&self.reply);
        headers.insert("server-timing", HeaderValue::from_static("cache;desc=hit"));
        Entry { status: self.reply.status, headers: Arc::new(headers), body: self.body.clone() }
    }
}

/// A finished reply in the cache.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The status.
    pub status: u16,
    /// The headers, without `X-Azulejo-Cache`.
    pub headers: Arc<HeaderMap>,
    /// The body.
    pub body: Bytes,
}

impl Entry {
    /// The response for one client, whose copy has these bounds.
    pub fn response(self, request: &HttpRequest, bounds: Bounds) -> Response<Body> {
        let mut headers = Arc::unwrap_or_clone(self.headers);
        if bounds != Bounds::default() {
            headers = bounded(&headers, bounds);
        }
        let body = if request.method == Method::Head {
            headers.insert(hyper::header::CONTENT_LENGTH, self.body.len().into());
            Bytes::new()
        } else {
            self.body
        };
        build(self.status, headers, Some("hit"), Body::from(body))
    }
}

fn bounded(headers: &HeaderMap, bounds: Bounds) -> HeaderMap {
    let mut result = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let mut text = String::from_utf8_lossy(value.as_bytes()).into_owned();
        if bounds.apply_to(name.as_str(), &mut text) {
            set(&mut result, name.as_str(), &text);
        }
    }
    result
}

fn headers(reply: &HttpReply) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(reply.headers.len() + reply.extra.len() + 2);
    for (name, value) in &reply.headers {
        set(&mut headers, name, value);
    }
    for (name, value) in &reply.extra {
        set(&mut headers, name, value);
    }
    headers
}

/// Sets a header. Publish refuses values that HTTP does not permit, so none is left out in practice.
fn set(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) =
        (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()))
    {
        headers.insert(name, value);
    }
}

fn build(
    status: u16,
    mut headers: HeaderMap,
    cache: Option<&'static str>,
    body: Body,
) -> Response<Body> {
    if let Some(cache) = cache {
        headers.insert(CACHE, HeaderValue::from_static(cache));
    }
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    *response.headers_mut() = headers;
    response
}
