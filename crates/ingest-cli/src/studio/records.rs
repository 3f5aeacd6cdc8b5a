//! `/studio/records/<rootId>/<id>`: the smart crops, the swatch and the modifier of a record.

use anyhow::{Result, anyhow};
use azulejo::{catalog::Record, http::HttpReply, limits, protocol::Macros};
use serde_json::{Map, Value, json};
use server::Edit;

use super::{
    crops::{self, Mistake},
    modifier::{macros, modifier},
    reply,
};
use crate::{
    args::root_id,
    asset::Asset,
    record,
    store::{Bucket, Change, Stored},
};

/// The fields that an edit may change.
const EDITABLE: [&str; 3] = ["crops", "swatch", "modifier"];

/// Reads, changes or makes the record of the asset `rootId/id`. A record that is made is a template:
/// all it has is a modifier.
pub async fn answer(name: &str, edit: &Edit, bucket: &Bucket) -> Result<HttpReply> {
    let asset = match asset(name) {
        Ok(asset) => asset,
        Err(message) => return Ok(reply::message(404, &message)),
    };
    let key = asset.record();
    let Some(sent) = &edit.content else {
        let stored = bucket.stored(&key).await?;
        return Ok(match stored.as_ref().and_then(Stored::bytes) {
            Some(bytes) => reply::content("application/json", reply::tag(bytes), bytes.to_vec()),
            None => missing(&asset),
        });
    };
    let sent: Map<String, Value> = match serde_json::from_slice(sent) {
        Ok(sent) => sent,
        Err(error) => {
            let message = format!("expected the JSON of the record: {error}");
            return Ok(reply::message(422, &message));
        }
    };
    let macros = macros(bucket, &asset.root).await?;
    let update = bucket.update(&key, async |stored| {
        if stored.is_none() && edit.if_match.is_some() {
            return Ok((Change::Keep, missing(&asset)));
        }
        if let Err(refused) = reply::check(edit, stored.map(reply::tag).as_deref()) {
            return Ok((Change::Keep, *refused));
        }
        let changed = match changed(&key, stored, &sent, &macros)? {
            Ok(changed) => changed,
            Err(mistakes) => return Ok((Change::Keep, refused(&mistakes))),
        };
        let json = changed.to_json().map_err(|error| anyhow!(error.message))?;
        if json.len() as u64 > limits::RECORD_BYTES {
            let (len, most) = (json.len(), limits::RECORD_BYTES);
            let message = format!("the record would have {len} bytes; expected at most {most}");
            return Ok((Change::Keep, reply::message(422, &message)));
        }
        let answer = reply::content("application/json", reply::tag(&json), json.clone());
        Ok((Change::Put(json), answer))
    });
    update.await
}

/// The asset that a path names.
fn asset(name: &str) -> Result<Asset, String> {
    let (root, id) = name.split_once('/').unwrap_or_default();
    let shown: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
    let root = root_id(root).map_err(|why| format!("{shown}: {why} as the rootId"))?;
    let asset = Asset { root, id: azulejo::protocol::composed(id).into_owned() };
    asset.check().map_err(|why| format!("{shown}: {why}"))?;
    Ok(asset)
}

/// The record with the editable fields of `sent`, or the mistakes in `sent`.
fn changed(
    key: &str,
    stored: Option<&[u8]>,
    sent: &Map<String, Value>,
    macros: &Macros,
) -> Result<Result<Record, Vec<Mistake>>> {
    let (Some(mut changed), Some(bytes)) = (record::parse(key, stored)?, stored) else {
        return Ok(made(sent, macros));
    };
    let present: Map<String, Value> = serde_json::from_slice(bytes)?;
    let mut mistakes = Vec::new();
    for name in present.keys().chain(sent.keys().filter(|name| !present.contains_key(*name))) {
        let same = match (present.get(name), sent.get(name)) {
            (Some(present), Some(sent)) => is_same(present, sent),
            _ => false,
        };
        if !same && !EDITABLE.contains(&name.as_str()) {
            let what = if sent.contains_key(name) { "changed" } else { "missing" };
            let only = EDITABLE.join(", ");
            mistakes
                .push((name.clone(), format!("{name} is {what}; an edit may change {only} only")));
        }
    }
    let field = |name: &str| sent.get(name).unwrap_or(&Value::Null);
    match crops::crops(field("crops")) {
        Ok(crops) => changed.crops = crops,
        Err(found) => mistakes.extend(found),
    }
    match crops::swatch(field("swatch")) {
        Ok(swatch) => changed.swatch = swatch,
        Err(found) => mistakes.extend(found),
    }
    match modifier(field("modifier"), macros) {
        Ok(modifier) => changed.fields.modifier = modifier,
        Err(found) => mistakes.extend(found),
    }
    Ok(if mistakes.is_empty() { Ok(changed) } else { Err(mistakes) })
}

