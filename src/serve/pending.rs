//! A request half way, and its second half.

use super::{
    error::picture,
    open::{Failed, date},
};
use crate::{
    answers::{self, State},
    codec::Codecs,
    error::{Error, ErrorKind, Result},
    http::HttpReply,
    reply::{Bounds, entity_tag},
    resolved::Audience,
    sources::{self, Lookup, Permitted},
    store::{Fetched, Store},
};

/// A request after [`prepare`](super::prepare).
pub enum Prepared<'a> {
    /// It is answered: an error, a 304, or what no cache may keep.
    Reply(HttpReply),
    /// It takes more reading; a cache may have the reply.
    Pending(Box<Pending<'a>>),
}

/// A request that is understood, its source found, and nothing drawn yet.
pub struct Pending<'a> {
    pub(super) state: State<'a>,
    pub(super) lookup: Lookup,
    /// The error that this is the picture of, and the resolved request that failed.
    pub(super) stands_for: Option<Failed>,
}

impl Pending<'_> {
    /// The entity tag the reply will have: it holds all that makes the reply differ from others, so
    /// it is the key of any cache over one store, whose entry is right for as long as it is found.
    pub fn tag(&self) -> &str {
        &self.state.tag
    }

    /// What bounds the copy of the client who asks, wherever the reply comes from.
    pub fn bounds(&self) -> Bounds {
        Bounds::of(self.state.request, self.state.resolved.delivery.audience.is_private())
    }

    /// Whether a shared cache may keep the reply.
    pub fn is_cacheable(&self) -> bool {
        let resolved = &self.state.resolved;
        resolved.delivery.expiration != Some(0) && resolved.delivery.audience != Audience::OneClient
    }

    /// Whether it is the picture that stands for an error. It is drawn once and cached in the
    /// store, though no HTTP cache may keep the reply.
    pub fn is_error_image(&self) -> bool {
        self.state.is_error_image
    }

    /// The second half: reads, draws, encodes. The reply is the same for all who ask for it,
    /// whatever conditions and methods they ask with; [`conclude`](super::conclude) makes each his
    /// own of it.
    pub async fn finish(mut self: Box<Self>, store: &(impl Store + Codecs)) -> HttpReply {
        let error = match self.answer(store).await {
            Ok(reply) => return reply,
            Err(error) => error,
        };
        let Self { state, lookup, stands_for } = *self;
        let State { request, resolved, timing, .. } = state;
        if let Some((error, failed)) = stands_for {
            // The picture of an error failed in its turn.
            return answers::error(request, &lookup.buffer, &error, failed.as_deref());
        }
        let failed = (error, Some(Box::new(resolved)));
        match picture(request, store, lookup, timing, failed).await {
            Ok(pending) => Box::pin(Box::new(pending).finish(store)).await,
            Err(reply) => reply,
        }
    }

    async fn answer(&mut self, store: &(impl Store + Codecs)) -> Result<HttpReply> {
        let mut again = true;
        loop {
            match answers::answer(&mut self.state, store).await {
                // The object was replaced under our hands: once more, from the start (K5).
                Err(Error { kind: ErrorKind::Changed, .. }) if again => self.reopen(store).await?,
                answered => return answered,
            }
            again = false;
        }
    }

    async fn reopen(&mut self, store: &impl Store) -> Result<()> {
        let State { request, resolved, source, tag, .. } = &mut self.state;
        let (key, now) = (resolved.asset.clone()?, request.received_at);
        let permitted = Permitted::new(store, &resolved.remote);
        *source = sources::find(&key, &permitted, now, Fetched::default(), None).await?;
        if let Some(source) = source {
            date(resolved, source);
        }
        *tag = entity_tag(resolved, source.as_ref().map(|source| &source.version));
        Ok(())
    }
}
