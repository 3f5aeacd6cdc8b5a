//! `/is/content`: sends a stored file unchanged, or a part of it, or its properties.

mod file;
mod media_type;
mod range;

pub use file::whole;

use super::{banner, error, exists, record};
use crate::{
    commands::Reply,
    error::Result,
    http::{HttpReply, HttpRequest},
    reply::{
        ReplyBuilder, date, entity_tag, is_current,
        properties::{Properties, properties},
        tag_of,
    },
    resolve::{self, File, StaticContent},
    sources::Lookup,
    store::Store,
};

/// Answers a request for static content. The reply may name a stored file as its body, for the
/// platform to send.
pub async fn content(request: &HttpRequest, store: &impl Store) -> HttpReply {
    let lookup = Lookup::default();
    let stage = resolve::content(request, &lookup.buffer);
    let content = match lookup.run(request, store, stage).await.flatten() {
        Ok(Some(content)) => content,
        Ok(None) => return banner(request),
        Err(failed) => return error(request, &lookup.buffer, &failed, None),
    };
    answer(request, &content)
        .unwrap_or_else(|failed| error(request, &lookup.buffer, &failed, Some(&content.resolved)))
}

fn answer(request: &HttpRequest, content: &StaticContent) -> Result<HttpReply> {
    let (resolved, file, now) = (&content.resolved, content.file.as_ref(), request.received_at);
    if file.is_none() && !matches!(resolved.answer.reply, Reply::Exists | Reply::UserData) {
        resolved.asset.clone()?;
    }
    let tag = match (resolved.answer.reply, file) {
        // The tag depends on the file alone: no command changes its bytes.
        (Reply::Img, Some(file)) => tag_of(&file.key, Some(&file.version)),
        (Reply::UserData, _) => entity_tag(resolved, &[]),
        (_, file) => entity_tag(resolved, &[file.map(|file| &file.version)]),
    };
    if is_current(request, &tag, resolved) {
        return Ok(ReplyBuilder::of(resolved, tag).not_modified());
    }
    Ok(match (resolved.answer.reply, file) {
        (Reply::UserData, _) => record::answer(resolved, tag),
        (Reply::Exists, _) | (_, None) => exists::reply(resolved, file.is_some(), tag, now),
        (Reply::Props, Some(file)) => properties(resolved, &list(content, file), tag, now),
        (_, Some(file)) => file::sent(request, resolved, file, tag),
    })
}

/// The properties of a file for `req=props`.
fn list(content: &StaticContent, file: &File) -> Properties {
    let record = content.resolved.answer.record();
    let user_type = record.and_then(|record| record.fields.user_type.clone());
    let modified = content.resolved.delivery.last_modified.filter(|date| date.is_finite());
    let path = file.key.split_once('/').map_or(file.key.as_str(), |(_, path)| path);
    vec![
        ("path", path.to_owned()),
        ("length", file.len.to_string()),
        ("expiration", content.hours.to_string()),
        ("lastModified", modified.map(date::iso).unwrap_or_default()),
        ("userType", user_type.unwrap_or_default()),
    ]
}
