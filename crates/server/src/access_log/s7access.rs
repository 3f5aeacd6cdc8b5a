//! A line in the default pattern of Adobe's Image Server (r-access-logging, `TC::pattern`).
//!
//! What this server does not have is `-`. The URI has the presets only, unless the log has queries.

use azulejo::{
    error::ErrorKind,
    reply::date,
    serve::log::{method, url},
};
use hyper::Version;

use super::entry::{Entry, header};

/// The line of a request.
pub fn line(entry: &Entry<'_>, with_query: bool) -> String {
    let Entry { request, headers, sent, asked, taken: _, version, peer, etag, .. } = entry;
    let client = request.access.client.clone().unwrap_or_else(|| peer.to_string());
    let uri = if with_query { url(request) } else { without_query(entry) };
    let version = if *version == Version::HTTP_2 { "HTTP/2.0" } else { "HTTP/1.1" };
    let (parse, fetch) = times(entry);
    let root = asked.object.split('/').next().unwrap_or_default();
    let thread = std::thread::current();
    let requested = |name| field(header(headers, name));
    let fields = [
        time(request.received_at),
        field(&client),
        sent.status.to_string(),
        status(entry).to_string(),
        sent.bytes.to_string(),
        format!("{:.0}", entry.milliseconds()),
        format!("{parse:.0}"),
        format!("{fetch:.0}"),
        // %O: how many requests were processed at once.
        "-".to_owned(),
        field(&asked.req.to_ascii_uppercase()),
        format!("'{}'", field(root)),
        cache_use(sent.cache()).to_owned(),
        format!("{} {} {version}", method(request.method), encoded(&uri)),
        format!("[{}]", field(thread.name().unwrap_or_default())),
        // A page may have secrets in its own URL.
        "'-'".to_owned(),
        requested("host"),
        requested("x-forwarded-for"),
        requested("if-none-match"),
        requested("if-match"),
        requested("if-modified-since"),
        field(etag.trim_matches('"')),
        field(&sent.media_type),
        // %p, the port.
        "-".to_owned(),
        field(&sent.message().unwrap_or_default()),
        // Cache key, peer server, send time, context, transformed URL, path-based access.
        "- - - - - -".to_owned(),
    ];
    fields.join(" ")
}

/// `2026-11-21 05:18:04.123 +0000`
fn time(milliseconds: f64) -> String {
    date::iso_milliseconds(milliseconds).replace('T', " ").replace('Z', " +0000")
}

/// The path with the calls of presets.
fn without_query(entry: &Entry<'_>) -> String {
    let presets: Vec<String> = entry.asked.presets.iter().map(|name| format!("${name}$")).collect();
    let between = if presets.is_empty() { "" } else { "?" };
    [entry.request.path.as_str(), between, &presets.join("&")].concat()
}

/// The milliseconds of parsing with all look-ups, and of the rest.
fn times(entry: &Entry<'_>) -> (f64, f64) {
    entry.sent.stages().fold((0.0, 0.0), |(parse, fetch), (name, time)| {
        let time = time.parse().unwrap_or(0.0);
        if name == "resolve" { (parse + time, fetch) } else { (parse, fetch + time) }
    })
}

/// `ProcessingStatus`: the category of an error.
fn status(entry: &Entry<'_>) -> u8 {
    let Some(error) = &entry.sent.error else { return u8::from(entry.sent.status >= 500) * 3 };
    let kind = error.kind;
    if kind == ErrorKind::NotFound {
        1
    } else if kind == ErrorKind::Busy {
        4
    } else if kind.status().0 >= 500 {
        3
    } else {
        2
    }
}

/// `CacheUse`
fn cache_use(cache: &str) -> &'static str {
    match cache {
        "hit" => "REUSED",
        "miss" => "CREATED",
        "revalidated" => "VALIDATED",
        "bypass" => "IGNORED",
        _ => "UNDEFINED",
    }
}

/// A value without spaces, which separate fields.
fn field(value: &str) -> String {
    if value.is_empty() {
        return "-".to_owned();
    }
    let mut text = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '%' => text.push_str("%25"),
            '\'' => text.push_str("%27"),
            c if c.is_whitespace() || c.is_control() => {
                text.push_str(&format!("%{:02X}", u32::from(c)));
            }
            c => text.push(c),
        }
    }
    text
}

/// A URI in which no character ends it or the line. Its own escapes stay.
fn encoded(uri: &str) -> String {
    uri.replace(' ', "%20").replace('"', "%22")
}

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use azulejo::{
        error::Error,
        http::HttpRequest,
        serve::log::{Asked, Sent, Taken},
    };
    use hyper::header::{HOST, HeaderMap, HeaderValue};

    use super::*;

    #[test]
    fn a_line_follows_the_default_pattern() {
        let request = HttpRequest {
            path: "/is/image/Shop/a%20shoe".to_owned(),
            query: "$big$&req=props&text=a b&sig=abc".to_owned(),
            received_at: 1_795_238_284_123.0,
            ..HttpRequest::default()
        };
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("img.example"));
        let error = Some(Box::new(Error::new(ErrorKind::NotFound, "it's 100% gone")));
        let sent = Sent {
            status: 403,
            cache: "miss",
            media_type: "text/plain; charset=utf-8".to_owned(),
            bytes: 9,
            timing: "resolve;dur=1.4, open;dur=2.0, encode;dur=3.3".to_owned(),
            error,
        };
        let entry = Entry {
            request: &request,
            headers: &headers,
            version: Version::HTTP_11,
            peer: Ipv4Addr::LOCALHOST.into(),
            asked: &Asked::of(&request).unwrap(),
            sent: &sent,
            etag: "\"tag\"",
            taken: &Taken::default(),
            took: Duration::from_micros(7600),
        };
        let thread = std::thread::current();
        let thread = field(thread.name().unwrap());
        let expected = |query: &str| {
            format!(
                "2026-11-21 05:18:04.123 +0000 127.0.0.1 403 1 9 8 1 5 - PROPS 'Shop' CREATED GET \
                 /is/image/Shop/a%20shoe?{query} HTTP/1.1 [{thread}] '-' img.example - - - - tag \
                 text/plain;%20charset=utf-8 - it%27s%20100%25%20gone - - - - - -"
            )
        };
        assert_eq!(line(&entry, false), expected("$big$"));
        assert_eq!(line(&entry, true), expected("$big$&req=props&text=a%20b"));
    }
}
