//! The way to each kind of reply, as far along the pipeline as it goes.

use super::{Pending, foreign::Permitted, source::Source};
use crate::{
    codec,
    commands::Reply,
    error::{Error, ErrorKind, Result},
    http::HttpReply,
    plan::{self, Plan},
    pyramid::Index,
    render, reply,
    store::{self, Read, Store},
};

impl Pending<'_> {
    /// Every kind of reply is a part of this pipeline plus a printer.
    pub(super) async fn answer(&mut self, store: &impl Store) -> Result<HttpReply> {
        let Self { scene, source, timing, .. } = self;
        let store = &Permitted::new(store, &scene.foreign);
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
            scene.asset.as_ref().map_err(Error::clone)?;
            let message = format!("{}/{}: no such image", scene.object.root, scene.object.id);
            return Err(Error::new(ErrorKind::NotFound, message));
        };
        if scene.reply == Reply::Exists {
            return Ok(reply::exists(scene, true, tag, now));
        }
        let index = source.index()?;
        if scene.reply == Reply::Set {
            let picture = ([index.size().width, index.size().height], &index.version);
            return Ok(reply::set(scene, Some(picture), tag));
        }
        if scene.reply == Reply::ImageProps {
            return Ok(reply::image_properties(scene, &index, scene.resolution, tag, now));
        }
        if scene.reply == Reply::Map {
            return Ok(reply::map(scene, Some(plan::areas(scene, &index)?), tag));
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
        let tile = |number: usize| object?.get(level?.tile(number)?.into());
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

async fn fetch(source: &mut Source, index: &Index, plan: &Plan, store: &impl Store) -> Result<()> {
    let version = Some(index.version.clone());
    let read = |&range| Read { key: source.key.clone(), range, version: version.clone() };
    let reads = plan.reads.iter().map(read).collect();
    store::fetch(store, &mut source.known, reads).await
}
