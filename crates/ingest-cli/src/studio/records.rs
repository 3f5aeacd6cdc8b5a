//! `/studio/records/<rootId>/<id>`: the smart crops, the swatch and the modifier of a record.

use anyhow::{Result, anyhow};
use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT, Record},
    commands::takes_request,
    http::HttpReply,
    limits,
    protocol::Macros,
};
use serde_json::{Map, Value, json};
use server::Edit;

use super::{
    crops::{self, Mistake},
    reply,
};
use crate::{
    args::root_id,
    asset::Asset,
    publish::{check::commands, problem::Problems},
    record,
    store::{Bucket, Change, Stored},
};

/// The fields that an edit may change.
const EDITABLE: [&str; 3] = ["crops", "swatch", "modifier"];

/// Reads or changes the record of the asset `rootId/id`.
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
        let Some(bytes) = stored else { return Ok((Change::Keep, missing(&asset))) };
        if let Err(refused) = reply::check(edit, Some(&reply::tag(bytes))) {
            return Ok((Change::Keep, *refused));
        }
        let changed = match changed(&key, bytes, &sent, &macros)? {
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
    stored: &[u8],
    sent: &Map<String, Value>,
    macros: &Macros,
) -> Result<Result<Record, Vec<Mistake>>> {
    let present: Map<String, Value> = serde_json::from_slice(stored)?;
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
    let Some(mut changed) = record::parse(key, Some(stored))? else {
        return Ok(Err(vec![(String::new(), "there is no record".to_owned())]));
    };
    let field = |name: &str| sent.get(name).unwrap_or(&Value::Null);
    match crops::crops(field("crops")) {
        Ok(crops) => changed.crops = crops,
        Err(found) => mistakes.extend(found),
    }
    match crops::swatch(field("swatch")) {
        Ok(swatch) => changed.swatch = swatch,
        Err(found) => mistakes.extend(found),
    }
    let modifier = field("modifier");
    changed.fields.modifier = modifier.as_str().map(str::to_owned);
    if let Some(modifier) = modifier.as_str() {
        let mut problems = Problems::default();
        commands(modifier, macros, ("modifier", 0), &mut problems);
        mistakes.extend(problems.errors().into_iter().map(|message| {
            let message = message.trim_start_matches("error: ").to_owned();
            ("modifier".to_owned(), message)
        }));
    } else if !modifier.is_null() {
        mistakes.push(("modifier".to_owned(), "modifier: expected a text".to_owned()));
    }
    Ok(if mistakes.is_empty() { Ok(changed) } else { Err(mistakes) })
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

/// The macros that a modifier of a catalog may call.
async fn macros(bucket: &Bucket, root: &str) -> Result<Macros> {
    let mut macros = Catalog::builtin().macros.clone();
    if let Some(default) = compiled(bucket, DEFAULT).await? {
        macros = Catalog::of(&default, None)?.macros;
    }
    if root != DEFAULT
        && let Some(own) = compiled(bucket, root).await?
    {
        for (name, definition) in &own.macros {
            macros.define(name, definition, takes_request)?;
        }
    }
    Ok(macros)
}

async fn compiled(bucket: &Bucket, root: &str) -> Result<Option<Compiled>> {
    let key = Compiled::key(root);
    let json = bucket.get(&key).await?;
    Ok(json.map(|json| Compiled::from_json(&key, &json)).transpose()?)
}

fn missing(asset: &Asset) -> HttpReply {
    reply::message(404, &format!("{}: it has no record; ingest it first", asset.name()))
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
