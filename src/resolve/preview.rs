//! Whether a client may read an object as it is stored: what its catalog demands of requests for
//! the object holds for the object itself.

use super::{
    Ask,
    access::{self, Kind, Named},
    main_catalog::main,
};
use crate::{
    catalog::Record,
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
    let Some(main) = main(request, ask)? else {
        if !id.is_empty() {
            access::prefetch(object, None, &request.access, ask)?;
        }
        return Ok(None);
    };
    if id.is_empty() {
        return Ok(Some(Readable { published: true, record: None }));
    }
    let admitted = access::admit(&main, Named::Path, object.clone(), None, &request.access, ask)?;
    let Some(admitted) = admitted else { return Ok(None) };
    let Some(admitted) = admitted else {
        return Ok(Some(Readable { published: false, record: None }));
    };
    if admitted.record.is_none() && !admitted.is_direct(Kind::Image) {
        let message = format!("{root}/{id}: the catalog has no such record");
        return Err(Error::new(ErrorKind::Forbidden, message));
    }
    let record = admitted.record.map(|(record, _)| record);
    Ok(Some(Readable { published: true, record }))
}
