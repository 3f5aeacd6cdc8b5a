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

/// A resolved request, and the pyramid of its object.
pub struct Opened {
    /// The resolved request.
    pub resolved: Resolved,
    /// The pyramid; `None` if the reply does not need it or it does not exist.
    pub source: Option<OpenSource>,
}

/// A request that failed.
pub struct Failed {
    /// The error.
    pub error: Error,
    /// The resolved request if it is available.
    pub resolved: Option<Box<Resolved>>,
}

/// Resolves a request and opens its pyramid. If the pyramid is missing, the request is resolved
/// again, because another image may be substituted. Returns `None` for a URL without an object and
/// commands.
pub async fn open(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
) -> Result<Option<Opened>, Failed> {
    loop {
        let stage = resolve::read(request, &lookup.buffer);
        let resolved = lookup.run(request, store, stage).await.flatten();
        let resolved = resolved.map_err(|error| Failed { error, resolved: None })?;
        let Some(resolved) = resolved else { return Ok(None) };
        let Ok(key) = resolved.asset.clone() else {
            return Ok(Some(Opened { resolved, source: None }));
        };
        // A request that is refused opens nothing and reads from no remote server.
        let refused =
            resolved.answer.reply.kind().reads >= Reads::Plan && resolved.unsupported.is_some();
        if refused || !resolved.needs_source() {
            return Ok(Some(Opened { resolved, source: None }));
        }
        let record = resolved.answer.record();
        let permitted = Permitted::new(store, &resolved.remote);
        match lookup.source(&key, record, &permitted, request.received_at).await {
            Ok(Some(mut source)) => {
                let mut resolved = resolved;
                date(&mut resolved, &mut source);
                return Ok(Some(Opened { resolved, source: Some(source) }));
            }
            Ok(None) => lookup.buffer.fetched_mut().insert_missing(&key),
            Err(error) => return Err(Failed { error, resolved: Some(Box::new(resolved)) }),
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
    opened: &Result<Option<Opened>, Failed>,
) -> bool {
    let reply = match opened {
        Ok(opened) => opened.as_ref().map(|opened| opened.resolved.answer.reply),
        Err(_) => {
            let form = resolve::error_form(request, &lookup.buffer);
            let form = lookup.run(request, store, form).await.flatten();
            form.ok().and_then(|form| form.reply)
        }
    };
    reply == Some(Reply::Explain)
}
