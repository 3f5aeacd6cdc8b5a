//! `req=img`, `tmb`, `mask` and `loadcache`: renders and encodes the image.

use super::{
    shared_layers,
    state::{State, plan},
};
use crate::{
    codec::{Codecs, Encoded},
    commands::Reply,
    error::Result,
    http::HttpReply,
    render,
    reply::{ReplyBuilder, Timing, properties::properties},
    resolved::Resolved,
    sources::{Permitted, read_fonts, read_shapes},
    store::{self, Fetched, Store},
    time_slice::TimeSlice,
};

/// The header of Dynamic Media that tells what another format has saved.
const SMART_IMAGING: &str = "x-adobe-smart-imaging";

/// Plans, fetches, renders and encodes. `req=loadcache` replies with the length of the image in
/// bytes (r-loadcache).
pub async fn answer(state: &mut State<'_>, store: &(impl Store + Codecs)) -> Result<HttpReply> {
    let State { request, resolved, source, layers, tag, timing, is_error_image } = state;
    let (codecs, cache) = (store, store.layer_cache());
    let store = &Permitted::new(store, &resolved.remote);
    if *is_error_image && let Some(body) = store.cache_get(tag).await {
        let encoded = Encoded { format: resolved.output.format, file: body, tried: None };
        return Ok(image(resolved, tag, timing, encoded));
    }
    let images = source.iter_mut().chain(layers.iter_mut());
    read_fonts(&mut resolved.picture, store).await?;
    read_shapes(resolved, images, store).await?;
    let pause = || store.pause();
    let slice = &mut TimeSlice::new(&pause);
    let mut plan = plan(resolved, source, layers, cache.as_deref(), slice).await?;
    let mut shared = shared_layers::expensive(&plan);
    if let Some(cache) = &cache
        && shared_layers::get(&shared, codecs, cache).await
    {
        plan = self::plan(resolved, source, layers, Some(cache), slice).await?;
        shared = shared_layers::expensive(&plan);
    }
    timing.stage("plan");
    timing.layers(plan.graph.cached_layers().count(), plan.layers.len());
    store.planned(plan.peak, plan.graph.work);
    store.admit(plan.peak).await?;
    let mut fetched = Fetched::default();
    for source in source.iter_mut().chain(layers) {
        fetched.append(std::mem::take(&mut source.fetched));
    }
    store::fetch(store, &mut fetched, plan.reads.clone()).await?;
    store.acquire_thread().await?;
    timing.stage("fetch");
    let (cached, clock) = (cache.as_deref(), timing.clock());
    let (drawn, times) = render::draw(&plan, &fetched, cached, clock, slice).await?;
    timing.nodes(&plan.graph, times);
    let embedded = render::embedded(&plan, &fetched)?;
    // Encoding needs memory, but neither tiles nor weights, so they are freed.
    (fetched, plan.sources) = (Fetched::default(), Vec::new());
    drop(fetched);
    timing.stage("render");
    let encoded = render::encode(codecs, &plan, drawn, embedded, slice).await?;
    timing.stage("encode");
    if let Some(cache) = &cache {
        shared_layers::put(&shared, codecs, cache);
    }
    if resolved.answer.reply == Reply::LoadCache {
        let list = vec![("image.length", encoded.file.len().to_string())];
        return Ok(properties(resolved, &list, tag.clone(), request.received_at));
    }
    if *is_error_image {
        store.cache_put(tag, &encoded.file).await;
    }
    Ok(image(resolved, tag, timing, encoded))
}

/// The reply with an encoded image.
fn image(resolved: &Resolved, tag: &str, timing: &Timing, encoded: Encoded) -> HttpReply {
    let mut reply = ReplyBuilder::of(resolved, tag.to_owned())
        .header("timing-allow-origin", "*")
        .header("server-timing", timing.header());
    if let Some([requested, other]) = encoded.tried {
        // The bytes saved; negative if the requested format is smaller and was sent (O4).
        reply = reply.header(SMART_IMAGING, (requested as i64 - other as i64).to_string());
    }
    reply.body(encoded.format.mime, encoded.file)
}
