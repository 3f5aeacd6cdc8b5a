//! Which request goes where: the engine, the health check, or nowhere.

use std::rc::Rc;

use azulejo::{
    http::{HttpRequest, Method},
    reply::seconds_left,
    serve::{Prepared, conclude, prepare, preview},
};
use js_sys::Date;
use worker::{Context, Env, Result};

use crate::{
    access, cache,
    cache::EdgeCache,
    content,
    flight::{self, Turn},
    r2::R2Store,
    reply,
};

/// The binding in `wrangler.toml` that holds the bucket.
const BUCKET: &str = "ASSETS";

/// The variable that lists the catalogs which the preview page may read; absent is none.
const PREVIEW_SOURCES: &str = "PREVIEW_SOURCES";

/// Answers any request that is not a static asset (the platform serves those itself).
pub async fn answer(
    sent: &web_sys::Request,
    env: &Env,
    context: &Context,
) -> Result<web_sys::Response> {
    let request = read(sent, env)?;
    if request.method == Method::Other {
        return reply::send(&azulejo::reply::method_not_allowed(), "bypass");
    }
    if request.path == "/health" {
        return reply::health();
    }
    let store = R2Store::new(env.bucket(BUCKET), context);
    store.admission.pulse.during(stored(&request, env, context, &store)).await
}

/// What takes the bucket.
async fn stored(
    request: &HttpRequest,
    env: &Env,
    context: &Context,
    store: &R2Store<'_>,
) -> Result<web_sys::Response> {
    if request.path.starts_with(preview::PREFIX) {
        let open = env.var(PREVIEW_SOURCES).map(|list| list.to_string()).unwrap_or_default();
        return reply::send_bare(&preview::preview(request, &open, store).await);
    }
    if request.path.starts_with("/is/content/") {
        return content::answer(request, store).await;
    }
    if !request.path.starts_with("/is/image/") {
        return reply::no_such_page();
    }
    image(request, context, store).await
}

/// From the edge cache if it can be, else drawn by the engine.
async fn image(
    request: &HttpRequest,
    context: &Context,
    store: &R2Store<'_>,
) -> Result<web_sys::Response> {
    let pending = match prepare(request, store, &Date::now).await {
        Prepared::Reply(answer) => return reply::send(&answer, "bypass"),
        Prepared::Pending(pending) => pending,
    };
    let is_cacheable = pending.is_cacheable();
    if !is_cacheable && !pending.is_error_image() {
        let reply = conclude(request, pending.finish(store).await);
        return reply::send(&reply, "bypass");
    }
    let cache = EdgeCache::open()?;
    let address = cache::address("reply", pending.tag());
    if is_cacheable && let Some(hit) = cache.find(&address).await {
        return match seconds_left(request) {
            Some(left) => reply::bounded(&hit, left),
            None => Ok(hit),
        };
    }
    let [hit, miss] = if is_cacheable { ["hit", "miss"] } else { ["bypass"; 2] };
    let drawn = match flight::turn(pending.tag(), &store.admission.pulse).await {
        Turn::Drawn(drawn) => {
            return reply::send(&conclude(request, Rc::unwrap_or_clone(drawn)), hit);
        }
        Turn::Draw(flight) => {
            let drawn = Rc::new(pending.finish(store).await);
            flight.land(&drawn);
            drawn
        }
    };
    if cache::may_store(&drawn)
        && let Some(tag) = drawn.header("etag")
    {
        // The tag again: the source may have been replaced while it was drawn.
        let address = cache::address("reply", tag);
        let kept = reply::send_from_cache(&drawn)?;
        context.wait_until(async move { cache.store(&address, &kept).await });
    }
    reply::send(&conclude(request, Rc::unwrap_or_clone(drawn)), miss)
}

/// The platform's request in the engine's words; path and query stay as they were sent.
fn read(request: &web_sys::Request, env: &Env) -> Result<HttpRequest> {
    let url = request.url();
    let after_scheme = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let from_path = after_scheme.find('/').and_then(|at| after_scheme.get(at..)).unwrap_or("/");
    let sent = from_path.split_once('#').map_or(from_path, |(sent, _)| sent);
    let (path, query) = sent.split_once('?').unwrap_or((sent, ""));
    Ok(HttpRequest {
        method: match request.method().as_str() {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            _ => Method::Other,
        },
        path: path.to_owned(),
        query: query.to_owned(),
        if_none_match: request.headers().get("if-none-match")?,
        if_modified_since: request.headers().get("if-modified-since")?,
        range: request.headers().get("range")?,
        if_range: request.headers().get("if-range")?,
        received_at: Date::now(),
        access: access::of(request, env)?,
    })
}
