//! `req=xlate`: the translations of the object that there are.

use crate::{
    http::HttpReply,
    reply::properties::properties,
    resolved::{ReplyData, Resolved},
};

/// Their ids in one property.
pub fn answer(resolved: &Resolved, tag: String, now: f64) -> HttpReply {
    let ids = match &resolved.answer.data {
        ReplyData::Translations(ids) => ids.join(","),
        ReplyData::Nothing | ReplyData::Set(_) | ReplyData::Streams(_) | ReplyData::Catalog(_) => {
            String::new()
        }
    };
    properties(resolved, &vec![("xlate.translatedIds", ids)], tag, now)
}
