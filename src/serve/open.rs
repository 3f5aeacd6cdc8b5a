//! Resolves a request and opens its source.

use crate::{
    commands::{Reads, Reply},
    error::{Error, Result},
    http::HttpRequest,
    resolve,
    resolved::Resolved,
    sources::{Lookup, OpenSource, Permitted},
    store::Store,
};

/// A resolved request and the pyramid of its object; `None` when nothing was requested.
pub type Opened = Option<(Resolved, Option<OpenSource>)>;

/// An error, and the resolved request where it is known.
pub type Failed = (Error, Option<Box<Resolved>>);

/// Resolves a request and opens its pyramid. A pyramid that was only cached is looked up again
/// where it is not there any more: another image may stand in for it.
pub async fn open(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
) -> Result<Opened, Failed> {
    loop {
        let stage = resolve::read(request, &lookup.buffer);
        let resolved = lookup.run(request, store, stage).await.flatten();
        let resolved = resolved.map_err(|error| (error, None))?;
        let Some(resolved) = resolved else { return Ok(None) };
        let Ok(key) = resolved.asset.clone() else { return Ok(Some((resolved, None))) };
        // What is refused anyway is not opened, and nobody else's server asked for it.
        let refused =
            resolved.answer.reply.kind().reads >= Reads::Plan && resolved.unsupported.is_some();
        if refused || !resolved.needs_source() {
            return Ok(Some((resolved, None)));
        }
        let record = resolved.answer.record.as_ref().map(|(record, _)| record);
        let permitted = Permitted::new(store, &resolved.remote);
        match lookup.source(&key, record, &permitted, request.received_at).await {
            Ok(Some(mut source)) => {
                let mut resolved = resolved;
                date(&mut resolved, &mut source);
                return Ok(Some((resolved, Some(source))));
            }
            Ok(None) => lookup.buffer.fetched_mut().insert_missing(&key),
            Err(error) => return Err((error, Some(Box::new(resolved)))),
        }
    }
}

/// The newest date of a picture is its own, or that of its record and its catalog.
pub fn date(resolved: &mut Resolved, source: &mut OpenSource) {
    if let Some(modified) = &mut resolved.delivery.last_modified {
        let stored = source.index().ok().and_then(|index| index.modified);
        *modified = modified.max(stored.unwrap_or(*modified));
    }
}

/// Whether the request is for an explanation of itself. One that fails may be, too.
pub async fn is_explained(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
    opened: &Result<Opened, Failed>,
) -> bool {
    let reply = match opened {
        Ok(opened) => opened.as_ref().map(|(resolved, _)| resolved.answer.reply),
        Err(_) => {
            let form = resolve::error_form(request, &lookup.buffer);
            let form = lookup.run(request, store, form).await.flatten();
            form.ok().and_then(|form| form.reply)
        }
    };
    reply == Some(Reply::Explain)
}
