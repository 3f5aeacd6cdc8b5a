//! Images: from the cache, from another request that renders the same one, or rendered.

use std::{rc::Rc, time::Instant};

use azulejo::{
    codec::Codecs,
    http::HttpRequest,
    reply::Bounds,
    serve::{Prepared, conclude, prepare},
    store::Store,
};
use hyper::Response;

use crate::{
    reply::{Body, Rendered, response},
    single_flight::Role,
    store::RequestStore,
    worker::Worker,
};

/// Answers an image request.
pub async fn handle<S: Store + Codecs>(
    request: &HttpRequest,
    worker: &Rc<Worker<S>>,
    store: &RequestStore<'_, S>,
) -> Response<Body> {
    let (cache, namespace) = (&worker.shared.cache, &worker.shared.namespace);
    if let Some(key) = worker.recent.get(request)
        && let Some(entry) = cache.get(&key).await
    {
        return entry.response(request, Bounds::default());
    }
    let start = Instant::now();
    let clock = || start.elapsed().as_secs_f64() * 1000.0;
    let pending = match prepare(request, store, &clock).await {
        Prepared::Reply(reply) => return response(reply, Some("bypass")),
        Prepared::Pending(pending) => pending,
    };
    let is_cacheable = pending.is_cacheable();
    if !is_cacheable && !pending.is_error_image() {
        return response(conclude(request, pending.finish(store).await), Some("bypass"));
    }
    if is_cacheable {
        let key = namespace.reply_key(pending.tag());
        if let Some(entry) = cache.get(&key).await {
            worker.recent.put(request, &pending, &key);
            return entry.response(request, pending.bounds());
        }
    }
    let [hit, miss] = if is_cacheable { ["hit", "miss"] } else { ["bypass"; 2] };
    let rendered = match worker.flights.join(pending.tag()).await {
        Role::Follower(rendered) => return rendered.response(request, hit),
        Role::Leader(leader) => {
            let rendered = Rendered::from(pending.finish(store).await);
            leader.complete(&rendered);
            rendered
        }
    };
    if rendered.reply.is_cacheable()
        && let Some(tag) = rendered.reply.header("etag")
    {
        // The reply's own tag, since the source may have been replaced during rendering.
        cache.put(&namespace.reply_key(tag), rendered.entry());
    }
    rendered.response(request, miss)
}
