//! From the request to its scene and its open source.

use crate::{
    commands::{Reads, Reply},
    error::{Error, Result},
    http::HttpRequest,
    resolve,
    resolved::Resolved,
    sources::{Lookup, Permitted, Source},
    store::Store,
};

/// The scene of a request and the pyramid of its object; `None` when nothing was requested.
pub type Opened = Option<(Resolved, Option<Source>)>;

/// An error, and the scene of the request where it is known.
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
        let scene = lookup.run(request, store, stage).await.flatten();
        let scene = scene.map_err(|error| (error, None))?;
        let Some(scene) = scene else { return Ok(None) };
        let Ok(key) = scene.asset.clone() else { return Ok(Some((scene, None))) };
        // What is refused anyway is not opened, and nobody else's server asked for it.
        let refused = scene.answer.reply.kind().reads >= Reads::Plan && scene.unsupported.is_some();
        if refused || !scene.needs_source() {
            return Ok(Some((scene, None)));
        }
        let record = scene.answer.record.as_ref().map(|(record, _)| record);
        let permitted = Permitted::new(store, &scene.remote);
        match lookup.source(&key, record, &permitted, request.received_at).await {
            Ok(Some(mut source)) => {
                let mut scene = scene;
                date(&mut scene, &mut source);
                return Ok(Some((scene, Some(source))));
            }
            Ok(None) => lookup.buffer.fetched_mut().insert_missing(&key),
            Err(error) => return Err((error, Some(Box::new(scene)))),
        }
    }
}

/// The newest date of a picture is its own, or that of its record and its catalog.
pub fn date(scene: &mut Resolved, source: &mut Source) {
    if let Some(modified) = &mut scene.delivery.last_modified {
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
        Ok(opened) => opened.as_ref().map(|(scene, _)| scene.answer.reply),
        Err(_) => {
            let form = resolve::error_form(request, &lookup.buffer);
            let form = lookup.run(request, store, form).await.flatten();
            form.ok().and_then(|form| form.reply)
        }
    };
    reply == Some(Reply::Explain)
}
