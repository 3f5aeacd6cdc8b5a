//! `src=` of layer 0: another object than that of the path, or an image on another server.

use std::rc::Rc;

use super::{
    Lookups, RequestContext,
    access::Key,
    lookup::Found,
    merge,
    tokens::{Filled, is},
};
use crate::{
    commands::{Place, Scope},
    error::{Error, ErrorKind, Result},
    picture::ObjectId,
    protocol::{RemoteRules, Token, Wrapper, embedded},
};

/// Takes layer 0's `src=` out of the commands where it names an object or an image on another
/// server; nested requests stay.
pub fn taken_out(tokens: &mut Vec<Token>, object: &str) -> Result<Option<Taken>> {
    if !tokens.iter().any(|token| is(token, "src")) {
        return Ok(None);
    }
    let merged = merge(tokens, false, &mut Err)?;
    let Some(said) = merged.source_of_layer_0() else { return Ok(None) };
    let value = Filled::of(tokens, object).value("src", said.value.trim())?.into_owned();
    if !is_looked_up(&value) {
        return Ok(None);
    }
    let column = said.token.column;
    let mut followed = Vec::new();
    let place = Place::In(Scope::LAYER_0);
    let before = merged
        .overridden
        .iter()
        .filter(|(at, before)| *at == place && before.entry.slot == said.entry.slot);
    let taken: Vec<&Token> = before.map(|(_, before)| before.token).chain([said.token]).collect();
    let is_taken = |token: &Token| taken.iter().any(|taken| std::ptr::eq(*taken, token));
    let mut kept = tokens.iter().map(|token| !is_taken(token)).collect::<Vec<_>>().into_iter();
    tokens.retain(|token| {
        let kept = kept.next().unwrap_or(true);
        if !kept {
            followed.push(token.clone());
        }
        kept
    });
    Ok(Some(Taken { value, column, followed }))
}

/// What layer 0's `src=` says.
pub struct Taken {
    /// Its value, variables put in.
    pub value: String,
    /// Where it stood.
    pub column: usize,
    /// Its commands, the last of which counts.
    pub followed: Vec<Token>,
}

/// Whether a value of `src=` names what is looked up, an object or an image on another server, and
/// is no request of its own.
pub fn is_looked_up(value: &str) -> bool {
    match embedded(value) {
        Some((Wrapper::Bare, url)) => !url.trim().is_empty(),
        _ => !value.is_empty() && !value.contains(['(', '{', ',', '?']),
    }
}

/// An image on another server, under the name of the path. Whether it is there is found out where
/// it is opened; `None` once that is known not to be so.
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
        catalog: (Rc::clone(&context.catalog), context.root.is_some()),
        asset: Some(Key::remote(asset)),
        path_key: None,
        record: None,
        part: None,
        picture: None,
    };
    Ok((!lookups.is_missing(&permitted)).then(|| found(permitted)))
}

/// The `Modifier` of an object's record, which may name no image in its turn (B8).
pub fn modifier(found: &Found) -> Result<Vec<Token>> {
    permitted(found.modifier()?, found)
}

/// Its `PostModifier`, likewise.
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
