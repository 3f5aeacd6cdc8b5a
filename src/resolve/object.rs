//! The object in the path: a catalog's rootId, then the image's id (decision B1).

use crate::{
    error::{Error, ErrorKind, Result},
    scene::ObjectId,
};

/// Splits the path into catalog and id.
pub fn object(elements: &[String]) -> Result<ObjectId> {
    let harmful = |element: &String| {
        element == "." || element == ".." || element.contains(|c: char| c.is_control() || c == '\\')
    };
    if elements.iter().any(harmful) {
        return Err(Error::new(ErrorKind::Syntax, "the path holds an element that no id can have"));
    }
    match elements {
        [root, id @ ..] if !id.is_empty() => Ok(ObjectId { root: root.clone(), id: id.join("/") }),
        [] => Err(Error::new(ErrorKind::NotFound, "no image in the path: /is/image/rootId/id")),
        [root, ..] => {
            let message = format!("{root}: no image in the path: /is/image/rootId/id");
            Err(Error::new(ErrorKind::NotFound, message))
        }
    }
}
