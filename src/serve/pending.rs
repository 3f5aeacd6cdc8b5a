//! A prepared request, and the second half of the pipeline.

use super::{
    error::picture,
    open::{self, Failed},
};
use crate::{
    answers::{self, State},
    codec::Codecs,
    error::{Error, ErrorKind, Result},
    http::HttpReply,
    reply::{Bounds, entity_tag},
    resolved::Audience,
    sources::{Lookup, Sources},
    store::Store,
};

/// A request after [`prepare`](super::prepare).
pub enum Prepared<'a> {
    /// The reply is complete: for example an error, a 304, or a kind that needs no source image.
    Reply(HttpReply),
    /// The reply needs further reads; a cache may have it.
    Pending(Box<Pending<'a>>),
}

/// A resolved request with its images, before rendering.
pub struct Pending<'a> {
    pub(super) state: State<'a>,
    pub(super) lookup: Lookup,
    /// For an error image: the error, and the resolved request that failed.
    pub(super) stands_for: Option<Failed>,
}

impl Pending<'_> {
    /// The entity tag that the reply will have. It depends on everything that determines the reply.
    /// So it can be the key of any cache over one store, and an entry under this key never goes
    /// stale.
    pub fn tag(&self) -> &str {
        &self.state.tag
    }

    /// Limits on the caching of this client's copy, whether the reply comes from a cache or not.
    pub fn bounds(&self) -> Bounds {
        Bounds::of(self.state.request, self.state.resolved.delivery.audience.is_private())
    }

    /// Whether a shared cache may store the reply.
    pub fn is_cacheable(&self) -> bool {
        let resolved = &self.state.resolved;
        resolved.delivery.expiration != Some(0) && resolved.delivery.audience != Audience::OneClient
    }

    /// Whether the reply is an error image. It is rendered once and cached in the store, though no
    /// HTTP cache may store the reply.
    pub fn is_error_image(&self) -> bool {
        self.state.is_error_image
    }

    /// Runs the second half: reads, renders and encodes. The reply is the same for every client,
    /// whatever its conditions and method; [`conclude`](super::conclude) adapts it to one client.
    pub async fn finish(mut self: Box<Self>, store: &(impl Store + Codecs)) -> HttpReply {
        let error = match self.answer(store).await {
            Ok(reply) => {
                let error = self.stands_for.map(|failed| Box::new(failed.error));
                return HttpReply { error, ..reply };
            }
            Err(error) => error,
        };
        let Self { state, lookup, stands_for } = *self;
        let State { request, resolved, timing, .. } = state;
        if let Some(Failed { error, resolved: failed }) = stands_for {
            // The error image failed, too.
            return answers::error(request, &lookup.buffer, &error, failed.as_deref());
        }
        let failed = Failed { error, resolved: Some(Box::new(resolved)) };
        match picture(request, store, lookup, timing, failed).await {
            Ok(pending) => Box::pin(Box::new(pending).finish(store)).await,
            Err(reply) => reply,
        }
    }

    async fn answer(&mut self, store: &(impl Store + Codecs)) -> Result<HttpReply> {
        let mut again = true;
        loop {
            match answers::answer(&mut self.state, store).await {
                // An object was replaced while it was read: start over once (K5).
                Err(Error { kind: ErrorKind::Changed, .. }) if again => self.reopen(store).await?,
                answered => return answered,
            }
            again = false;
        }
    }

    async fn reopen(&mut self, store: &impl Store) -> Result<()> {
        let State { request, resolved, source, layers, tag, is_error_image, .. } = &mut self.state;
        let mut sources = Sources::reopen(resolved, store, request.received_at).await?;
        let drawings = resolved.picture.drawings();
        if !*is_error_image && drawings.iter().any(|(_, inputs)| inputs.images.is_some()) {
            // The SVG may name other images now.
            self.lookup = Lookup::default();
            let opened = open::open(request, store, &self.lookup).await;
            let opened = opened.map_err(|failed| failed.error)?;
            let opened = opened.ok_or_else(|| Error::bug("a request without an object"))?;
            (*resolved, sources) = (opened.resolved, opened.sources);
            resolved.drawable()?;
        } else {
            self.lookup.look_up_fonts(resolved, &mut sources, store, request.received_at).await?;
            sources.date(resolved);
        }
        *tag = entity_tag(resolved, &sources.versions());
        (*source, *layers) = (sources.main, sources.layers);
        Ok(())
    }
}
