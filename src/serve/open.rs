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

/// A resolved request and the pyramid of its object. The outer `None` is a URL without an object
/// and commands.
pub type Opened = Option<(Resolved, Option<OpenSource>)>;

/// An error, and the resolved request if it is available.
pub type Failed = (Error, Option<Box<Resolved>>);

/// Resolves a request and opens its pyramid. If the pyramid is missing, the request is resolved
/// again, because another image may be substituted.
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
        // A request that is refused opens nothing and reads from no remote server.
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

/// Sets the date of the reply to the date of its image, if that is newer.
pub fn date(resolved: &mut Resolved, source: &mut OpenSource) {
    if let Some(modified) = &mut resolved.delivery.last_modified {
        let stored = source.index().ok().and_then(|index| index.modified);
        *modified = modified.max(stored.unwrap_or(*modified));
    }
}

/// Whether the request is for `req=explain`. A request that fails can be one, too.
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
