//! The whole pipeline on one screen.

use std::collections::HashMap;

use crate::{
    codec,
    commands::Reply,
    error::{Error, ErrorKind, Result},
    http::{HttpReply, HttpRequest, Method},
    limits,
    plan::{self, Plan},
    pyramid::{self, Index},
    render, reply, resolve,
    scene::Scene,
    store::{self, Known, Read, Step, Store},
};

/// Answers one Image Serving request. Never fails: an error is a reply too.
///
/// `clock` tells milliseconds, for `Server-Timing` only.
pub async fn serve(
    request: &HttpRequest,
    store: &impl Store,
    clock: impl Fn() -> f64,
) -> HttpReply {
    prepare(request, store, clock).await.answer().await
}

/// Looks up all that decides what a request is: catalogs, record, whether there is an image.
pub async fn prepare<'a, S: Store, C: Fn() -> f64>(
    request: &'a HttpRequest,
    store: &'a S,
    clock: C,
) -> Prepared<'a, S, C> {
    let mut found = Found::default();
    let mut timing = Timing::new(&clock);
    let asked = match request.method {
        Method::Other => Ok(None),
        Method::Get | Method::Head => {
            found.look_up(request, store, |known| resolve::read(request, known)).await
        }
    };
    timing.stage("resolve", &clock);
    Prepared { request, store, clock, found, timing, asked }
}

/// A request that is understood, or is known to be in error.
pub struct Prepared<'a, S, C> {
    request: &'a HttpRequest,
    store: &'a S,
    clock: C,
    found: Found,
    timing: Timing,
    asked: Result<Option<Scene>>,
}

impl<S: Store, C: Fn() -> f64> Prepared<'_, S, C> {
    /// The key under which the reply may be cached; equal for requests that mean the same.
    /// `None` for what is no image request, and for what is in error.
    pub fn cache_key(&self) -> Option<String> {
        reply::cache_key(self.asked.as_ref().ok()?.as_ref()?)
    }

    /// Draws the reply.
    pub async fn answer(mut self) -> HttpReply {
        let request = self.request;
        if request.method == Method::Other {
            return reply::method_not_allowed();
        }
        let asked = std::mem::replace(&mut self.asked, Ok(None));
        let mut reply = match &asked {
            Ok(None) => reply::banner(request),
            Ok(Some(scene)) => match self.draw(scene).await {
                Ok(reply) => reply,
                Err(error) => self.failed(&error, Some(scene)).await,
            },
            Err(error) => self.failed(error, None).await,
        };
        if let Ok(Some(scene)) = &asked {
            reply.set_headers(&scene.headers);
        }
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

    async fn draw(&mut self, scene: &Scene) -> Result<HttpReply> {
        let Self { request, store, found, timing, clock, .. } = self;
        match answer(request, scene, *store, (&mut *timing, &*clock), found).await {
            // The object was replaced under our hands: once more, from the start (K5).
            Err(Error { kind: ErrorKind::Changed, .. }) => {
                *found = Found { fresh: true, ..Found::default() };
                answer(request, scene, *store, (timing, clock), found).await
            }
            answered => answered,
        }
    }

    /// The catalog's picture of the error, or its text. A picture that fails in its turn is text.
    async fn failed(&mut self, error: &Error, scene: Option<&Scene>) -> HttpReply {
        let request = self.request;
        let read = |known: &Known| resolve::error_scene(request, known, error);
        let picture = self.found.look_up(request, self.store, read).await;
        if let Ok(Some(picture)) = picture
            && let Ok(reply) = self.draw(&picture).await
        {
            return reply;
        }
        let detail = resolve::error_detail(request, &self.found.known);
        reply::error(error, scene, detail)
    }
}

/// What has been read for a request.
#[derive(Debug, Default)]
struct Found {
    known: Known,
    /// Indexes that were remembered, by key.
    indexes: HashMap<String, Index>,
    /// Nothing that is remembered of pyramids is trusted.
    fresh: bool,
}

impl Found {
    /// Runs a stage that asks for catalogs, records and pyramids until it is done.
    async fn look_up<T>(
        &mut self,
        request: &HttpRequest,
        store: &impl Store,
        mut stage: impl FnMut(&Known) -> Result<Step<T>>,
    ) -> Result<T> {
        for _ in 0..limits::ROUNDS {
            match stage(&self.known)? {
                Step::Done(done) => return Ok(done),
                Step::Needs(reads) => self.read(request, store, reads).await?,
            }
        }
        Err(Error::too_large("the catalogs lead from one to the other without an end"))
    }

