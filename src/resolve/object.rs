//! The object in the path: a catalog's rootId, then the image's id (decision B1).

use crate::{
    error::{Error, ErrorKind, Result},
    scene::ObjectId,
};

/// Splits the path into catalog and id.
pub fn object(elements: &[String]) -> Result<ObjectId> {
    sound(elements.iter().map(String::as_str))?;
    match elements {
        [root, id @ ..] if !id.is_empty() => Ok(ObjectId { root: root.clone(), id: id.join("/") }),
        [] => Err(Error::new(ErrorKind::NotFound, "no image in the path: /is/image/rootId/id")),
        [root, ..] => {
            let message = format!("{root}: no image in the path: /is/image/rootId/id");
            Err(Error::new(ErrorKind::NotFound, message))
        }
    }
}

/// Whether these elements of a path may be part of a key.
pub fn sound<'a>(mut elements: impl Iterator<Item = &'a str>) -> Result<()> {
    let harmful = |element: &str| {
        element == "." || element == ".." || element.contains(|c: char| c.is_control() || c == '\\')
    };
    if elements.any(harmful) {
        return Err(Error::new(ErrorKind::Syntax, "the path holds an element that no id can have"));
    }
    Ok(())
}
