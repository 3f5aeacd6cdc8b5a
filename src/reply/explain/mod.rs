//! `req=explain`: what becomes of a request, as JSON (docs/explain.md).

mod document;
mod lines;
mod plan;

pub use plan::Planned;

use self::document::Document;
use super::{cache::tag_of, words::call};
use crate::{
    error::{Error, ErrorPolicy},
    http::HttpReply,
    resolve::Explained,
    store::Version,
};

/// What was found out about a request's image, as far as it came.
#[derive(Debug, Default)]
pub struct Findings {
    /// The version of the pyramid.
    pub version: Option<Version>,
    /// What its picture takes.
    pub planned: Option<Planned>,
    /// Names and milliseconds of the stages.
    pub stages: Vec<(&'static str, f64)>,
}

/// The explanation. It has the status that the request it explains would have, but for a padded
/// one, which is 200; `policy` is what the catalog says of errors. Nothing keeps it.
pub fn explanation(
    explained: &Explained,
    findings: &Findings,
    error: Option<&Error>,
    policy: ErrorPolicy,
) -> HttpReply {
    let document = Document::new(explained, findings, error, policy);
    let json = lines::write(&document);
    let (handler, id) = &explained.jsonp;
    let (mime, body) = match handler {
        None => ("application/json", json + "\n"),
        Some(handler) => ("text/javascript; charset=utf-8", call(handler, &harmless(&json), id)),
    };
    // A browser runs no script of another status.
    let status = error.filter(|_| handler.is_none()).map_or(200, |error| policy.status(error.kind));
    let headers = vec![
        ("content-type", mime.to_owned()),
        ("etag", tag_of(&body, None)),
        ("cache-control", "no-store".into()),
    ];
    HttpReply::new(status, headers, body.into_bytes())
}

/// Escapes what would end a script element or a JavaScript line; in JSON it stands in texts only.
fn harmless(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                text.push_str(&format!("\\u{:04x}", u32::from(c)));
            }
            _ => text.push(c),
        }
    }
    text
}
