//! The engine's form of hyper's requests. Path and query stay as they were sent.

use std::{
    convert::Infallible,
    net::IpAddr,
    time::{SystemTime, UNIX_EPOCH},
};

use azulejo::{
    client_hints::ClientHints,
    error::Result,
    http::{HttpRequest, Method},
    serve::Settings,
};
use hyper::{Request, header::HeaderMap};

/// The engine's form of a request from the client at `peer`. Fails if the settings are invalid.
pub fn read<B>(request: &Request<B>, peer: IpAddr, settings: &Settings) -> Result<HttpRequest> {
    let headers = request.headers();
    let own = match settings.address_header.as_str() {
        "" => None,
        name => header(headers, name),
    };
    let access = settings.access_of(own.as_deref(), Some(&peer.to_canonical().to_string()))?;
    let Ok(hints) = ClientHints::of(|name| Ok::<_, Infallible>(header(headers, name)));
    Ok(HttpRequest {
        method: match *request.method() {
            hyper::Method::GET => Method::Get,
            hyper::Method::HEAD => Method::Head,
            _ => Method::Other,
        },
        path: request.uri().path().to_owned(),
        query: request.uri().query().unwrap_or_default().to_owned(),
        if_none_match: header(headers, "if-none-match"),
        if_modified_since: header(headers, "if-modified-since"),
        range: header(headers, "range"),
        if_range: header(headers, "if-range"),
        authorization: header(headers, "authorization"),
        received_at: now(),
        hints,
        access,
    })
}

/// Milliseconds since 1970.
pub fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1000.0
}

/// The value of a header; several of one name are a list (RFC 9110, 5.3).
fn header(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    let mut text = String::from_utf8_lossy(values.next()?.as_bytes()).into_owned();
    for value in values {
        text.push_str(", ");
        text.push_str(&String::from_utf8_lossy(value.as_bytes()));
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use azulejo::serve::settings::CLIENT_ADDRESS_HEADER;

    use super::*;

    #[test]
    fn a_request_keeps_its_path_and_its_query_as_they_were_sent() {
        let request = Request::get("/is/image/Shop/a%2Fb?wid=9&text={\\b%20x}")
            .header("if-none-match", "\"a\"")
            .header("if-none-match", "\"b\"")
            .header("accept", "image/webp")
            .body(())
            .unwrap();
        let peer = "::ffff:192.0.2.7".parse().unwrap();
        let read = read(&request, peer, &Settings::read(|_| None)).unwrap();
        assert_eq!(read.path, "/is/image/Shop/a%2Fb");
        assert_eq!(read.query, "wid=9&text={\\b%20x}");
        assert_eq!(read.if_none_match.as_deref(), Some("\"a\", \"b\""));
        assert_eq!(read.hints.accept.as_deref(), Some("image/webp"));
        assert_eq!(read.access.client.as_deref(), Some("192.0.2.7"));
        assert!(read.received_at > 1.7e12);
    }

    #[test]
    fn the_address_of_a_client_behind_a_proxy_is_in_the_proxys_header() {
        let settings =
            Settings::read(|name| (name == CLIENT_ADDRESS_HEADER).then(|| "X-Real-IP".to_owned()));
        let peer = "10.0.0.1".parse().unwrap();
        let client = |request: &Request<()>| read(request, peer, &settings).unwrap().access.client;
        let request = Request::get("/").header("x-real-ip", "192.0.2.7").body(()).unwrap();
        assert_eq!(client(&request).as_deref(), Some("192.0.2.7"));
        assert_eq!(client(&Request::get("/").body(()).unwrap()), None);
    }
}
