//! A line of the log, as JSON.

use super::{Asked, Sent, Taken, asked::url};
use crate::{
    http::{HttpRequest, Method},
    reply::{date, properties::quote_json},
};

/// The line of a request. `milliseconds` is the time until the reply was ready, and `sample` the
/// share of requests that have a line.
pub fn line(
    request: &HttpRequest,
    (asked, sent, taken): (&Asked, &Sent, &Taken),
    milliseconds: f64,
    (sample, with_query): (f64, bool),
) -> String {
    let mut line = Line(String::with_capacity(512));
    line.text("event", "request");
    line.text("time", &date::iso_milliseconds(request.received_at));
    line.text("method", method(request.method));
    line.text("route", asked.route);
    line.text("object", &asked.object);
    let presets: Vec<String> = asked.presets.iter().map(|name| quote_json(name)).collect();
    line.raw("presets", &format!("[{}]", presets.join(",")));
    line.text("req", &asked.req);
    line.number("status", sent.status.into());
    line.text("format", sent.media_type.split(';').next().unwrap_or_default());
    line.text("cache", sent.cache());
    line.raw("ms", &format!("{milliseconds:.1}"));
    let stages: Vec<String> =
        sent.stages().map(|(name, time)| [&quote_json(name), ":", time].concat()).collect();
    line.raw("stages", &format!("{{{}}}", stages.join(",")));
    line.number("reads", taken.reads.get());
    line.number("bytesRead", taken.bytes.get());
    line.number("bytesSent", sent.bytes);
    if let Some(cost) = taken.cost() {
        line.number("memory", taken.memory.get());
        line.number("work", taken.work.get());
        line.text("cost", cost);
    }
    // A fault is logged for itself, whatever the sample.
    if sample < 1.0 && !sent.is_fault() {
        line.raw("sample", &sample.to_string());
    }
    line.text("error", &sent.message().unwrap_or_default());
    if with_query {
        line.text("url", &url(request));
    }
    line.0.push('}');
    line.0
}

/// A JSON object that is being written.
struct Line(String);

impl Line {
    fn raw(&mut self, name: &str, value: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push('"');
        self.0.push_str(name);
        self.0.push_str("\":");
        self.0.push_str(value);
    }

    /// Adds a text, unless it is empty.
    fn text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.raw(name, &quote_json(value));
        }
    }

    fn number(&mut self, name: &str, value: u64) {
        self.raw(name, &value.to_string());
    }
}

/// The name of a method. Others than these two are not told apart.
pub fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Other => "OTHER",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(path: &str, query: &str) -> HttpRequest {
        HttpRequest {
            path: path.to_owned(),
            query: query.to_owned(),
            received_at: 1_795_238_284_123.0,
            ..HttpRequest::default()
        }
    }

    fn value(
        request: &HttpRequest,
        sent: &Sent,
        taken: &Taken,
        how: (f64, bool),
    ) -> serde_json::Value {
        let asked = Asked::of(request).unwrap();
        serde_json::from_str(&line(request, (&asked, sent, taken), 12.34, how)).unwrap()
    }

    #[test]
    fn a_line_has_what_an_operator_asks_for() {
        let request = request("/is/image/Shop/sh%C3%B6e", "$Card$&wid=9&$zoom$&$v=1&req=img");
        let sent = Sent {
            status: 200,
            cache: "miss",
            media_type: "text/plain; charset=utf-8".to_owned(),
            bytes: 77,
            timing: "resolve;dur=0.4, encode;dur=11.0, node1;desc=\"place 17d480ca\";dur=0.3, layers;desc=\"hit 1, drawn 0\"".to_owned(),
            error: None,
        };
        let taken = Taken::default();
        for bytes in [100, 11] {
            taken.begin_read();
            taken.end_read(bytes);
        }
        taken.planned(5_000_000, 1_500_000);
        assert_eq!(
            value(&request, &sent, &taken, (0.25, false)),
            serde_json::json!({
                "event": "request", "time": "2026-11-21T05:18:04.123Z", "method": "GET",
                "route": "image", "object": "Shop/shöe", "presets": ["card", "zoom"], "req": "img",
                "status": 200, "format": "text/plain", "cache": "miss", "ms": 12.3,
                "stages": {"resolve": 0.4, "encode": 11.0},
                "reads": 2, "bytesRead": 111, "bytesSent": 77,
                "memory": 5_000_000, "work": 1_500_000, "cost": "medium", "sample": 0.25,
            })
        );
    }

    #[test]
    fn a_hit_has_no_plan_and_a_304_is_revalidated() {
        let request = request("/is/content/Shop/a.css", "");
        let sent = Sent { status: 304, cache: "bypass", ..Sent::default() };
        let line = value(&request, &sent, &Taken::default(), (1.0, false));
        assert_eq!((&line["cache"], &line["route"]), (&"revalidated".into(), &"content".into()));
        for absent in ["memory", "cost", "sample", "error", "url", "req", "format"] {
            assert!(line.get(absent).is_none(), "{absent}: {line}");
        }
    }

    #[test]
    fn neither_modifiers_nor_signatures_are_logged_unless_a_setting_asks() {
        let query = "$card$&text=secret&expires=9&sig=c2lnbmF0dXJl";
        let request = request("/is/image/Shop/shoe", query);
        let sent = Sent::default();
        let line = |how| value(&request, &sent, &Taken::default(), how).to_string();
        let without = line((1.0, false));
        assert!(!without.contains("secret") && !without.contains("c2ln"), "{without}");
        let with = line((1.0, true));
        assert!(with.contains("text=secret") && !with.contains("c2ln"), "{with}");
        // A query in base64 calls no preset that the log could tell.
        let hidden = self::request("/is/image/Shop/shoe", "JGNhcmQkJndpZD05");
        assert!(Asked::of(&hidden).unwrap().presets.is_empty());
        assert_eq!(Asked::of(&self::request("/health", "deep")), None);
    }
}
