//! The members of an explanation, in output order.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    super::catalogprops,
    Findings,
    planned::{Drawn, Made, Placed, Planned},
};
use crate::{
    catalog::{Attributes, attribute},
    error::{Error, ErrorPolicy},
    http::HeaderChange,
    reply::{Bounds, entity_tag, lifetime},
    resolve::{Explained, Holder, LivesBy, Trace},
    resolved::Resolved,
};

/// The explanation; docs/explain.md documents its members.
#[derive(Serialize)]
pub struct Document<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Fault<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Rules<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    objects: Vec<Stored<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<Object<'a>>,
    #[serde(flatten)]
    trace: &'a Trace,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    attributes: Vec<Attribute<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<&'a Planned>,
    #[serde(skip_serializing_if = "Option::is_none")]
    draw: Option<&'a Drawn>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    layers: &'a [Placed],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    nodes: &'a [Made],
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<Cache<'a>>,
    timing: Vec<Stage>,
}

/// What is wrong with the request.
#[derive(Serialize)]
struct Fault<'a> {
    status: u16,
    title: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
}

#[derive(Serialize)]
struct Rules<'a> {
    matched: &'a [String],
    before: &'a str,
    after: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    headers: Vec<String>,
}

/// A catalog or a record, and its version. A catalog without a version is built in.
#[derive(Serialize)]
struct Stored<'a> {
    key: &'a str,
    version: Option<&'a str>,
}

#[derive(Serialize)]
struct Object<'a> {
    requested: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    found: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<&'a str>,
}

#[derive(Serialize)]
struct Attribute<'a> {
    name: &'static str,
    value: String,
    from: &'a Holder,
}

#[derive(Serialize)]
struct Cache<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    control: Cow<'static, str>,
    seconds: Option<u32>,
    by: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a Holder>,
}

#[derive(Serialize)]
struct Stage {
    stage: &'static str,
    milliseconds: f64,
}

impl<'a> Document<'a> {
    /// Everything that was found out about a request, even if it fails.
    pub fn new(
        explained: &'a Explained,
        findings: &'a Findings,
        error: Option<&'a Error>,
        policy: ErrorPolicy,
    ) -> Self {
        let resolved = explained.resolved.as_ref();
        let header = |HeaderChange { name, value, append }: &HeaderChange| {
            format!("{name}{} {value}", if *append { ", added:" } else { ":" })
        };
        let fault = |error: &'a Error| {
            let (status, title) = (policy.status(error.kind), error.kind.status().1);
            let message = (policy.detail >= 2).then_some(error.message.as_str());
            Fault { status, title, message, column: error.column }
        };
        let stage = |&(stage, milliseconds): &(&'static str, f64)| Stage {
            stage,
            milliseconds: (milliseconds * 10.0).round() / 10.0,
        };
        Self {
            request: resolved.map(|resolved| format!("/is/image/{}", resolved.answer.canonical)),
            error: error.map(fault),
            rules: explained.rewritten.as_ref().map(|rewritten| Rules {
                matched: &rewritten.rules,
                before: &rewritten.before,
                after: &rewritten.after,
                headers: resolved.iter().flat_map(|s| &s.delivery.headers).map(header).collect(),
            }),
            objects: explained
                .objects
                .iter()
                .map(|(key, version)| Stored { key, version: version.as_deref() })
                .collect(),
            object: (!explained.requested.is_empty()).then(|| object(explained, findings)),
            trace: &explained.trace,
            attributes: attributes(explained),
            plan: findings.planned.as_ref(),
            draw: findings.planned.as_ref().and_then(|planned| planned.draw.as_ref()),
            layers: findings.planned.as_ref().map_or(&[], |planned| &planned.layers),
            nodes: findings.planned.as_ref().map_or(&[], |planned| &planned.nodes),
            cache: resolved.zip(explained.lives_by).map(|(resolved, by)| match error {
                Some(_) => Cache::NONE,
                None => {
                    let key = {
                        let versions: Vec<_> =
                            findings.versions.iter().map(Option::as_ref).collect();
                        entity_tag(resolved, &versions)
                    };
                    cache(explained, resolved, by, key)
                }
            }),
            timing: findings.stages.iter().map(stage).collect(),
        }
    }
}

impl Cache<'_> {
    /// The entry of an error, which no cache stores.
    const NONE: Self = Self {
        key: None,
        control: Cow::Borrowed("no-store"),
        seconds: Some(0),
        by: "error",
        from: None,
    };
}

fn object<'a>(explained: &'a Explained, findings: &'a Findings) -> Object<'a> {
    let version = findings.versions.first().and_then(Option::as_ref);
    let there = explained
        .resolved
        .as_ref()
        .filter(|resolved| resolved.asset.is_ok() || resolved.answer.record.is_some());
    Object {
        requested: &explained.requested,
        found: there.map(|resolved| format!("{}/{}", resolved.object.root, resolved.object.id)),
        key: there
            .filter(|_| version.is_some())
            .and_then(|resolved| resolved.asset.as_deref().ok()),
        version: version.map(|version| version.0.as_str()),
    }
}

/// The attributes that `req=catalogprops` lists, under their catalog names, and those that control
/// errors, substitutes for missing images, and shared caches.
fn attributes(explained: &Explained) -> Vec<Attribute<'_>> {
    let attributes = || explained.attributes.iter();
    let listed = attributes().flat_map(catalogprops::list).chain(attributes().flat_map(stand_ins));
    let named = listed.filter_map(|(property, value)| {
        let name = property.rsplit('.').next().unwrap_or_default();
        let name = if name == "fileTime" { "TimeStamp" } else { name };
        let name = attribute(name)?.name;
        // An empty built-in default is left out.
        let from = explained.holder(name).filter(|by| !value.is_empty() || **by != Holder::BuiltIn);
        Some(Attribute { name, value, from: from? })
    });
    named.collect()
}

fn stand_ins(attributes: &Attributes) -> [(&'static str, String); 6] {
    let per_layer = u8::from(attributes.default_image_per_layer);
    let shared = attributes.shared_expiration.map(|hours| hours.to_string());
    [
        ("DefaultImage", attributes.default_image.clone()),
        ("DefaultImageMode", per_layer.to_string()),
        ("ErrorImage", attributes.error_image.clone()),
        ("ErrorDetail", attributes.errors.detail.to_string()),
        ("MissingStatus", attributes.errors.missing_status.to_string()),
        ("SharedExpiration", shared.unwrap_or_default()),
    ]
}

fn cache<'a>(explained: &'a Explained, resolved: &Resolved, by: LivesBy, key: String) -> Cache<'a> {
    let attribute = match by {
        LivesBy::Attribute(name) => Some(name),
        LivesBy::Command | LivesBy::Kind => None,
    };
    let (mut control, _) = lifetime(resolved);
    Bounds { seconds: None, private: resolved.delivery.audience.is_private() }
        .apply_to("cache-control", &mut control);
    Cache {
        key: Some(key),
        control: control.into(),
        seconds: resolved.delivery.expiration,
        by: match by {
            LivesBy::Attribute(name) => name,
            LivesBy::Command => "cache=off",
            LivesBy::Kind => "req=",
        },
        from: attribute.and_then(|name| explained.holder(name)),
    }
}
