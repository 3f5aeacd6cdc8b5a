//! The whole pipeline on one screen.
//!
//! It has two halves. [`prepare`] finds out what is asked for, and of which version of its
//! source: enough to name the reply, so that a cache can be asked for it. [`Pending::finish`]
//! reads tiles and draws.

mod answer;
mod content;
mod explain;
pub mod preview;
mod timing;

use timing::Timing;

use crate::{
    codec::Codecs,
    commands::Reads,
    error::{Error, ErrorKind, Result},
    http::{HttpReply, HttpRequest, Method, Signing},
    reply::{self, Bounds},
    resolve,
    scene::{Audience, Scene},
    sources::{self, Lookup, Permitted, Source},
    store::{FetchBuffer, Fetched, Store},
};

/// Answers one Image Serving request. Never fails: an error is a reply too.
///
/// `clock` tells milliseconds, for `Server-Timing` only.
pub async fn serve(
    request: &HttpRequest,
    store: &(impl Store + Codecs),
    clock: impl Fn() -> f64,
) -> HttpReply {
    let mut replaced = None;
    // Where the object is replaced under our hands, once more, from the start (K5).
    for _ in 0..2 {
        let reply = match prepare(request, store, &clock).await {
            Prepared::Reply(reply) => reply,
            Prepared::Pending(pending) => conclude(request, pending.finish(store).await),
        };
        match content::whole(reply, store).await {
            Ok(reply) => return reply,
            Err(error) => replaced = Some(error),
        }
    }
    let error = replaced.unwrap_or_else(|| Error::bug("nothing was answered"));
    conclude(request, refused(request, &FetchBuffer::default(), &error, None))
}

/// A request half way.
pub enum Prepared<'a> {
    /// It is answered: an error, a 304, or what no cache may keep.
    Reply(HttpReply),
    /// It takes more reading; a cache may have the reply.
    Pending(Box<Pending<'a>>),
}

/// A request that is understood, its source found, and nothing drawn yet.
pub struct Pending<'a> {
    request: &'a HttpRequest,
    scene: Scene,
    source: Option<Source>,
    tag: String,
    timing: Timing<'a>,
    lookup: Lookup,
    /// The error that this is the picture of, and what was asked for.
    stands_for: Option<Failed>,
}

/// The first half: resolves the request and finds its source.
pub async fn prepare<'a>(
    request: &'a HttpRequest,
    store: &impl Store,
    clock: &'a dyn Fn() -> f64,
) -> Prepared<'a> {
    if request.method == Method::Other {
        return Prepared::Reply(reply::method_not_allowed());
    }
    if resolve::is_for_content(request) {
        return Prepared::Reply(content::content(request, store).await);
    }
    let mut timing = Timing::new(clock);
    let lookup = Lookup::default();
    let found = resolve(request, store, &lookup).await;
    timing.stage("resolve");
    if explain::is_asked(request, store, &lookup, &found).await {
        return Prepared::Reply(explain::explain(request, store, lookup, timing).await);
    }
    let (scene, source) = match found {
        Ok(None) => return Prepared::Reply(conclude(request, reply::banner(request))),
        Ok(Some(found)) => found,
        Err(failed) => return picture_or_text(request, store, lookup, timing, failed).await,
    };
    if scene.reply.kind().reads >= Reads::Plan
        && let Err(error) = scene.drawable()
    {
        let failed = (error, Some(Box::new(scene)));
        return picture_or_text(request, store, lookup, timing, failed).await;
    }
    let answered = |reply| Prepared::Reply(conclude(request, dressed(Some(&scene), reply)));
    if !scene.needs_source() {
        let reply = reply::without_source(&scene, request.received_at);
        return answered(unless_held(request, &scene, reply));
    }
    timing.stage("open");
    let tag = tag(&scene, source.as_ref());
    if reply::is_held(request, &tag, &scene) {
        return answered(reply::not_modified(&scene, tag));
    }
    let stands_for = None;
    let pending = Pending { request, scene, source, tag, timing, lookup, stands_for };
    Prepared::Pending(Box::new(pending))
}

