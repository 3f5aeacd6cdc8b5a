//! The state of a request, from which an answer is made.

use std::rc::Rc;

use crate::{
    error::Result,
    http::HttpRequest,
    plan::{self, Plan},
    pyramid::{Index, Span},
    reply::Timing,
    resolved::Resolved,
    sources::{OpenSource, Permitted, opened, read_fonts, read_shapes},
    store::{LayerCache, Store},
    time_slice::TimeSlice,
};

/// A resolved request whose images were looked up.
pub struct State<'a> {
    /// The request.
    pub request: &'a HttpRequest,
    /// The resolved request.
    pub resolved: Resolved,
    /// The image that layer 0 shows; `None` if there is none.
    pub source: Option<OpenSource>,
    /// The images of the other layers, of masks and of nested requests: each once, in the order of
    /// [`Picture::sources`](crate::picture::Picture::sources).
    pub layers: Vec<OpenSource>,
    /// The entity tag of the reply.
    pub tag: String,
    /// The times of the stages so far.
    pub timing: Timing<'a>,
    /// Whether the reply is an error image, which no HTTP cache stores.
    pub is_error_image: bool,
}

impl State<'_> {
    /// The index of the source image. Fails if there is no image.
    pub fn index(&mut self) -> Result<Rc<Index>> {
        let resolved = &self.resolved;
        self.source.as_mut().ok_or_else(|| resolved.missing())?.index()
    }

    /// Reads the parts of the image's file that `needs` names.
    pub async fn read(&mut self, needs: fn(&Index) -> Vec<Span>, store: &impl Store) -> Result<()> {
        let spans = needs(&*self.index()?);
        let permitted = Permitted::new(store, &self.resolved.remote);
        if let Some(source) = &mut self.source {
            for span in spans {
                source.span(Some(span), &permitted).await?;
            }
        }
        Ok(())
    }

    /// Reads what the layout of the picture needs besides its images: embedded paths, SVGs and
    /// fonts.
    pub async fn read_paths(&mut self, store: &impl Store) -> Result<()> {
        let Self { resolved, source, layers, .. } = self;
        let permitted = Permitted::new(store, &resolved.remote);
        read_fonts(&mut resolved.picture, store).await?;
        read_shapes(resolved, source.iter_mut().chain(layers), &permitted).await
    }

    /// A part of the image's file; `None` if it was not read.
    pub fn bytes(&self, span: Option<Span>) -> Option<&[u8]> {
        let source = self.source.as_ref()?;
        source.fetched.object(&source.key)?.get(span?.into())
    }
}

/// Plans the reply to a request from its opened images, with the cache of layers if there is one.
/// Fails if an image is missing.
pub async fn plan(
    resolved: &Resolved,
    main: &mut Option<OpenSource>,
    layers: &mut [OpenSource],
    cache: Option<&LayerCache>,
    slice: &mut TimeSlice<'_>,
) -> Result<Plan> {
    if let Some(missing) = resolved.missing_image() {
        return Err(missing);
    }
    if main.is_none() && resolved.picture.main_source().is_some() {
        return Err(resolved.missing());
    }
    let indexes = main.iter_mut().chain(&mut *layers).map(OpenSource::index);
    let indexes = indexes.collect::<Result<Vec<_>>>()?;
    let sources = main.iter().chain(&*layers).zip(&indexes);
    let opened = sources.map(|(source, index)| opened(source, index));
    plan::plan_with(resolved, &opened.collect::<Vec<_>>(), cache, slice).await
}
