//! Whether a client may read an object as it is stored: what its catalog demands of requests for
//! the object holds for the object itself.

use super::{
    Lookups,
    access::{self, Named, ObjectKind},
    context,
};
use crate::{
    catalog::Record,
    error::{Error, ErrorKind, Result},
    http::HttpRequest,
    picture::ObjectId,
    store::FetchBuffer,
    time_slice::Work,
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
pub fn readable<'a>(
    request: &'a HttpRequest,
    object: &'a ObjectId,
    buffer: &'a FetchBuffer,
) -> Work<'a, Result<Readable>> {
    Box::pin(async move {
        let ObjectId { root, id } = object;
        let lookups = &Lookups::new(&request.access, buffer);
        let context = context::find_ahead(request, None, lookups).await?;
        if id.is_empty() {
            return Ok(Readable { published: true, record: None });
        }
        let admitted = access::admit(&context, Named::Path, object.clone(), None, lookups).await?;
        let Some(admitted) = admitted else {
            return Ok(Readable { published: false, record: None });
        };
        if admitted.record.is_none() && !admitted.is_direct(ObjectKind::Image) {
            let message = format!("{root}/{id}: the catalog has no such record");
            return Err(Error::new(ErrorKind::Forbidden, message));
        }
        Ok(Readable { published: true, record: admitted.record })
    })
}