/// The scene of a request and the pyramid of its object; `None` when nothing was asked for.
type Found = Option<(Scene, Option<Source>)>;

/// An error, and what was asked for as far as that is known.
type Failed = (Error, Option<Box<Scene>>);

/// What is asked for, and its pyramid. A pyramid that was only remembered is looked up again
/// where it is not there any more: another image may stand in for it.
async fn resolve(
    request: &HttpRequest,
    store: &impl Store,
    lookup: &Lookup,
) -> Result<Found, Failed> {
    loop {
        let stage = resolve::read(request, &lookup.buffer);
        let scene = lookup.run(request, store, stage).await.flatten();
        let scene = scene.map_err(|error| (error, None))?;
        let Some(scene) = scene else { return Ok(None) };
        let Ok(key) = scene.asset.clone() else { return Ok(Some((scene, None))) };
        // What is refused anyway is not opened, and nobody else's server asked for it.
        let refused = scene.reply.kind().reads >= Reads::Plan && scene.undrawn.is_some();
        if refused || !scene.needs_source() {
            return Ok(Some((scene, None)));
        }
        let record = scene.record.as_ref().map(|(record, _)| record);
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

/// The newest date of a picture is its own, or that of what is said of it.
fn date(scene: &mut Scene, source: &mut Source) {
    if let Some(modified) = &mut scene.last_modified {
        let stored = source.index().ok().and_then(|index| index.modified);
        *modified = modified.max(stored.unwrap_or(*modified));
    }
}

/// An error, as its catalog shows it.
async fn picture_or_text<'a>(
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

/// The catalog's picture of an error, ready to be drawn; else the error's text.
async fn picture<'a>(
    request: &'a HttpRequest,
    store: &impl Store,
    lookup: Lookup,
    timing: Timing<'a>,
    (error, asked): Failed,
) -> Result<Pending<'a>, HttpReply> {
    let error = told(request, error);
    // Who is turned away for want of memory is not drawn a picture.
    if error.kind != ErrorKind::Busy
        && let stage = resolve::error_scene(request, &lookup.buffer, &error)
        && let Ok(Some(scene)) = lookup.run(request, store, stage).await.flatten()
        && scene.drawable().is_ok()
        && let Ok(key) = scene.asset.clone()
        && let permitted = Permitted::new(store, &scene.remote)
        && let Ok(Some(source)) = lookup.source(&key, None, &permitted, request.received_at).await
    {
        let tag = tag(&scene, Some(&source));
        let source = Some(source);
        let stands_for = Some((error, asked));
        return Ok(Pending { request, scene, source, tag, timing, lookup, stands_for });
    }
    Err(refused(request, &lookup.buffer, &error, asked.as_deref()))
}

/// The error as the client may read it: where requests are signed, the names of presets are a secret.
fn told(request: &HttpRequest, error: Error) -> Error {
    if request.access.signing == Signing::Off { error.listed() } else { error }
}

/// The text of an error, in the format that was asked for, the same for every client.
fn refused(
    request: &HttpRequest,
    buffer: &FetchBuffer,
    error: &Error,
    asked: Option<&Scene>,
) -> HttpReply {
    let (format, id) = match asked {
        Some(scene) => (scene.format, scene.jsonp.0.clone()),
        None => {
            let form = buffer.at_once(resolve::error_form(request, buffer));
            form.and_then(Result::ok).map(|form| (form.format, form.id)).unwrap_or_default()
        }
    };
    let policy = resolve::error_policy(request, buffer);
    let mut reply = reply::error(error, (format, &id), policy);
    if let Some(scene) = asked {
        reply.set_headers(&scene.headers);
    }
    reply::sandbox(&mut reply);
    reply
}

