//! The opened images of a request.

use std::rc::Rc;

use futures_util::{StreamExt, stream};

use super::{
    remote::Permitted,
    source::{self, OpenSource},
};
use crate::{
    commands::Reads,
    error::{Error, ErrorKind, Result},
    limits,
    plan::Opened,
    pyramid::Index,
    resolved::Resolved,
    sort::sort_by,
    store::{Fetched, Store, Version},
};

/// An opened image as the plan takes it.
pub fn opened<'a>(image: &'a OpenSource, index: &'a Rc<Index>) -> Opened<'a> {
    let OpenSource { key, fetched, drawings, .. } = image;
    Opened { key, index, object: fetched.object(key), drawings }
}

/// The opened images of a request.
#[derive(Default)]
pub struct Sources {
    /// The image that layer 0 shows. For a reply without pixels, the image of the object.
    pub main: Option<OpenSource>,
    /// The other images: each once, in the order of the layers.
    pub layers: Vec<OpenSource>,
}

/// The keys of the images that a reply needs: that of the main image, and the others in order.
/// `None` if it needs none, or if layer 0 has no content.
pub fn needed(resolved: &Resolved) -> Option<(Option<&str>, Vec<&str>)> {
    let own = resolved.asset.as_deref().ok();
    if resolved.answer.reply.kind().reads < Reads::Plan {
        return own.map(|own| (Some(own), Vec::new()));
    }
    let main = resolved.picture.main_source();
    let mut others = resolved.picture.sources();
    others.retain(|key| Some(*key) != main);
    resolved.missing_image().is_none().then_some((main, others))
}

impl Sources {
    /// The versions: first that of the main image if there is one, then those of the others.
    pub fn versions(&self) -> Vec<Option<&Version>> {
        let main = self.main.as_ref().map(|source| &source.version);
        std::iter::once(main)
            .chain(self.layers.iter().map(|source| Some(&source.version)))
            .collect()
    }

    /// Sets the date of the reply to the newest of its images, its records and its catalog.
    pub fn date(&mut self, resolved: &mut Resolved) {
        let Some(modified) = &mut resolved.delivery.last_modified else { return };
        for source in self.main.iter_mut().chain(&mut self.layers) {
            let stored = source.index().ok().and_then(|index| index.modified);
            *modified = modified.max(stored.unwrap_or(*modified));
        }
    }

    /// Opens all images of a request anew, without what was read before. Fails if an image other
    /// than the main one does not exist any more.
    pub async fn reopen(resolved: &Resolved, store: &impl Store, now: f64) -> Result<Self> {
        let store = &Permitted::new(store, &resolved.remote);
        let Some((main, others)) = needed(resolved) else { return Ok(Self::default()) };
        let keys: Vec<&str> = main.into_iter().chain(others).collect();
        let opened = keys.iter().map(|key| source::find(key, store, now, Fetched::default(), None));
        let mut opened = stream::iter(opened).buffered(limits::CONCURRENT_READS);
        let mut sources = Self::default();
        for key in &keys {
            match opened.next().await.transpose()?.flatten() {
                Some(source) if main == Some(*key) => sources.main = Some(source),
                Some(source) => sources.layers.push(source),
                None if main == Some(*key) => {}
                None => {
                    let message = format!("{key}: this image of a layer is no longer there");
                    return Err(Error::new(ErrorKind::NotFound, message));
                }
            }
        }
        Ok(sources)
    }

    /// All images, the main one first.
    pub(super) fn all_mut(&mut self) -> impl Iterator<Item = &mut OpenSource> {
        self.main.iter_mut().chain(&mut self.layers)
    }

    /// All images, out of their order.
    pub(super) fn take(&mut self) -> Vec<OpenSource> {
        let Self { main, layers } = std::mem::take(self);
        main.into_iter().chain(layers).collect()
    }

    /// Puts images into the order of `keys`; those with another key are dropped.
    pub(super) fn put(&mut self, main: Option<&str>, keys: &[&str], opened: Vec<OpenSource>) {
        let mut opened: Vec<(Option<usize>, OpenSource)> = opened
            .into_iter()
            .map(|source| (keys.iter().position(|key| *key == source.key), source))
            .collect();
        opened.retain(|(place, _)| place.is_some());
        sort_by(&mut opened, |(a, _), (b, _)| a.cmp(b));
        for (_, source) in opened {
            match main == Some(source.key.as_str()) {
                true => self.main = Some(source),
                false => self.layers.push(source),
            }
        }
    }
}
