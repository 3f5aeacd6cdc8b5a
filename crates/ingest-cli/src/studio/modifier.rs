//! Checks the modifier of a record, with the macros that it may call.

use anyhow::Result;
use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT},
    commands::takes_request,
    protocol::Macros,
};
use serde_json::Value;

use super::crops::Mistake;
use crate::{
    publish::{check::commands, problem::Problems},
    store::Bucket,
};

/// Checks the modifier of a record; `None` for null.
pub fn modifier(value: &Value, macros: &Macros) -> Result<Option<String>, Vec<Mistake>> {
    let mistake = |message: String| ("modifier".to_owned(), message);
    if value.is_null() {
        return Ok(None);
    }
    let Some(modifier) = value.as_str() else {
        return Err(vec![mistake("modifier: expected a text".to_owned())]);
    };
    let mut problems = Problems::default();
    commands(modifier, macros, ("modifier", 0), &mut problems);
    let errors = problems.errors().into_iter();
    let mistakes: Vec<Mistake> =
        errors.map(|error| mistake(error.trim_start_matches("error: ").to_owned())).collect();
    if mistakes.is_empty() { Ok(Some(modifier.to_owned())) } else { Err(mistakes) }
}

/// The macros that a modifier of a catalog may call.
pub async fn macros(bucket: &Bucket, root: &str) -> Result<Macros> {
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
