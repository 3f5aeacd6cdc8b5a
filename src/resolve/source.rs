//! `src=` of layer 0: an object other than that of the path, or a remote image.

use std::rc::Rc;

use super::{
    Lookups, RequestContext,
    access::Key,
    lookup::Found,
    lookups::Loaded,
    merge,
    tokens::{Filled, is},
};
use crate::{
    commands::{Place, Scope},
    error::{Error, ErrorKind, Result},
    picture::ObjectId,
    protocol::{RemoteRules, Token, Wrapper, embedded},
};

/// Removes layer 0's `src=` from the commands and returns it, if it names an object or a remote
/// image. Nested requests stay.
pub fn taken_out(tokens: &mut Vec<Token>, object: &str) -> Result<Option<Taken>> {
    if !tokens.iter().any(|token| is(token, "src")) {
        return Ok(None);
    }
    let merged = merge(tokens, false, &mut Err)?;
    let Some(binding) = merged.source_of_layer_0() else { return Ok(None) };
    let value = Filled::of(tokens, object).value("src", binding.value.trim())?.into_owned();
    if !is_looked_up(&value) {
        return Ok(None);
    }
    let column = binding.token.column;
    let mut followed = Vec::new();
    let place = Place::In(Scope::LAYER_0);
    let before = merged
        .overridden
        .iter()
        .filter(|(at, before)| *at == place && before.entry.slot == binding.entry.slot);
    let taken: Vec<&Token> =
        before.map(|(_, before)| before.token).chain([binding.token]).collect();
    let is_taken = |token: &Token| taken.iter().any(|taken| std::ptr::eq(*taken, token));
    let mut retained = tokens.iter().map(|token| !is_taken(token)).collect::<Vec<_>>().into_iter();
    tokens.retain(|token| {
        let retained = retained.next().unwrap_or(true);
        if !retained {
            followed.push(token.clone());
        }
        retained
    });
    Ok(Some(Taken { value, column, followed }))
}

/// The value of layer 0's `src=`.
pub struct Taken {
    /// Its value, with variables substituted.
    pub value: String,
    /// Its column in the request.
    pub column: usize,
    /// The removed commands. The last one is effective.
    pub followed: Vec<Token>,
}

/// Whether a value of `src=` names an object or a remote image, and is not a nested request.
pub fn is_looked_up(value: &str) -> bool {
    match embedded(value) {
        Some((Wrapper::Bare, url)) => !url.trim().is_empty(),
        _ => !value.is_empty() && !value.contains(['(', '{', ',', '?']),
    }
}

/// A remote image, under the name of the object in the path. Its existence is tested when it is
/// opened. Returns `None` if it is already known to be missing. Fails if the rules do not permit
/// the URL.
pub fn remote(
    url: &str,
    rules: &RemoteRules,
    context: &RequestContext,
    lookups: &Lookups,
) -> Result<Option<Found>> {
    let permitted = rules.permit(url).map_err(|mut error| {
        error.message = format!("src={}", error.message);
        error
    })?;
    let found = |asset| Found {
        object: context.path.clone(),
        catalog: Loaded { catalog: Rc::clone(&context.catalog), stored: context.root.is_some() },
        asset: Some(Key::remote(asset)),
        path_key: None,
        record: None,
        part: None,
        picture: None,
    };
    Ok((!lookups.is_missing(&permitted)).then(|| found(permitted)))
}

/// The `Modifier` of an object's record. Fails if it contains `src=` or `mask=` (B8).
pub fn modifier(found: &Found) -> Result<Vec<Token>> {
    permitted(found.modifier()?, found)
}

/// The `PostModifier` of an object's record, with the same restriction.
pub fn post_modifier(found: &Found) -> Result<Vec<Token>> {
    permitted(found.post_modifier()?, found)
}

fn permitted(modifier: Vec<Token>, found: &Found) -> Result<Vec<Token>> {
    if modifier.iter().any(|token| is(token, "src") || is(token, "mask")) {
        let ObjectId { root, id } = &found.object;
        let message = format!("src={root}/{id}: a record with src= or mask= cannot be a source");
        return Err(Error::new(ErrorKind::Value, message));
    }
    Ok(modifier)
}
