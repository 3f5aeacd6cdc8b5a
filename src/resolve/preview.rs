//! Whether a client may read an object as it is stored: what its catalog demands of requests for
//! the object holds for the object itself.

use super::{Ask, main_catalog::main};
use crate::{
    catalog::{Record, is_image_allowed},
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    scene::ObjectId,
    store::{Known, Step},
};

/// The record of an object that the client may read, with its version; `None` where there is none
/// or the public is not shown the object.
#[derive(Debug, Clone, PartialEq)]
pub struct Readable {
    /// Whether the object is shown at all.
    pub published: bool,
    /// Its record.
    pub record: Option<Record>,
}

/// Looks an object up, which may be a catalog alone. An error where its catalog refuses the client:
/// by rules, address filter, lock, or direct access.
pub fn readable(request: &HttpRequest, object: &ObjectId, known: &Known) -> Result<Step<Readable>> {
    let mut ask = Ask::new(known);
    let answer = answer(request, object, &mut ask)?;
    Ok(ask.step(answer))
}

fn answer(request: &HttpRequest, object: &ObjectId, ask: &mut Ask) -> Result<Option<Readable>> {
    let ObjectId { root, id } = object;
    let record = if id.is_empty() { Some(None) } else { ask.record(root, id)? };
    let Some(main) = main(request, ask)? else { return Ok(None) };
    let Some(record) = record else { return Ok(None) };
    let record = record.map(|(record, _)| record);
    if record.is_none() && !id.is_empty() && !is_image_allowed(&main.attributes) {
        let message = format!("{root}/{id}: the catalog has no such record");
        return Err(Error::new(ErrorKind::Forbidden, message));
    }
    let shown = |record: &Record| record.is_published() || request.access.unpublished;
    Ok(Some(Readable { published: record.as_ref().is_none_or(shown), record }))
}