    async fn read(
        &mut self,
        request: &HttpRequest,
        store: &impl Store,
        reads: Vec<Read>,
    ) -> Result<()> {
        let Self { known, indexes, fresh } = self;
        // A remembered index says that the pyramid is there, and how to read it.
        let recall = |known: &mut Known, key: &str, bytes: &[u8]| {
            if !*fresh && let Some(index) = Index::from_bytes(bytes) {
                known.expect(key, index.version.clone(), index.len, index.modified);
                indexes.insert(key.to_owned(), index);
            }
        };
        let now = request.received_at;
        store::fetch_remembered(store, known, reads, (is_small, recall), now).await
    }

    /// The pyramid's index: remembered, or read.
    async fn open(&mut self, scene: &Scene, store: &impl Store) -> Result<Index> {
        let key = scene.asset.as_ref().map_err(Error::clone)?;
        if let Some(index) = self.indexes.get(key) {
            return Ok(index.clone());
        }
        let known = &mut self.known;
        let opened = store::fulfil(store, known, |known| pyramid::open(key, known)).await;
        let index = opened.map_err(|error| {
            if error.kind == ErrorKind::NotFound {
                let message = format!("{}/{}: no such image", scene.object.root, scene.object.id);
                return Error::new(ErrorKind::NotFound, message);
            }
            error
        })?;
        store.remember(key, &index.to_bytes()).await;
        Ok(index)
    }
}

/// Catalogs and records are small and shared; pyramids are neither.
fn is_small(key: &str) -> bool {
    key.starts_with("catalogs/") || key.starts_with("records/")
}

/// Every kind of reply is a part of this pipeline plus a printer.
async fn answer(
    request: &HttpRequest,
    scene: &Scene,
    store: &impl Store,
    (timing, clock): (&mut Timing, &impl Fn() -> f64),
    found: &mut Found,
) -> Result<HttpReply> {
    if scene.reply == Reply::Resolve {
        return Ok(reply::resolved(scene));
    }
    let now = request.received_at;
    let index = match found.open(scene, store).await {
        Err(error) if error.kind == ErrorKind::NotFound && scene.reply == Reply::Exists => {
            return Ok(reply::exists(scene, None, now));
        }
        opened => opened?,
    };
    timing.stage("open", clock);
    match scene.reply {
        Reply::Exists => return Ok(reply::exists(scene, Some(&index), now)),
        Reply::ImageProps => {
            return Ok(reply::image_properties(scene, &index, scene.resolution, now));
        }
        Reply::Img | Reply::Props | Reply::Resolve => {}
    }
    let tag = reply::entity_tag(&scene.identity(), Some(&index.version));
    if scene.reply == Reply::Img && reply::matches(request.if_none_match.as_deref(), &tag) {
        return Ok(reply::not_modified(scene, tag));
    }
    let key = scene.asset.clone()?;
    let known = &mut found.known;
    let held = |range| known.object(&key).flatten().is_some_and(|o| o.get(range).is_some());
    let plan = plan::plan(scene, &index, held)?;
    timing.stage("plan", clock);
    if scene.reply == Reply::Props {
        return Ok(reply::reply_properties(scene, &index, &plan, now));
    }
    fetch(&key, &index, &plan, store, known).await?;
    timing.stage("fetch", clock);
    let object = known.object(&key).flatten();
    let level = plan.draw.as_ref().and_then(|draw| index.levels.get(draw.level));
    let tile = |number: usize| object?.get(level?.tiles.get(number)?.to_owned().into());
    let raster = render::render(scene, &index, plan, tile)?;
    timing.stage("render", clock);
    let body = codec::encode(&scene.output, &raster)?;
    timing.stage("encode", clock);
    Ok(reply::image(scene, tag, timing.header(), body))
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
struct Timing {
    last: f64,
    stages: Vec<String>,
}

impl Timing {
    fn new(clock: &impl Fn() -> f64) -> Self {
        Self { last: clock(), stages: Vec::new() }
    }

    fn stage(&mut self, name: &str, clock: &impl Fn() -> f64) {
        let now = clock();
        self.stages.push(format!("{name};dur={:.1}", now - self.last));
        self.last = now;
    }

    fn header(&self) -> String {
        self.stages.join(", ")
    }
}
