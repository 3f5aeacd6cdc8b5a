//! A stored file as the body of a reply, or the part of it that a `Range` names.

use super::{
    media_type,
    range::{Part, part},
};
use crate::{
    error::Result,
    http::{HttpReply, HttpRequest, Method},
    reply::{ReplyBuilder, last_modified, text::TEXT},
    resolve::File,
    resolved::Resolved,
    store::{self, ByteRange, Fetched, Read, Store},
};

/// A reply that names the file, or a range of it, as its body; [`whole`] or the platform reads it.
pub fn sent(request: &HttpRequest, resolved: &Resolved, file: &File, tag: String) -> HttpReply {
    let modified = last_modified(resolved);
    // `If-Range`: a client without this version has no use for a range (RFC 9110, 13.1.5).
    let same = |validator: &String| *validator == tag || Some(validator) == modified.as_ref();
    let header = request.range.as_deref().filter(|_| request.method == Method::Get);
    let header = header.filter(|_| request.if_range.as_ref().is_none_or(same));
    let part = header.map_or(Part::Whole, |header| part(header, file.len));
    let reply = ReplyBuilder::of(resolved, tag).header("accept-ranges", "bytes");
    let (reply, range) = match part {
        Part::Whole => (reply, ByteRange::new(0, file.len)),
        Part::Range(range) => {
            let (first, last) = (range.start, range.end() - 1);
            let value = format!("bytes {first}-{last}/{}", file.len);
            (reply.status(206).header("content-range", value), range)
        }
        Part::Nowhere => return unsatisfiable(reply, file.len),
    };
    let reply = reply.header("content-length", range.len.to_string());
    let version = Some(file.version.clone());
    let stored = Some(Read { key: file.key.clone(), range, version });
    HttpReply { stored, ..reply.body(media_type::of(&file.key), Vec::new()) }
}

fn unsatisfiable(reply: ReplyBuilder, len: u64) -> HttpReply {
    let body = format!("Range not satisfiable\nthe content has {len} bytes\n").into_bytes();
    reply
        .status(416)
        .cache_control("no-store")
        .header("content-range", format!("bytes */{len}"))
        .body(TEXT, body)
}

/// Reads the body into memory if the reply only names a stored file.
pub async fn whole(mut reply: HttpReply, store: &impl Store) -> Result<HttpReply> {
    let Some(read) = reply.stored.take() else { return Ok(reply) };
    let key = read.key.clone();
    let mut fetched = Fetched::default();
    let range = read.range;
    store::fetch(store, &mut fetched, vec![read]).await?;
    let bytes = fetched.object(&key).and_then(|object| object.get(range));
    reply.body = bytes.map(<[u8]>::to_vec).unwrap_or_default();
    Ok(reply)
}
