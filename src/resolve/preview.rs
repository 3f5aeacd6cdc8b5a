//! Checks whether a client may read a stored object. The requirements that its catalog sets for
//! requests apply to the object itself.

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

/// What a client may read of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Readable {
    /// Whether the client may see the object at all: it is published and not refused.
    pub published: bool,
    /// Its record, if it has one.
    pub record: Option<Record>,
}

/// Looks up an object; an empty id means the catalog alone. Fails if the catalog refuses the client
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
