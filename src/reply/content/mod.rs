//! Replies of `/is/content`: a stored file, or a part of it, or what is said of it.

mod media_type;
mod range;

use self::range::{Part, part};
use super::{
    cache::{entity_tag, last_modified, lifetime, tag_of},
    client::is_held,
    date,
    describe::{exists, property_reply},
    image::not_modified,
    properties::Properties,
    record::record,
};
use crate::{
    commands::Reply,
    error::Result,
    http::{HttpReply, HttpRequest, Method},
    resolve::{Content, File},
    store::{ByteRange, Read},
};

/// Answers a request for static content. A file is only named: it is for the platform to send.
pub fn content(request: &HttpRequest, content: &Content) -> Result<HttpReply> {
    let scene = &content.scene;
    let now = request.received_at;
    let tag = || {
        let version = content.file.as_ref().map(|file| &file.version);
        entity_tag(scene, version)
    };
    if scene.answer.reply == Reply::Exists {
        return Ok(exists(scene, content.file.is_some(), tag(), now));
    }
    if scene.answer.reply == Reply::UserData {
        return Ok(record(scene));
    }
    let Some(file) = &content.file else {
        scene.asset.clone()?;
        return Ok(exists(scene, false, tag(), now));
    };
    if scene.answer.reply == Reply::Props {
        return Ok(property_reply(scene, &properties(content, file), tag(), now));
    }
    // Of the file alone: what else the request says changes no byte of it.
    let tag = tag_of(&file.key, Some(&file.version));
    if is_held(request, &tag, scene) {
        return Ok(not_modified(scene, tag));
    }
    Ok(sent(request, content, file, tag))
}

fn properties(content: &Content, file: &File) -> Properties {
    let record = content.scene.answer.record.as_ref().map(|(record, _)| record);
    let user_type = record.and_then(|record| record.fields.user_type.clone());
    let modified = content.scene.delivery.last_modified.filter(|date| date.is_finite());
    let path = file.key.split_once('/').map_or(file.key.as_str(), |(_, path)| path);
    vec![
        ("path", path.to_owned()),
        ("length", file.len.to_string()),
        ("expiration", content.hours.to_string()),
        ("lastModified", modified.map(date::iso).unwrap_or_default()),
        ("userType", user_type.unwrap_or_default()),
    ]
}

/// The file, or the part of it that a `Range` names.
fn sent(request: &HttpRequest, content: &Content, file: &File, tag: String) -> HttpReply {
    let scene = &content.scene;
    let modified = last_modified(scene);
    // A range of a copy that the client does not have is of no use to it (RFC 9110, 13.1.5).
    let same = |held: &String| *held == tag || Some(held) == modified.as_ref();
    let asked = request.range.as_deref().filter(|_| request.method == Method::Get);
    let asked = asked.filter(|_| request.if_range.as_ref().is_none_or(same));
    let part = asked.map_or(Part::Whole, |asked| part(asked, file.len));
    let (cache_control, shared_max_age) = lifetime(scene);
    let mut headers = vec![
        ("content-type", media_type::of(&file.key).to_owned()),
        ("etag", tag),
        ("cache-control", cache_control),
        ("accept-ranges", "bytes".into()),
    ];
    let (status, range) = match part {
        Part::Whole => (200, ByteRange::new(0, file.len)),
        Part::Range(range) => {
            let (first, last) = (range.start, range.end() - 1);
            headers.push(("content-range", format!("bytes {first}-{last}/{}", file.len)));
            (206, range)
        }
        Part::Nowhere => return unsatisfiable(file.len, headers),
    };
    headers.push(("content-length", range.len.to_string()));
    let version = Some(file.version.clone());
    let stored = Some(Read { key: file.key.clone(), range, version });
    HttpReply { stored, shared_max_age, ..HttpReply::new(status, headers, Vec::new()) }
}

fn unsatisfiable(len: u64, mut headers: Vec<(&'static str, String)>) -> HttpReply {
    headers.retain(|(name, _)| matches!(*name, "etag" | "accept-ranges"));
    headers.push(("content-type", "text/plain; charset=utf-8".into()));
    headers.push(("cache-control", "no-store".into()));
    headers.push(("content-range", format!("bytes */{len}")));
    let body = format!("Range not satisfiable\nthe content has {len} bytes\n").into_bytes();
    HttpReply::new(416, headers, body)
}
