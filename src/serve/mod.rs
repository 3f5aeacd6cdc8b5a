//! The whole pipeline on one screen.
//!
//! It has two halves. [`prepare`] finds out what is asked for, and of which version of its
//! source: enough to name the reply, so that a cache can be asked for it. [`Pending::finish`]
//! reads tiles and draws.

mod source;
mod timing;

use source::Source;
use timing::Timing;

use crate::{
    catalog::Catalog,
    codec,
    commands::Reply,
    error::{Error, ErrorKind, Result},
    http::{HttpReply, HttpRequest, Method},
    plan::{self, Plan},
    pyramid::Index,
    render, reply, resolve,
    scene::Scene,
    store::{self, Read, Store},
};

/// Answers one Image Serving request. Never fails: an error is a reply too.
///
/// `clock` tells milliseconds, for `Server-Timing` only.
pub async fn serve(
    request: &HttpRequest,
    store: &impl Store,
    clock: impl Fn() -> f64,
) -> HttpReply {
    match prepare(request, store, &clock).await {
        Prepared::Reply(reply) => reply,
        Prepared::Pending(pending) => pending.finish(store).await,
    }
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
    detail: u8,
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
    let catalog = Catalog::builtin();
    let detail = catalog.attributes.error_detail;
    let mut timing = Timing::new(clock);
    let reply = |reply| Prepared::Reply(conclude(request, reply));
    let scene = match resolve::read(request, catalog) {
        Ok(None) => return reply(reply::banner(request)),
        Ok(Some(scene)) => scene,
        Err(error) => return reply(reply::error(&error, None, detail)),
    };
    timing.stage("resolve");
    if !scene.reply.needs_source() {
        return reply(reply::without_source(&scene, request.received_at));
    }
    if scene.reply.draws()
        && let Err(error) = scene.drawable()
    {
        return reply(reply::error(&error, Some(&scene), detail));
    }
    let source = match find(&scene, store, request.received_at, false).await {
        Ok(source) => source,
        Err(error) => return reply(reply::error(&error, Some(&scene), detail)),
    };
    timing.stage("open");
    let tag = reply::entity_tag(&scene.canonical, source.as_ref().map(|source| &source.version));
    if reply::matches(request.if_none_match.as_deref(), &tag) {
        return reply(reply::not_modified(&scene, tag));
    }
    Prepared::Pending(Box::new(Pending { request, scene, source, tag, timing, detail }))
}

impl Pending<'_> {
    /// The entity tag the reply will have: it names request and version, so it is the key of
    /// any cache, whose entry is right for as long as it is found.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// Whether a shared cache may keep the reply.
    pub fn is_cacheable(&self) -> bool {
        self.scene.expiration != Some(0)
    }

    /// The second half: reads, draws, encodes.
    pub async fn finish(mut self: Box<Self>, store: &impl Store) -> HttpReply {
        let answered = match self.answer(store).await {
            // The object was replaced under our hands: once more, from the start (K5).
            Err(Error { kind: ErrorKind::Changed, .. }) => self.answer_anew(store).await,
            answered => answered,
        };
        let error = |error| reply::error(&error, Some(&self.scene), self.detail);
        conclude(self.request, answered.unwrap_or_else(error))
    }

    async fn answer_anew(&mut self, store: &impl Store) -> Result<HttpReply> {
        self.source = find(&self.scene, store, self.request.received_at, true).await?;
        let version = self.source.as_ref().map(|source| &source.version);
        self.tag = reply::entity_tag(&self.scene.canonical, version);
        self.answer(store).await
    }

    /// Every kind of reply is a part of this pipeline plus a printer.
    async fn answer(&mut self, store: &impl Store) -> Result<HttpReply> {
        let Self { scene, source, timing, .. } = self;
        let (tag, now) = (self.tag.clone(), self.request.received_at);
        let Some(source) = source else {
            if scene.reply == Reply::Exists {
                return Ok(reply::exists(scene, false, tag, now));
            }
            let message = format!("{}/{}: no such image", scene.object.root, scene.object.id);
            return Err(Error::new(ErrorKind::NotFound, message));
        };
        if scene.reply == Reply::Exists {
            return Ok(reply::exists(scene, true, tag, now));
        }
        let index = source.index()?;
        if scene.reply == Reply::ImageProps {
            let resolution = Catalog::builtin().attributes.resolution;
            return Ok(reply::image_properties(scene, &index, resolution, tag, now));
        }
        if scene.reply == Reply::Xmp {
            let packet = source.span(index.xmp, store).await?;
            return Ok(reply::xmp(scene, packet, tag));
        }
        let known = &source.known;
        let held =
            |range| known.object(&source.key).flatten().is_some_and(|o| o.get(range).is_some());
        let plan = plan::plan(scene, &index, held)?;
        timing.stage("plan");
        if scene.reply == Reply::Props {
            return Ok(reply::reply_properties(scene, &index, &plan, tag, now));
        }
        fetch(source, &index, &plan, store).await?;
        timing.stage("fetch");
        let object = source.known.object(&source.key).flatten();
        let level = plan.draw.as_ref().and_then(|draw| index.levels.get(draw.level));
        let tile = |number: usize| object?.get(level?.tiles.get(number)?.to_owned().into());
        let raster = render::render(scene, &index, plan, tile)?;
        timing.stage("render");
        let body = codec::encode(&scene.output, &raster)?;
        timing.stage("encode");
        if scene.reply == Reply::LoadCache {
            return Ok(reply::length(scene, body.len(), tag, now));
        }
        Ok(reply::image(scene, tag, timing.header(), body))
    }
}

async fn find(scene: &Scene, store: &impl Store, now: f64, fresh: bool) -> Result<Option<Source>> {
    source::find(&scene.object.asset_key(), store, now, fresh).await
}

async fn fetch(source: &mut Source, index: &Index, plan: &Plan, store: &impl Store) -> Result<()> {
    let version = Some(index.version.clone());
    let read = |&range| Read { key: source.key.clone(), range, version: version.clone() };
    let reads = plan.reads.iter().map(read).collect();
    store::fetch(store, &mut source.known, reads).await
}

/// What the method and the client's own copy make of a reply.
fn conclude(request: &HttpRequest, mut reply: HttpReply) -> HttpReply {
    if reply.status == 200
        && reply::matches(request.if_none_match.as_deref(), reply.header("etag").unwrap_or(""))
    {
        reply.status = 304;
        reply.body.clear();
    }
    if request.method == Method::Head && !reply.body.is_empty() {
        reply.headers.push(("content-length", reply.body.len().to_string()));
        reply.body.clear();
    }
    reply
}

#[cfg(test)]
mod tests;
