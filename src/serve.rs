//! The whole pipeline on one screen.

use crate::{
    catalog::Catalog,
    codec,
    commands::Reply,
    error::{Error, ErrorKind, Result},
    http::{HttpReply, HttpRequest, Method},
    plan::{self, Plan},
    pyramid::{self, Index},
    render, reply, resolve,
    scene::Scene,
    store::{self, Known, Read, Store},
};

/// Answers one Image Serving request. Never fails: an error is a reply too.
///
/// `clock` tells milliseconds, for `Server-Timing` only.
pub async fn serve(
    request: &HttpRequest,
    store: &impl Store,
    clock: impl Fn() -> f64,
) -> HttpReply {
    if request.method == Method::Other {
        return reply::method_not_allowed();
    }
    let catalog = Catalog::builtin();
    let detail = catalog.attributes.error_detail;
    let mut timing = Timing::new(&clock);
    let mut reply = match resolve::read(request, catalog) {
        Ok(None) => reply::banner(request),
        Ok(Some(scene)) => {
            timing.stage("resolve");
            let answered = match answer(request, &scene, store, &mut timing, false).await {
                // The object was replaced under our hands: once more, from the start (K5).
                Err(Error { kind: ErrorKind::Changed, .. }) => {
                    answer(request, &scene, store, &mut timing, true).await
                }
                answered => answered,
            };
            answered.unwrap_or_else(|error| reply::error(&error, Some(&scene), detail))
        }
        Err(error) => reply::error(&error, None, detail),
    };
    if reply.status == 200
        && reply::matches(request.if_none_match.as_deref(), reply.header("etag").unwrap_or(""))
    {
        reply.status = 304;
        reply.body.clear();
    }
    if request.method == Method::Head {
        reply.headers.push(("content-length", reply.body.len().to_string()));
        reply.body.clear();
    }
    reply
}

/// Every kind of reply is a part of this pipeline plus a printer.
async fn answer(
    request: &HttpRequest,
    scene: &Scene,
    store: &impl Store,
    timing: &mut Timing<'_>,
    fresh: bool,
) -> Result<HttpReply> {
    if scene.reply == Reply::Resolve {
        return Ok(reply::resolved(scene));
    }
    if matches!(scene.reply, Reply::Img | Reply::Props) {
        scene.drawable()?;
    }
    let now = request.received_at;
    let mut known = Known::default();
    let index = match open(scene, store, &mut known, fresh).await {
        Err(error) if error.kind == ErrorKind::NotFound && scene.reply == Reply::Exists => {
            return Ok(reply::exists(scene, None, now));
        }
        opened => opened?,
    };
    timing.stage("open");
    match scene.reply {
        Reply::Exists => return Ok(reply::exists(scene, Some(&index), now)),
        Reply::ImageProps => {
            let resolution = Catalog::builtin().attributes.resolution;
            return Ok(reply::image_properties(scene, &index, resolution, now));
        }
        Reply::Img | Reply::Props | Reply::Resolve => {}
    }
    let tag = reply::entity_tag(&scene.canonical, Some(&index.version));
    if scene.reply == Reply::Img && reply::matches(request.if_none_match.as_deref(), &tag) {
        return Ok(reply::not_modified(scene, tag));
    }
    let key = scene.object.asset_key();
    let held = |range| known.object(&key).flatten().is_some_and(|o| o.get(range).is_some());
    let plan = plan::plan(scene, &index, held)?;
    timing.stage("plan");
    if scene.reply == Reply::Props {
        return Ok(reply::reply_properties(scene, &index, &plan, now));
    }
    fetch(&key, &index, &plan, store, &mut known).await?;
    timing.stage("fetch");
    let object = known.object(&key).flatten();
    let level = plan.draw.as_ref().and_then(|draw| index.levels.get(draw.level));
    let tile = |number: usize| object?.get(level?.tiles.get(number)?.to_owned().into());
    let raster = render::render(scene, &index, plan, tile)?;
    timing.stage("render");
    let body = codec::encode(&scene.output, &raster)?;
    timing.stage("encode");
    Ok(reply::image(scene, tag, timing.header(), body))
}

/// The pyramid's index: remembered, or read.
async fn open(scene: &Scene, store: &impl Store, known: &mut Known, fresh: bool) -> Result<Index> {
    let key = scene.object.asset_key();
    if !fresh
        && let Some(bytes) = store.recall(&key).await
        && let Some(index) = Index::from_bytes(&bytes)
    {
        known.expect(&key, index.version.clone(), index.len, index.modified);
        return Ok(index);
    }
    let opened = store::fulfil(store, known, |known| pyramid::open(&key, known)).await;
    let index = opened.map_err(|error| {
        if error.kind == ErrorKind::NotFound {
            let message = format!("{}/{}: no such image", scene.object.root, scene.object.id);
            return Error::new(ErrorKind::NotFound, message);
        }
        error
    })?;
    store.remember(&key, &index.to_bytes()).await;
    Ok(index)
}

async fn fetch(
    key: &str,
    index: &Index,
    plan: &Plan,
    store: &impl Store,
    known: &mut Known,
) -> Result<()> {
    let read = |&range| Read { key: key.to_owned(), range, version: Some(index.version.clone()) };
    store::fetch(store, known, plan.reads.iter().map(read).collect()).await
}

/// Milliseconds of each stage, as `Server-Timing` has them.
struct Timing<'a> {
    clock: &'a dyn Fn() -> f64,
    last: f64,
    stages: Vec<String>,
}

impl<'a> Timing<'a> {
    fn new(clock: &'a dyn Fn() -> f64) -> Self {
        Self { clock, last: clock(), stages: Vec::new() }
    }

    fn stage(&mut self, name: &str) {
        let now = (self.clock)();
        self.stages.push(format!("{name};dur={:.1}", now - self.last));
        self.last = now;
    }

    fn header(&self) -> String {
        self.stages.join(", ")
    }
}