fn tag(scene: &Scene, source: Option<&Source>) -> String {
    reply::entity_tag(scene, source.map(|source| &source.version))
}

impl Pending<'_> {
    /// The entity tag the reply will have: it holds all that makes the reply differ from others, so
    /// it is the key of any cache over one store, whose entry is right for as long as it is found.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// What bounds the copy of the client who asks, wherever the reply comes from.
    pub fn bounds(&self) -> Bounds {
        Bounds::of(self.request, self.scene.audience.is_private())
    }

    /// Whether a shared cache may keep the reply.
    pub fn is_cacheable(&self) -> bool {
        self.scene.expiration != Some(0) && self.scene.audience != Audience::OneClient
    }

    /// Whether it is the picture that stands for an error. It is drawn once and remembered, though
    /// no cache outside may keep the reply.
    pub fn is_error_image(&self) -> bool {
        self.stands_for.is_some()
    }

    /// The second half: reads, draws, encodes. The reply is the same for all who ask for it,
    /// whatever conditions and methods they ask with; [`conclude`] makes each his own of it.
    pub async fn finish(mut self: Box<Self>, store: &(impl Store + Codecs)) -> HttpReply {
        let error = match self.drawn(store).await {
            Ok(reply) => return dressed(Some(&self.scene), reply),
            Err(error) => error,
        };
        let Self { request, scene, timing, lookup, stands_for, .. } = *self;
        if let Some((error, asked)) = stands_for {
            // The picture of an error failed in its turn.
            return refused(request, &lookup.buffer, &error, asked.as_deref());
        }
        let asked = Some(Box::new(scene));
        match picture(request, store, lookup, timing, (error, asked)).await {
            Ok(pending) => Box::pin(Box::new(pending).finish(store)).await,
            Err(reply) => reply,
        }
    }

    async fn drawn(&mut self, store: &(impl Store + Codecs)) -> Result<HttpReply> {
        let mut again = true;
        loop {
            match self.answer(store).await {
                // The object was replaced under our hands: once more, from the start (K5).
                Err(Error { kind: ErrorKind::Changed, .. }) if again => self.reopen(store).await?,
                answered => return answered,
            }
            again = false;
        }
    }

    async fn reopen(&mut self, store: &impl Store) -> Result<()> {
        let key = self.scene.asset.clone()?;
        let now = self.request.received_at;
        let permitted = Permitted::new(store, &self.scene.remote);
        self.source = sources::find(&key, &permitted, now, Fetched::default(), None).await?;
        if let Some(source) = &mut self.source {
            date(&mut self.scene, source);
        }
        self.tag = tag(&self.scene, self.source.as_ref());
        Ok(())
    }
}

/// The reply with what its rules and its catalog add, the same for every client.
fn dressed(scene: Option<&Scene>, mut reply: HttpReply) -> HttpReply {
    if let Some(scene) = scene {
        if matches!(reply.status, 200 | 206 | 304)
            && let Some(modified) = reply::last_modified(scene)
        {
            reply.headers.push(("last-modified", modified));
        }
        reply.private = scene.audience.is_private();
        reply.set_headers(&scene.headers);
    }
    reply::sandbox(&mut reply);
    reply
}

/// The reply, or a 304 where the client has it.
fn unless_held(request: &HttpRequest, scene: &Scene, reply: HttpReply) -> HttpReply {
    match reply.header("etag").filter(|tag| reply::is_held(request, tag, scene)) {
        Some(tag) if reply.status == 200 => reply::not_modified(scene, tag.to_owned()),
        Some(_) | None => reply,
    }
}

/// What one client gets of a reply that [`Pending::finish`] gave for all who ask for it: a 304, no
/// body for HEAD, no longer life than its signature has.
pub fn conclude(request: &HttpRequest, reply: HttpReply) -> HttpReply {
    reply::for_client(request, reply)
}

#[cfg(test)]
mod sharing;
#[cfg(test)]
mod tests;
