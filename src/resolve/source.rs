//! Images that `src=` and `mask=` name: objects other than that of the path, and remote images.

use std::rc::Rc;

use super::{
    Lookups, RequestContext, access::Key, images::ImageName, lookup::Found, lookups::Loaded,
    tokens::is,
};
use crate::{
    error::{Error, ErrorKind, Result},
    picture::ObjectId,
    protocol::{RemoteRules, Token, Wrapper, embedded},
};

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
    name: &ImageName,
    url: &str,
    rules: &RemoteRules,
    context: &RequestContext,
    lookups: &Lookups,
) -> Result<Option<Found>> {
    let permitted = rules.permit(url).map_err(|mut error| {
        error.message = format!("{}={}", name.command, error.message);
        error.at(name.token.column)
    })?;
    lookups.permit(&permitted, rules);
    let found = |asset| Found {
        object: context.path.clone(),
        catalog: Loaded { catalog: Rc::clone(&context.catalog), stored: context.root.is_some() },
        asset: Some(Key::remote(asset)),
        path_key: None,
        record: None,
        mask: None,
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
