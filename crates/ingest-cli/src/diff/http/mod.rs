//! Fetches replies over HTTP.
//!
//! The client is hyper itself, because the clients above it change the query: they parse URLs as
//! browsers do, which escapes some characters.

mod rate;
mod retry;

use std::time::{Duration, SystemTime};

use anyhow::Context;
use http_body_util::{BodyExt, Empty};
use hyper::{
    Request, Response, Uri,
    body::{Bytes, Incoming},
    header::{
        ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION,
        RETRY_AFTER, USER_AGENT,
    },
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{self, connect::HttpConnector},
    rt::TokioExecutor,
};
use tokio::time::{sleep, timeout};

use self::{
    rate::Limiter,
    retry::{Next, after, may_change, pause},
};
use super::reply::{Fetched, NoReply, Reply, media_type};

/// The `User-Agent` of all requests.
const NAME: &str = concat!("Azulejo/", env!("CARGO_PKG_VERSION"), " (azulejo diff)");

/// Redirects that are followed for one URL.
const REDIRECTS: usize = 5;

/// How to fetch.
#[derive(Debug, Clone)]
pub struct Options {
    /// Requests in a second; `None` for no limit.
    pub rate: Option<f64>,
    /// The time for a reply with its body.
    pub timeout: Duration,
    /// How often a request is repeated.
    pub retries: u8,
    /// Bytes of the longest body.
    pub longest: u64,
    /// The `Accept` header.
    pub accept: HeaderValue,
}

/// What comes of one request.
enum Answer {
    /// A redirect, and its `Location`.
    Redirect(String),
    /// A reply, and its `Retry-After`.
    Reply(Reply, Option<String>),
}

/// The connections to a host.
enum Client {
    /// With TLS, where a URL needs it.
    Tls(legacy::Client<HttpsConnector<HttpConnector>, Empty<Bytes>>),
    /// Without.
    Plain(legacy::Client<HttpConnector, Empty<Bytes>>),
}

/// Fetches the replies of one host.
pub struct Host {
    /// Its scheme and name, and what comes before each path.
    base: String,
    client: Client,
    limiter: Option<Limiter>,
    options: Options,
}

impl Host {
    /// A host. Fails if it needs TLS, and the certificates of the system cannot be read.
    pub fn new(base: &str, options: Options) -> anyhow::Result<Self> {
        let builder = legacy::Client::builder(TokioExecutor::new());
        let client = match HttpsConnectorBuilder::new().try_with_platform_verifier() {
            Ok(tls) => Client::Tls(builder.build(tls.https_or_http().enable_http1().build())),
            Err(error) if base.starts_with("https:") => {
                return Err(error).context("the certificates of the system");
            }
            // Some containers have none, and need none.
            Err(_) => Client::Plain(builder.build_http()),
        };
        let limiter = options.rate.map(Limiter::new);
        Ok(Self { base: base.to_owned(), client, limiter, options })
    }

    /// Fetches the reply to a path and a query, which are sent as they are.
    pub async fn fetch(&self, target: &str) -> Fetched {
        let url = format!("{}{target}", self.base);
        let mut repeats = 0;
        loop {
            let (fetched, retry_after) = match self.follow(&url).await {
                Ok((reply, retry_after)) => (Ok(reply), retry_after),
                Err(error) => (Err(error), None),
            };
            let may_change = match &fetched {
                Ok(reply) => may_change(reply.status),
                Err(error) => error.transient,
            };
            if !may_change || repeats >= self.options.retries {
                return fetched;
            }
            let next = match &fetched {
                Ok(_) => after(repeats, retry_after.as_deref(), SystemTime::now()),
                Err(_) => Next::Pause(pause(repeats)),
            };
            match (next, &self.limiter) {
                (Next::Stop, _) => return fetched,
                (Next::HostPause(time), Some(limiter)) => limiter.pause(time),
                (Next::HostPause(time) | Next::Pause(time), _) => sleep(time).await,
            }
            repeats += 1;
        }
    }

    /// Sends a request, and follows redirects. Returns also the `Retry-After` of the reply.
    async fn follow(&self, first: &str) -> Result<(Reply, Option<String>), NoReply> {
        let (mut url, mut followed) = (first.to_owned(), 0);
        loop {
            if let Some(limiter) = &self.limiter {
                limiter.turn().await;
            }
            let time = self.options.timeout;
            let answer = timeout(time, self.get(&url)).await.unwrap_or_else(|_| {
                let why = format!("no reply within {} seconds", time.as_secs());
                Err(NoReply { why, transient: true })
            });
            match answer? {
                Answer::Redirect(location) if followed < REDIRECTS => {
                    url = absolute(&url, &location)?;
                    followed += 1;
                }
                Answer::Redirect(_) => {
                    return Err(lasting(format!("more than {REDIRECTS} redirects")));
                }
                Answer::Reply(reply, retry_after) => {
                    let redirected = (followed > 0).then_some(url);
                    return Ok((Reply { redirected, ..reply }, retry_after));
                }
            }
        }
    }

    /// Sends one request, and reads its reply.
    async fn get(&self, url: &str) -> Result<Answer, NoReply> {
        let wrong = |error: &dyn std::fmt::Display| lasting(format!("{url}: {error}"));
        let uri: Uri = url.parse().map_err(|error: hyper::http::uri::InvalidUri| wrong(&error))?;
        let request = Request::get(uri)
            .header(USER_AGENT, NAME)
            .header(ACCEPT, &self.options.accept)
            .header(ACCEPT_ENCODING, "identity")
            .body(Empty::new())
            .map_err(|error| wrong(&error))?;
        let response = match &self.client {
            Client::Tls(client) => client.request(request),
            Client::Plain(client) => client.request(request),
        };
        let response = response.await.map_err(broken)?;
        let status = response.status().as_u16();
        if let 301 | 302 | 303 | 307 | 308 = status
            && let Some(location) = header(&response, LOCATION)
        {
            return Ok(Answer::Redirect(location));
        }
        let retry_after = header(&response, RETRY_AFTER);
        let media_type = header(&response, CONTENT_TYPE).map(|text| media_type(&text));
        let body = self.body(response).await?;
        Ok(Answer::Reply(Reply { status, media_type, body, redirected: None }, retry_after))
    }

    /// Reads a body, which must not be too long.
    async fn body(&self, response: Response<Incoming>) -> Result<Vec<u8>, NoReply> {
        let longest = self.options.longest;
        let encoding = header(&response, CONTENT_ENCODING).filter(|name| name != "identity");
        if let Some(encoding) = encoding {
            let why = format!("its body is compressed with {encoding}, which was not asked for");
            return Err(lasting(why));
        }
        let (mut incoming, mut body) = (response.into_body(), Vec::new());
        while let Some(frame) = incoming.frame().await {
            let frame = frame.map_err(broken)?;
            body.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
            if body.len() as u64 > longest {
                return Err(lasting(format!("longer than {longest} bytes; see --max-size")));
            }
        }
        Ok(body)
    }
}

fn header(response: &Response<Incoming>, name: HeaderName) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// The URL that a redirect leads to, as a browser finds it.
fn absolute(base: &str, location: &str) -> Result<String, NoReply> {
    let joined = url::Url::parse(base).and_then(|base| base.join(location));
    match joined {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url.into()),
        _ => Err(lasting(format!("redirects to {location}, which is no URL of HTTP"))),
    }
}

fn lasting(why: String) -> NoReply {
    NoReply { why, transient: false }
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> NoReply {
    NoReply { why: format!("{:#}", anyhow::Error::new(error)), transient: true }
}
