//! Shows an error as its catalog configures: as an image or as text.

use super::{Pending, Prepared, conclude, open::Failed};
use crate::{
    answers::{self, State, disclosed},
    error::{Error, ErrorKind},
    http::{HttpReply, HttpRequest},
    limits,
    reply::{Timing, entity_tag},
    resolve,
    resolved::Resolved,
    sources::{Lookup, Sources},
    store::Store,
};

/// Prepares an error in place of the reply.
pub async fn prepare<'a>(
    request: &'a HttpRequest,
    store: &impl Store,
    lookup: Lookup,
    timing: Timing<'a>,
    failed: Failed,
) -> Prepared<'a> {
    match picture(request, store, lookup, timing, failed).await {
        Ok(pending) => Prepared::Pending(Box::new(pending)),
        Err(reply) => Prepared::Reply(conclude(request, reply)),
    }
}

/// The catalog's error image, ready to be rendered. Without one, `Err` is the error as text.
pub async fn picture<'a>(
    request: &'a HttpRequest,
    store: &impl Store,
    lookup: Lookup,
    timing: Timing<'a>,
    Failed { error, resolved: failed }: Failed,
) -> Result<Pending<'a>, HttpReply> {
    let error = disclosed(request, error);
    let Some((resolved, sources)) = open(request, store, &lookup, &error).await else {
        return Err(answers::error(request, &lookup.buffer, &error, failed.as_deref()));
    };
    let tag = entity_tag(&resolved, &sources.versions());
    let Sources { main: source, layers } = sources;
    let state = State { request, resolved, source, layers, tag, timing, is_error_image: true };
    Ok(Pending { state, lookup, stands_for: Some(Failed { error, resolved: failed }) })
}

/// Resolves the error image and opens its images, those that its SVGs embed too; `None` if there is
/// no error image, or if it fails.
async fn open(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
    error: &Error,
) -> Option<(Resolved, Sources)> {
    // A request that is refused for lack of memory gets no error image, which would need memory.
    if error.kind == ErrorKind::Busy {
        return None;
    }
    let mut sources = Sources::default();
    for _ in 0..=limits::NESTING_MAX {
        let stage = resolve::error_image(request, &lookup.buffer, error);
        let mut resolved = lookup.run(request, store, stage).await.flatten().ok()??;
        if resolved.drawable().is_err() || resolved.missing_image().is_some() {
            return None;
        }
        if lookup.open(&mut resolved, &mut sources, store, request.received_at).await.ok()? {
            return Some((resolved, sources));
        }
    }
    None
}
