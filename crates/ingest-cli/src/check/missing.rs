//! Why an image is not there: it is not published, or it is there as something else.

use anyhow::Result;
use azulejo::{
    catalog::Record,
    error::{Error, ErrorKind},
    picture::ObjectId,
};

use super::objects::Objects;

/// An image, or static content, that a request lacks.
#[derive(Debug)]
pub struct Lack {
    /// The server's error.
    pub error: Error,
    /// What is lacking.
    pub object: ObjectId,
    /// The `Path` of its record.
    pub path: Option<String>,
}

impl Lack {
    /// A lack that the look-up itself ended with.
    pub fn of(error: Error) -> Self {
        Self { error, object: ObjectId::default(), path: None }
    }
}

/// The error of an image that only a test context shows.
pub fn unpublished(lack: &Lack) -> Error {
    let message = format!("{}: it is in the store, and not published", subject(lack));
    Error::new(ErrorKind::NotFound, message)
}

/// What the error is about: the object, or the command that names it.
fn subject(lack: &Lack) -> &str {
    lack.error.message.split(": ").next().unwrap_or_default()
}

/// The error of an image that is there as an SVG or as static content; `None` where it is missing.
/// `content` says whether there is static content of its id.
pub async fn another(lack: &Lack, content: bool, objects: &Objects<'_>) -> Result<Option<Error>> {
    let Lack { error, object: ObjectId { root, id }, path } = lack;
    // The server knows already what it is.
    if error.kind != ErrorKind::NotFound {
        return Ok(Some(error.clone()));
    }
    let subject = subject(lack);
    // Another object that a command names.
    if subject != format!("{root}/{id}") {
        return Ok(None);
    }
    if let Some(path) = path.as_deref().map(|path| path.trim_start_matches('/'))
        && let Some(stem) = path.strip_suffix(".svg")
        && objects.has(Record::svg_key(root, stem)).await?
    {
        let message = format!(
            "{subject}: its Path leads to an SVG, which is not drawn yet; ingest a PNG or TIFF of it"
        );
        return Ok(Some(Error::unsupported(message)));
    }
    let message =
        || format!("{subject}: no such image; it is static content: ask for /is/content/{subject}");
    Ok(content.then(|| Error::unsupported(message())))
}
