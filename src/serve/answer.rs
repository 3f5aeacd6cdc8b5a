//! The way to each kind of reply, as far along the pipeline as it goes.

use super::Pending;
use crate::{
    codec::Codecs,
    commands::Reply,
    error::Result,
    http::HttpReply,
    limits,
    plan::{self, Opened},
    pyramid::{Index, Span, path_names, profile_name},
    render, reply,
    sources::{Permitted, Source},
    store::{self, Fetched, Store},
    time_slice::TimeSlice,
};

impl Pending<'_> {
    /// Every kind of reply is a part of this pipeline plus a printer.
    pub(super) async fn answer(&mut self, store: &(impl Store + Codecs)) -> Result<HttpReply> {
        let Self { scene, source, timing, .. } = self;
        let codecs = store;
        let store = &Permitted::new(store, &scene.remote);
        let (tag, now) = (self.tag.clone(), self.request.received_at);
        let Some(source) = source else {
            if scene.reply == Reply::Exists {
                return Ok(reply::exists(scene, false, tag, now));
            }
            if scene.reply == Reply::Set && scene.is_described() {
                return Ok(reply::set(scene, None, tag));
            }
            if scene.reply == Reply::Map && scene.has_no_areas() {
                return Ok(reply::map(scene, None, tag));
            }
            return Err(scene.missing());
        };
        if scene.reply == Reply::Exists {
            return Ok(reply::exists(scene, true, tag, now));
        }
        let index = source.index()?;
        if scene.reply == Reply::Set {
            let size = index.upright_size();
            let picture = ([size.width, size.height], &index.version);
            return Ok(reply::set(scene, Some(picture), tag));
        }
        if scene.reply == Reply::ImageProps {
            let held = embedded(source, &index, store).await?;
            return Ok(reply::image_properties(scene, &index, held, scene.resolution, tag, now));
        }
        if scene.reply == Reply::Map {
            return Ok(reply::map(scene, Some(plan::areas(scene, &index)?), tag));
        }
        if scene.reply == Reply::Xmp {
            let packet = source.span(index.xmp, store).await?;
            return Ok(reply::xmp(scene, packet, tag));
        }
        if self.stands_for.is_some()
            && let Some(body) = store.cache_get(&tag).await
        {
            return Ok(reply::image(scene, tag, timing.header(), body));
        }
        let object = source.fetched.object(&source.key);
        let opened = Opened { key: &source.key, index: &index, object };
        let plan = plan::plan(scene, &opened)?;
        timing.stage("plan");
        if scene.reply == Reply::Props {
            return Ok(reply::reply_properties(scene, &index, &plan, tag, now));
        }
        store.admit(plan.peak).await?;
        store::fetch(store, &mut source.fetched, plan.reads.clone()).await?;
        store.take_turn().await?;
        timing.stage("fetch");
        let pause = || store.pause();
        let slice = &mut TimeSlice::new(&pause);
        let canvas = render::draw(&plan, &source.fetched, slice).await?;
        // What is left to do takes no tiles, but memory.
        source.fetched = Fetched::default();
        timing.stage("render");
        let body = render::encode(codecs, &plan, canvas, slice).await?;
        timing.stage("encode");
        if scene.reply == Reply::LoadCache {
            return Ok(reply::length(scene, body.len(), tag, now));
        }
        if self.stands_for.is_some() {
            store.cache_put(&tag, &body).await;
        }
        Ok(reply::image(scene, tag, timing.header(), body))
    }
}

/// The name of the pyramid's profile, and those of its paths. What is too long is not read.
async fn embedded(
    source: &mut Source,
    index: &Index,
    store: &impl Store,
) -> Result<(Option<String>, Vec<String>)> {
    let short = |span: &Span| span.len <= limits::METADATA_BYTES;
    let profile = source.span(index.icc.filter(short), store).await?.and_then(profile_name);
    let resources = source.span(index.photoshop.filter(short), store).await?;
    Ok((profile, resources.map(|resources| path_names(resources).0).unwrap_or_default()))
}
