//! `req=xlate`: lists the existing translations of an id (r-xlate, r-object-id-translation).

use super::{
    Lookups, RequestContext,
    access::{Named, ObjectKind},
    lookup,
};
use crate::{
    error::{Error, Result},
    limits,
    picture::ObjectId,
    resolved::{ReplyData, Resolved},
    store::Together,
};

/// The ids that exist, among those with each suffix of the catalog's LocaleMap, in that order. Only
/// the catalog that the path names is searched.
pub async fn translations(
    resolved: &Resolved,
    context: &RequestContext,
    lookups: &Lookups<'_>,
) -> Result<ReplyData> {
    let ObjectId { root, id } = &resolved.object;
    let suffixes = context.attributes.locale_map.all();
    if suffixes.len() > limits::TRANSLATIONS {
        let message = format!("LocaleMap: more than {} suffixes", limits::TRANSLATIONS);
        return Err(Error::too_large(message));
    }
    let ids = suffixes.iter().map(|suffix| format!("{id}{suffix}"));
    let mut answers = Together::new(ids.clone().map(|id| {
        let object = ObjectId { root: root.clone(), id };
        lookup::at(context, (ObjectKind::Image, Named::Owner), object, lookups)
    }));
    let mut there = Vec::new();
    for id in ids {
        if answers.next().await?.flatten().is_some() {
            there.push(id);
        }
    }
    Ok(ReplyData::Translations(there))
}
