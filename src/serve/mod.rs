//! The whole pipeline.
//!
//! It has two halves. [`prepare`] resolves the request and finds the version of its source. That is
//! enough to compute the entity tag and look the reply up in a cache. [`Pending::finish`] reads
//! tiles and renders.

mod error;
mod health;
pub mod log;
mod open;
mod pending;
pub mod preview;
mod route;
pub mod settings;
pub mod viewers;

pub use health::health;
pub use pending::{Pending, Prepared};
pub use route::Route;
pub use settings::Settings;

use self::open::{Failed, Opened};
use crate::{
    answers::{self, State, explain::explain, static_content},
    codec::Codecs,
    commands::Reads,
    error::Error,
    http::{HttpReply, HttpRequest, Method},
    reply::{self, ReplyBuilder, Timing},
    resolve,
    sources::{Lookup, Sources},
    store::{FetchBuffer, Store},
};

/// Answers one Image Serving request. Never fails: an error is a reply too.
///
/// `clock` returns milliseconds, which are used for `Server-Timing` only.
pub async fn serve(
    request: &HttpRequest,
    store: &(impl Store + Codecs),
    clock: impl Fn() -> f64,
) -> HttpReply {
    let mut replaced = None;
    // If the object is replaced while it is read, start over once (K5).
    for _ in 0..2 {
        let reply = match prepare(request, store, &clock).await {
            Prepared::Reply(reply) => reply,
            Prepared::Pending(pending) => conclude(request, pending.finish(store).await),
        };
        match static_content::whole(reply, store).await {
            Ok(reply) => return reply,
            Err(error) => replaced = Some(error),
        }
    }
    let error = replaced.unwrap_or_else(|| Error::bug("nothing was answered"));
    conclude(request, answers::error(request, &FetchBuffer::default(), &error, None))
}

/// The first half: resolves the request and finds its source. Replies at once if the reply needs no
/// further reads, or if the client's copy is current.
pub async fn prepare<'a>(
    request: &'a HttpRequest,
    store: &impl Store,
    clock: &'a dyn Fn() -> f64,
) -> Prepared<'a> {
    let answered = |reply| Prepared::Reply(conclude(request, reply));
    if request.method == Method::Other {
        return Prepared::Reply(reply::method_not_allowed());
    }
    if resolve::is_for_content(request) {
        return answered(static_content::content(request, store).await);
    }
    let (mut timing, lookup) = (Timing::new(clock), Lookup::default());
    let opened = open::open(request, store, &lookup).await;
    timing.stage("resolve");
    if open::is_explained(request, store, &lookup, &opened).await {
        return answered(explain(request, store, lookup, timing).await);
    }
    let Opened { resolved, sources } = match opened {
        Ok(None) => return answered(answers::banner(request)),
        Ok(Some(opened)) => opened,
        Err(failed) => return error::prepare(request, store, lookup, timing, failed).await,
    };
    if resolved.answer.reply.kind().reads >= Reads::Plan
        && let Err(error) = resolved.drawable()
    {
        let failed = Failed { error, resolved: Some(Box::new(resolved)) };
        return error::prepare(request, store, lookup, timing, failed).await;
    }
    let tag = reply::entity_tag(&resolved, &sources.versions());
    if reply::is_current(request, &tag, &resolved) {
        return answered(ReplyBuilder::of(&resolved, tag).not_modified());
    }
    if let Some(reply) = answers::at_once(&resolved, request.received_at) {
        return answered(reply);
    }
    timing.stage("open");
    let Sources { main: source, layers } = sources;
    let state = State { request, resolved, source, layers, tag, timing, is_error_image: false };
    Prepared::Pending(Box::new(Pending { state, lookup, stands_for: None }))
}

/// Adapts a reply that [`Pending::finish`] made for all clients to one client: a 304, no body for
/// `HEAD`, a lifetime that ends with the request's signature, no shared caching if private.
pub fn conclude(request: &HttpRequest, reply: HttpReply) -> HttpReply {
    reply::for_client(request, reply)
}

#[cfg(test)]
mod layers;
#[cfg(test)]
mod sharing;
#[cfg(test)]
mod tests;
