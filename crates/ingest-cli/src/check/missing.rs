//! Explains why an image is missing: it is not published, or it exists as another type.

use anyhow::Result;
use azulejo::{
    catalog::Record,
    error::{Error, ErrorKind},
    picture::ObjectId,
};

use super::objects::Objects;

/// An image or static content that a request needs and that does not exist.
#[derive(Debug)]
pub struct MissingObject {
    /// The server's error.
    pub error: Error,
    /// The missing object.
    pub object: ObjectId,
    /// The `Path` of its record.
    pub path: Option<String>,
}

impl MissingObject {
    /// For an error of the look-up itself.
    pub fn of(error: Error) -> Self {
        Self { error, object: ObjectId::default(), path: None }
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

/// The error for an image that exists as an SVG or as static content; `None` if neither exists.
/// `content` tells whether static content with its id exists.
pub async fn other_type(
    missing: &MissingObject,
    content: bool,
    objects: &Objects<'_>,
) -> Result<Option<Error>> {
    let MissingObject { error, object: ObjectId { root, id }, path } = missing;
    // The server's error names the type already.
    if error.kind != ErrorKind::NotFound {
        return Ok(Some(error.clone()));
    }
    let subject = subject(missing);
    // A command names another object.
    if subject != format!("{root}/{id}") {
        return Ok(None);
    }
    if let Some(path) = path.as_deref().map(|path| path.trim_start_matches('/'))
        && let Some(stem) = path.strip_suffix(".svg")
        && objects.has(Record::svg_key(root, stem)).await?
    {
        let message = format!(
            "{subject}: its Path leads to an SVG, which is unsupported; ingest a PNG or TIFF of it"
        );
        return Ok(Some(Error::unsupported(message)));
    }
    let message =
        || format!("{subject}: no such image; it is static content: ask for /is/content/{subject}");
    Ok(content.then(|| Error::unsupported(message())))
}
