//! Which request goes where: the engine, the health check, or nowhere.

use std::rc::Rc;

use azulejo::{
    http::{Access, HttpRequest, Method},
    reply::Bounds,
    serve::{Prepared, conclude, prepare, preview},
};
use js_sys::Date;
use worker::{Context, Env, Result, console_error};

use crate::{
    access, cache,
    cache::{EdgeCache, Namespace},
    content,
    flight::{self, Turn},
    r2::R2Store,
    reply,
};

/// The binding in `wrangler.toml` that holds the bucket.
const BUCKET: &str = "ASSETS";

/// The variable that lists the catalogs which the preview page may read; absent is none.
const PREVIEW_SOURCES: &str = "PREVIEW_SOURCES";

/// The variable that names the bucket and its environment among the Workers of a zone.
const NAMESPACE: &str = "CACHE_NAMESPACE";

/// Answers any request that is not a static asset (the platform serves those itself).
pub async fn answer(
    sent: &web_sys::Request,
    env: &Env,
    context: &Context,
) -> Result<web_sys::Response> {
    let access = match access::of(sent, env)? {
        Ok(access) => access,
        Err(error) => {
            console_error!("{}", error.message);
            return reply::misconfigured();
        }
    };
    let (host, request) = read(sent, access)?;
    if request.method == Method::Other {
        return reply::send(&azulejo::reply::method_not_allowed(), "bypass");
    }
    if request.path == "/health" {
        return reply::health();
    }
    let namespace = Namespace::new(&access::setting(env, NAMESPACE), &host);
    let store = R2Store::new(env.bucket(BUCKET), namespace.clone(), context);
    store.admission.pulse.during(stored(&request, env, context, &namespace, &store)).await
}

/// What takes the bucket.
async fn stored(
    request: &HttpRequest,
    env: &Env,
    context: &Context,
    namespace: &Namespace,
    store: &R2Store<'_>,
) -> Result<web_sys::Response> {
    if request.path.starts_with(preview::PREFIX) {
        let open = access::setting(env, PREVIEW_SOURCES);
        return reply::send_bare(&preview::preview(request, &open, store).await);
    }
    if request.path.starts_with("/is/content/") {
        return content::answer(request, store).await;
    }
    if !request.path.starts_with("/is/image/") {
        return reply::no_such_page();
    }
    image(request, store, namespace, context).await
}

/// From the edge cache if it can be, else drawn by the engine.
async fn image(
    request: &HttpRequest,
    store: &R2Store<'_>,
    namespace: &Namespace,
    context: &Context,
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
    let bounds = pending.bounds();
    if is_cacheable && let Some(hit) = cache.find(&namespace.of_reply(pending.tag())).await {
        return if bounds == Bounds::default() { Ok(hit) } else { reply::bounded(&hit, bounds) };
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
        let address = namespace.of_reply(tag);
        let kept = reply::send_from_cache(&drawn)?;
        context.wait_until(async move { cache.store(&address, &kept).await });
    }
    reply::send(&conclude(request, Rc::unwrap_or_clone(drawn)), miss)
}

/// The host, and the platform's request in the engine's words; path and query stay as they were sent.
fn read(request: &web_sys::Request, access: Access) -> Result<(String, HttpRequest)> {
    let url = request.url();
    let after_scheme = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (host, from_path) =
        after_scheme.split_at(after_scheme.find('/').unwrap_or(after_scheme.len()));
    let from_path = if from_path.is_empty() { "/" } else { from_path };
    let sent = from_path.split_once('#').map_or(from_path, |(sent, _)| sent);
    let (path, query) = sent.split_once('?').unwrap_or((sent, ""));
    let request = HttpRequest {
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
        access,
    };
    Ok((host.to_owned(), request))
}
