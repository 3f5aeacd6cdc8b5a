//! Finds the source of each attribute and of the reply's lifetime.

use serde::Serialize;

use super::{
    super::{
        RequestContext,
        assemble::EffectiveRequest,
        origin::{Lived, Provenance},
    },
    Trace,
};
use crate::{
    catalog::{Attribute, DEFAULT, attributes},
    commands::Lifetime,
    picture::ObjectId,
    resolved::{RequestedRecord, Resolved},
};

/// The source of an attribute's value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Holder {
    /// The server's built-in default: no catalog sets the attribute.
    BuiltIn,
    /// The catalog of this rootId.
    Catalog(String),
    /// A rule of the catalog.
    Rule,
    /// The record of this object.
    Record(String),
}

/// The source of a reply's lifetime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LivesBy {
    /// The attribute of this name.
    Attribute(&'static str),
    /// `cache=off`
    Command,
    /// The kind of reply: such replies are never cached.
    Kind,
}

/// The source of every attribute of an assembled request.
pub fn holders(
    context: &RequestContext,
    effective: &EffectiveRequest,
) -> Vec<(&'static str, Holder)> {
    let name = |row: &'static Attribute| row.name;
    attributes().map(name).map(|name| (name, holder(name, context, effective))).collect()
}

fn holder(name: &'static str, context: &RequestContext, effective: &EffectiveRequest) -> Holder {
    let own =
        effective.record.as_ref().is_some_and(|RequestedRecord { record, part }| match name {
            "Resolution" => record.fields.resolution.is_some(),
            "PrintResolution" => record.fields.print_resolution.is_some(),
            "TimeStamp" => record.fields.time_stamp.is_some(),
            "ThumbRes" => record.fields.thumb_res.is_some(),
            "ThumbType" => record.fields.thumb_type.is_some(),
            "DefaultPix" => part.is_some(),
            _ => false,
        });
    let by_record = match &effective.provenance.lived {
        Lived::Record(object) if name == "Expiration" => Some(object),
        Lived::Record(_) | Lived::Catalog | Lived::StandIn => own.then_some(&effective.object),
    };
    if let Some(ObjectId { root, id }) = by_record {
        return Holder::Record(format!("{root}/{id}"));
    }
    let name = match (name, &effective.provenance.lived) {
        ("Expiration", Lived::StandIn) => "DefaultExpiration",
        _ => name,
    };
    let unmatched = effective.provenance.unmatched.as_ref();
    let by_rule = |(set, _): &(String, String)| set.eq_ignore_ascii_case(name);
    if unmatched.is_none() && context.applied.attributes.iter().any(by_rule) {
        return Holder::Rule;
    }
    let root = context.root.as_deref().filter(|_| unmatched.is_none());
    let catalog = unmatched.unwrap_or(&context.catalog);
    match (catalog.written.get(name), root) {
        (None, _) => Holder::BuiltIn,
        (Some(false), Some(root)) => Holder::Catalog(root.to_owned()),
        (Some(_), _) => Holder::Catalog(DEFAULT.to_owned()),
    }
}

/// The source of the reply's lifetime.
pub fn lives_by(resolved: &Resolved, trace: &Trace, provenance: &Provenance) -> LivesBy {
    let off = |name: &str, value: &str| name == "cache" && value.trim_start().starts_with("off");
    match resolved.answer.reply.kind().lifetime {
        Lifetime::None => LivesBy::Kind,
        Lifetime::NonImage => LivesBy::Attribute("NonImgExpiration"),
        Lifetime::Image if trace.commands.iter().any(|c| off(&c.name, &c.value)) => {
            LivesBy::Command
        }
        Lifetime::Image => LivesBy::Attribute(match &provenance.lived {
            Lived::StandIn => "DefaultExpiration",
            Lived::Catalog | Lived::Record(_) => "Expiration",
        }),
    }
}
