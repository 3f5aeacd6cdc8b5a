//! Resolves a request and opens its source.

use crate::{
    commands::{Reads, Reply},
    error::{Error, Result},
    http::HttpRequest,
    resolve,
    resolved::Resolved,
    sources::{Lookup, Sources},
    store::Store,
};

/// A resolved request, and its images.
pub struct Opened {
    /// The resolved request.
    pub resolved: Resolved,
    /// The images; none if the reply does not need them or layer 0 has no content.
    pub sources: Sources,
}

/// A request that failed.
pub struct Failed {
    /// The error.
    pub error: Error,
    /// The resolved request if it is available.
    pub resolved: Option<Box<Resolved>>,
}

/// Resolves a request and opens its images. If one of them is missing, the request is resolved
/// again, because another image may be substituted. Returns `None` for a URL without an object and
/// commands.
pub async fn open(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
) -> Result<Option<Opened>, Failed> {
    let mut sources = Sources::default();
    loop {
        let stage = resolve::read(request, &lookup.buffer);
        let resolved = lookup.run(request, store, stage).await.flatten();
        let resolved = resolved.map_err(|error| Failed { error, resolved: None })?;
        let Some(mut resolved) = resolved else { return Ok(None) };
        // A request that is refused opens nothing and reads from no remote server.
        let drawn = resolved.answer.reply.kind().reads >= Reads::Plan;
        if drawn && resolved.drawable().is_err() || !resolved.needs_source() {
            return Ok(Some(Opened { resolved, sources: Sources::default() }));
        }
        match lookup.open(&mut resolved, &mut sources, store, request.received_at).await {
            Ok(true) => {
                sources.date(&mut resolved);
                return Ok(Some(Opened { resolved, sources }));
            }
            Ok(false) => {}
            Err(error) => return Err(Failed { error, resolved: Some(Box::new(resolved)) }),
        }
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
