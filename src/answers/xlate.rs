//! `req=xlate`: the existing translations of the object.

use crate::{
    http::HttpReply,
    reply::properties::properties,
    resolved::{ReplyData, Resolved},
};

/// Prints their ids in one property, separated by commas.
pub fn answer(resolved: &Resolved, tag: String, now: f64) -> HttpReply {
    let ids = match &resolved.answer.data {
        ReplyData::Translations(ids) => ids.join(","),
        ReplyData::Nothing | ReplyData::Set(_) | ReplyData::Streams(_) | ReplyData::Catalog(_) => {
            String::new()
        }
    };
    properties(resolved, &vec![("xlate.translatedIds", ids)], tag, now)
}