/// A new record with the modifier of `sent`, or the mistakes in `sent`.
fn made(sent: &Map<String, Value>, macros: &Macros) -> Result<Record, Vec<Mistake>> {
    let mut mistakes = Vec::new();
    for name in sent.keys().filter(|name| *name != "modifier") {
        let message = format!(
            "{name} cannot be in a new record, which has a modifier only; ingest an image for the rest"
        );
        mistakes.push((name.clone(), message));
    }
    let mut record = Record::default();
    match modifier(sent.get("modifier").unwrap_or(&Value::Null), macros) {
        Ok(Some(modifier)) if !modifier.is_empty() => record.fields.modifier = Some(modifier),
        Ok(_) => {
            let message =
                "modifier: expected the commands of the template, such as layer=0&src=Shop/a";
            mistakes.push(("modifier".to_owned(), message.to_owned()));
        }
        Err(found) => mistakes.extend(found),
    }
    if mistakes.is_empty() { Ok(record) } else { Err(mistakes) }
}

/// Whether two values are the same, however their numbers are written: JavaScript writes 1.0 as 1.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            one == other || one.as_f64() == other.as_f64()
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            let same = |(name, value): (&String, &Value)| {
                other.get(name).is_some_and(|other| is_same(value, other))
            };
            one.len() == other.len() && one.iter().all(same)
        }
        (one, other) => one == other,
    }
}

fn missing(asset: &Asset) -> HttpReply {
    let name = asset.name();
    let message = format!(
        "{name}: it has no record; ingest the image, or put a new record with If-None-Match: *"
    );
    reply::message(404, &message)
}

fn refused(mistakes: &[Mistake]) -> HttpReply {
    let describe = |(field, message): &Mistake| json!({ "field": field, "message": message });
    reply::errors(422, &mistakes.iter().map(describe).collect::<Vec<Value>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studio_records_values_are_compared_as_javascript_writes_them() {
        let value = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
        let stored = value(r#"{"a":[1.0,2,{"b":300.0}],"c":"x","d":null}"#);
        assert!(is_same(&stored, &value(r#"{"d":null,"c":"x","a":[1,2.0,{"b":3e2}]}"#)));
        for other in [
            r#"{"a":[1,2,{"b":301}],"c":"x","d":null}"#,
            r#"{"a":[1,2,{"b":300}],"c":"x"}"#,
            r#"{"a":[1,2],"c":"x","d":null}"#,
            r#"{"a":[1,2,{"b":300}],"c":"x","d":null,"e":1}"#,
            r#"{"a":[1,2,{"b":"300"}],"c":"x","d":null}"#,
        ] {
            assert!(!is_same(&stored, &value(other)), "{other}");
        }
    }

    #[test]
    fn studio_records_an_asset_is_one_of_the_store() {
        assert_eq!(asset("Shop/a/b").unwrap().record(), "records/Shop/a/b.json");
        for hostile in [
            "",
            "Shop",
            "Shop/",
            "/a",
            "../a",
            "Shop/../../x",
            "Shop/..",
            "Shop/a//b",
            "S%/a",
            "Shop/a\\b",
        ] {
            assert!(asset(hostile).is_err(), "{hostile}");
        }
    }
}
