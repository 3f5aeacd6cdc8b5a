//! A client for commands that ask a server: bounded in time and bytes, and without redirects, since a
//! redirect is an answer, too.

use std::{
    error::Error,
    fmt,
    time::{Duration, Instant},
};

use reqwest::{Client, Method, Url, Version, header::HeaderMap, redirect::Policy};

/// How much of a body is read. Longer ones are errors.
const BODY_BYTES: usize = 64 << 20;

/// The client. Its connections are reused.
#[derive(Debug)]
pub struct HttpClient {
    client: Client,
    timeout: Duration,
}

/// A complete reply.
#[derive(Debug)]
pub struct HttpReply {
    /// The status.
    pub status: u16,
    /// Whether it came over HTTP/2 or later.
    pub is_http2: bool,
    headers: HeaderMap,
    /// The body as it was sent, which may be compressed.
    pub body: Vec<u8>,
    /// The time from the request to the head of the reply.
    pub first_byte: Duration,
}

impl HttpReply {
    /// The value of a header, by its lower-case name; empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The media type, without its parameters.
    pub fn media_type(&self) -> &str {
        self.header("content-type").split(';').next().unwrap_or_default().trim()
    }

    /// The first characters of a text body, on one line.
    pub fn excerpt(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let line: Vec<&str> = text.split_whitespace().collect();
        let line = line.join(" ");
        if line.chars().count() > 200 {
            format!("{}…", line.chars().take(200).collect::<String>())
        } else {
            line
        }
    }
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReply {
    /// The server's certificate is not accepted, and why.
    Certificate(String),
    /// The reply was not complete in time.
    Timeout(Duration),
    /// No connection could be made, and why.
    NoConnection(String),
    /// The connection or the reply broke, and why.
    Broken(String),
}

impl fmt::Display for NoReply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Certificate(why) => write!(f, "the certificate is not accepted: {why}"),
            Self::Timeout(after) => write!(f, "no complete reply within {} s", after.as_secs_f32()),
            Self::NoConnection(why) => write!(f, "no connection: {why}"),
            Self::Broken(why) => write!(f, "the reply broke: {why}"),
        }
    }
}

impl HttpClient {
    /// A client whose requests may take `timeout` each. `url` is where they go: a server on this
    /// machine is asked without the proxy that the environment may name.
    pub fn new(url: &Url, timeout: Duration, agent: &str) -> reqwest::Result<Self> {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .timeout(timeout)
            .user_agent(format!("{agent}/{}", env!("CARGO_PKG_VERSION")));
        if is_local(url) {
            builder = builder.no_proxy();
        }
        Ok(Self { client: builder.build()?, timeout })
    }

    /// Sends a request without a body and reads the whole reply.
    pub async fn send(
        &self,
        method: Method,
        url: Url,
        headers: &[(&str, &str)],
    ) -> Result<HttpReply, NoReply> {
        let mut request = self.client.request(method, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let start = Instant::now();
        let failed = |error: reqwest::Error| self.reason(&error);
        let mut response = request.send().await.map_err(failed)?;
        let first_byte = start.elapsed();
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(failed)? {
            body.extend_from_slice(&piece);
            if body.len() > BODY_BYTES {
                return Err(NoReply::Broken(format!("it has more than {BODY_BYTES} bytes")));
            }
        }
        Ok(HttpReply {
            status: response.status().as_u16(),
            is_http2: response.version() >= Version::HTTP_2,
            headers: std::mem::take(response.headers_mut()),
            body,
            first_byte,
        })
    }

    fn reason(&self, error: &reqwest::Error) -> NoReply {
        if error.is_timeout() {
            return NoReply::Timeout(self.timeout);
        }
        let mut why = error.to_string();
        let mut cause = error.source();
        while let Some(error) = cause {
            why = error.to_string();
            if let Some(certificate) = why.strip_prefix("invalid peer certificate: ") {
                return NoReply::Certificate(certificate.to_owned());
            }
            cause = error.source();
        }
        if error.is_connect() { NoReply::NoConnection(why) } else { NoReply::Broken(why) }
    }
}

/// Whether a URL names this machine.
pub fn is_local(url: &Url) -> bool {
    match url.host_str().unwrap_or_default() {
        "localhost" => true,
        host => {
            let host = host.trim_start_matches('[').trim_end_matches(']');
            host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_hosts_are_those_of_this_machine() {
        for (url, local) in [
            ("http://127.0.0.1:8787/", true),
            ("http://[::1]/", true),
            ("http://localhost:1/", true),
            ("http://localhost.example.com/", false),
            ("https://192.0.2.1/", false),
        ] {
            assert_eq!(is_local(&Url::parse(url).unwrap()), local, "{url}");
        }
    }
}
