//! What a line of the access log tells.

use std::{net::IpAddr, time::Duration};

use azulejo::{
    error::Error,
    http::HttpRequest,
    serve::log::{self, Asked, Sent, Taken},
};
use hyper::{
    Response, Version,
    body::Body as _,
    header::{CONTENT_TYPE, HeaderMap},
};

use crate::reply::{Body, CACHE};

/// A request and its reply.
#[derive(Debug)]
pub struct Entry<'a> {
    /// The request.
    pub request: &'a HttpRequest,
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// The version of HTTP.
    pub version: Version,
    /// The client's address.
    pub peer: IpAddr,
    /// What its URL asks for.
    pub asked: &'a Asked,
    /// The reply.
    pub sent: &'a Sent,
    /// The `ETag` of the reply.
    pub etag: &'a str,
    /// What the request took.
    pub taken: &'a Taken,
    /// The time until the reply was ready.
    pub took: Duration,
}

impl Entry<'_> {
    /// Milliseconds until the reply was ready.
    pub fn milliseconds(&self) -> f64 {
        self.took.as_secs_f64() * 1000.0
    }

    /// The line as JSON.
    pub fn json(&self, share: f64, query: bool) -> Option<String> {
        let Self { request, asked, sent, taken, .. } = self;
        Some(log::line(request, (asked, sent, taken), self.milliseconds(), (share, query)))
    }
}

/// Whether a response is the fault of the server, which is logged whatever the sample.
pub fn is_fault(response: &Response<Body>) -> bool {
    let error = response.extensions().get::<Box<Error>>();
    response.status().is_server_error() || error.is_some_and(|error| error.kind.status().0 >= 500)
}

/// The facts of a response.
pub fn sent(response: &Response<Body>) -> Sent {
    let header = |name| header(response.headers(), name).to_owned();
    let (cache, media_type) = (CACHE, CONTENT_TYPE);
    let cache = match header(cache.as_str()).as_str() {
        "hit" => "hit",
        "miss" => "miss",
        "bypass" => "bypass",
        _ => "",
    };
    Sent {
        status: response.status().as_u16(),
        cache,
        media_type: header(media_type.as_str()),
        bytes: response.body().size_hint().exact().unwrap_or(0),
        timing: header("server-timing"),
        error: response.extensions().get::<Box<Error>>().cloned(),
    }
}

/// The value of a header; empty if there is none or it is not ASCII.
pub fn header<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
