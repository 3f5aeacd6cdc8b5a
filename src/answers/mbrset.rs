//! `req=mbrSet`: the streams of a video set, as an HLS playlist or a Flash manifest (r-mbrset; RFC
//! 8216, section 4.3.4.2; Adobe's F4M 2.0).

use crate::{
    commands::Manifest,
    http::HttpReply,
    reply::{
        ReplyBuilder,
        element::Element,
        text::{TEXT, text},
    },
    resolved::{ReplyData, Resolved, Streams},
};

/// Prints the list of streams; an empty text if they were not looked up.
pub fn answer(resolved: &Resolved, tag: String) -> HttpReply {
    match &resolved.answer.data {
        ReplyData::Streams(list) => streams(resolved, list, tag),
        ReplyData::Nothing
        | ReplyData::Set(_)
        | ReplyData::Catalog(_)
        | ReplyData::Translations(_) => text(resolved, String::new(), tag),
    }
}

/// The reply with the list. It has the media type of its format if `fmt=` requests that, else that
/// of text or XML (r-req).
fn streams(resolved: &Resolved, list: &Streams, tag: String) -> HttpReply {
    let (media_type, body) = match (list.manifest, list.streams.is_empty()) {
        // Without streams "the response is empty".
        (Manifest::Apple, true) => ("application/vnd.apple.mpegurl", Vec::new()),
        (Manifest::Flash, true) => ("application/f4m+xml", Vec::new()),
        (Manifest::Apple, false) => ("application/vnd.apple.mpegurl", apple(list)),
        (Manifest::Flash, false) => {
            ("application/f4m+xml", resolved.answer.encoding.document(&flash(list).xml()))
        }
    };
    let media_type = match (list.plain, list.manifest) {
        (false, _) => media_type,
        (true, Manifest::Apple) => TEXT,
        (true, Manifest::Flash) => "text/xml",
    };
    ReplyBuilder::of(resolved, tag).body(media_type, body)
}

/// An HLS playlist. Rates are in bits per second.
fn apple(list: &Streams) -> Vec<u8> {
    let stream =
        |(url, rate): &(String, u64)| format!("#EXT-X-STREAM-INF:BANDWIDTH={rate}\n{url}\n");
    let streams: String = list.streams.iter().map(stream).collect();
    format!("#EXTM3U\n{streams}").into_bytes()
}

/// A Flash manifest. Rates are in kilobits per second, rounded half up.
fn flash(list: &Streams) -> Element {
    let media = |(url, rate): &(String, u64)| {
        let rate = (rate + 500) / 1000;
        Element::new("media").with("href", url).with("bitrate", rate.to_string())
    };
    let children = list.streams.iter().map(media).collect();
    let manifest = Element::new("manifest").with("xmlns", "http://ns.adobe.com/f4m/2.0");
    Element { children, ..manifest }
}
