//! A request in a line of a log.

use std::borrow::Cow;

use serde::Deserialize;

use super::{s7access, wrapped};

/// The beginning of each line of JSON.
const BEGIN: &str = "{\"event\":\"request\"";

/// The longest line that can be one of a log. Longer ones come in several parts.
const LINE_BYTES: usize = 1 << 20;

/// How a cache took part in a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// The reply, or that it is unchanged, came from a cache.
    Hit,
    /// The reply was made for the request, and stored.
    Miss,
    /// No cache stores it.
    Bypass,
}

/// What is counted of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// How many requests the line stands for.
    pub weight: f64,
    /// Its object.
    pub object: String,
    /// The presets that it calls, joined with `+`.
    pub presets: String,
    /// The status of the reply.
    pub status: u16,
    /// Its media type, without parameters.
    pub format: String,
    /// How a cache took part.
    pub cache: Cache,
    /// Milliseconds until the reply was ready.
    pub milliseconds: f64,
    /// Bytes that were sent.
    pub bytes: u64,
    /// Whether it is an error.
    pub error: bool,
}

/// What a line has.
#[derive(Debug, PartialEq)]
pub enum Logged {
    /// Requests. Most lines have one.
    Requests(Vec<Request>),
    /// A part of such a line.
    Torn,
    /// Anything else.
    Foreign,
}

impl Logged {
    /// Reads a line.
    pub fn read(line: &str) -> Self {
        if line.len() > LINE_BYTES {
            return Self::Foreign;
        }
        // A syslog header may precede it.
        if let Some(at) = line.find(BEGIN) {
            return match line.get(at..).and_then(json) {
                Some(request) => Self::Requests(vec![request]),
                None => Self::Torn,
            };
        }
        if let Some(request) = s7access::read(line) {
            return Self::Requests(vec![request]);
        }
        match wrapped::read(line) {
            Some(requests) if !requests.is_empty() => Self::Requests(requests),
            Some(_) | None => Self::Foreign,
        }
    }
}

/// A line of JSON, as far as it is counted.
#[derive(Deserialize)]
struct Json<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    object: Cow<'a, str>,
    #[serde(borrow, default)]
    presets: Vec<Cow<'a, str>>,
    status: u16,
    #[serde(borrow, default)]
    format: Cow<'a, str>,
    #[serde(borrow, default)]
    cache: Cow<'a, str>,
    ms: f64,
    #[serde(rename = "bytesSent", default)]
    bytes: u64,
    sample: Option<f64>,
    #[serde(borrow)]
    error: Option<Cow<'a, str>>,
}

/// The request in a text that begins with a line of JSON.
pub fn json(text: &str) -> Option<Request> {
    let mut text = serde_json::Deserializer::from_str(text);
    let line = Json::deserialize(&mut text).ok()?;
    let is_sound = line.event == "request"
        && line.ms.is_finite()
        && line.ms >= 0.0
        && line.sample.is_none_or(|share| share > 0.0 && share <= 1.0);
    is_sound.then(|| Request {
        weight: line.sample.map_or(1.0, |share| 1.0 / share),
        object: line.object.into_owned(),
        presets: line.presets.join("+"),
        status: line.status,
        format: line.format.into_owned(),
        cache: match &*line.cache {
            "hit" | "revalidated" => Cache::Hit,
            "miss" => Cache::Miss,
            _ => Cache::Bypass,
        },
        milliseconds: line.ms,
        bytes: line.bytes,
        error: line.error.is_some() || line.status >= 400,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"event":"request","time":"2026-11-21T05:18:04.123Z","method":"GET","route":"image","object":"Shop/sh\"oe","presets":["card","zoom"],"status":200,"format":"image/jpeg","cache":"miss","ms":12.3,"stages":{"resolve":0.4},"reads":2,"bytesRead":111,"bytesSent":77,"sample":0.25}"#;

    #[test]
    fn a_line_is_read_whatever_stands_before_it() {
        let expected = Request {
            weight: 4.0,
            object: "Shop/sh\"oe".to_owned(),
            presets: "card+zoom".to_owned(),
            status: 200,
            format: "image/jpeg".to_owned(),
            cache: Cache::Miss,
            milliseconds: 12.3,
            bytes: 77,
            error: false,
        };
        let syslog = format!("<13>Nov 21 05:18:04 host azulejo[7]: {LINE}");
        for line in [LINE, &syslog, &format!("{LINE}\r\n")] {
            assert_eq!(Logged::read(line), Logged::Requests(vec![expected.clone()]));
        }
    }

    #[test]
    fn torn_and_foreign_lines_are_told_apart() {
        for (end, _) in LINE.char_indices().skip(20) {
            let (torn, _) = LINE.split_at(end);
            assert_eq!(Logged::read(torn), Logged::Torn, "{end}");
        }
        for wrong in [
            LINE.replace("12.3", "-1"),
            LINE.replace("0.25", "0"),
            LINE.replace("200", "99999999"),
            LINE.replace("\"ms\"", "\"Ms\""),
        ] {
            assert_eq!(Logged::read(&wrong), Logged::Torn, "{wrong}");
        }
        let other = "1.2.3.4 - - [x] \"GET /is/image/a/b HTTP/1.1\" 200 9";
        for foreign in
            ["ready http://127.0.0.1:8787", "{}", "[1]", "{\"a\":", other, LINE.split_at(5).1]
        {
            assert_eq!(Logged::read(foreign), Logged::Foreign, "{foreign}");
        }
    }
}
