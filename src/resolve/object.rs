//! The object in the path: a catalog's rootId, then the image's id (decision B1).

use crate::{
    error::{Error, ErrorKind, Result},
    picture::ObjectId,
    protocol::composed,
};

/// Splits the path into catalog and id. A path with one element names only the catalog (A14).
///
/// Names are in composed form, as ingest stores them. An encoded `/` separates elements like a
/// plain one. Otherwise one image would have two names, and only one of them would be in its
/// catalog.
pub fn object(elements: &[String]) -> Result<ObjectId> {
    let whole = elements.join("/");
    let whole = composed(&whole);
    let elements: Vec<&str> = whole.split('/').filter(|element| !element.is_empty()).collect();
    let harmful = |element: &str| {
        matches!(element, "." | "..") || element.contains(|c: char| c.is_control() || c == '\\')
    };
    if let Some(element) = elements.iter().find(|element| harmful(element)) {
        let message = format!("{}: an id cannot contain {element:?}", whole.escape_debug());
        return Err(Error::new(ErrorKind::Syntax, message));
    }
    match elements.as_slice() {
        [root, id @ ..] => Ok(ObjectId { root: (*root).to_owned(), id: id.join("/") }),
        [] => Ok(ObjectId { root: String::new(), id: String::new() }),
    }
}

/// The ids that a name in `src=` or `mask=` can denote, in the order of the look-up (B1 to B3): in
/// the request's catalog, unless the name starts with `/`; then in the catalog that the name itself
/// starts with.
pub fn candidates(name: &str, request_root: &str) -> Result<Vec<ObjectId>> {
    let elements = |name: &str| -> Vec<String> {
        name.split('/').filter(|element| !element.is_empty()).map(str::to_owned).collect()
    };
    let whole = elements(&composed(name));
    let named = object(&whole)?;
    let mut ids = Vec::new();
    if !name.starts_with('/') && !request_root.is_empty() {
        ids.push(ObjectId { root: request_root.to_owned(), id: whole.join("/") });
    }
    if !named.id.is_empty() {
        ids.push(named);
    }
    Ok(ids)
}
