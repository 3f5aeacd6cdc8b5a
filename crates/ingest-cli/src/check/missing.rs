//! Explains why an image is missing: it is not published, or it exists as another type.

use azulejo::{
    error::{Error, ErrorKind},
    picture::ObjectId,
};

/// An image or static content that a request needs and that does not exist.
#[derive(Debug)]
pub struct MissingObject {
    /// The server's error.
    pub error: Error,
    /// The missing object.
    pub object: ObjectId,
}

impl MissingObject {
    /// For an error of the look-up itself.
    pub fn of(error: Error) -> Self {
        Self { error, object: ObjectId::default() }
    }
}

/// The error for an unpublished image.
pub fn unpublished(missing: &MissingObject) -> Error {
    let message = format!("{}: it is in the store, and not published", subject(missing));
    Error::new(ErrorKind::NotFound, message)
}

/// The subject of the error message: the object, or the command that names it.
fn subject(missing: &MissingObject) -> &str {
    missing.error.message.split(": ").next().unwrap_or_default()
}

/// The error for an image that exists as static content; `None` if it does not. `content` tells
/// whether static content with its id exists.
pub fn other_type(missing: &MissingObject, content: bool) -> Option<Error> {
    let MissingObject { error, object: ObjectId { root, id } } = missing;
    // The server's error names the type already.
    if error.kind != ErrorKind::NotFound {
        return Some(error.clone());
    }
    let subject = subject(missing);
    // A command names another object.
    if subject != format!("{root}/{id}") {
        return None;
    }
    let message =
        || format!("{subject}: no such image; it is static content: ask for /is/content/{subject}");
    content.then(|| Error::unsupported(message()))
}
