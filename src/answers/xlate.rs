//! `req=xlate`: the translations of the object that there are.

use crate::{
    http::HttpReply,
    reply::properties::properties,
    scene::{ReplyData, Scene},
};

/// Their ids in one property.
pub fn answer(scene: &Scene, tag: String, now: f64) -> HttpReply {
    let ids = match &scene.reply_data {
        ReplyData::Translations(ids) => ids.join(","),
        ReplyData::Nothing | ReplyData::Set(_) | ReplyData::Streams(_) | ReplyData::Catalog(_) => {
            String::new()
        }
    };
    properties(scene, &vec![("xlate.translatedIds", ids)], tag, now)
}
