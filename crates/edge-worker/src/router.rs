//! Routes requests to the engine, static content, the preview routes or the health check.

use std::rc::Rc;

use azulejo::{
    client_hints::ClientHints,
    http::{Access, HttpRequest, Method},
    reply::Bounds,
    serve::{Prepared, conclude, prepare, preview},
};
use js_sys::Date;
use web_sys::Headers;
use worker::{Context, Env, Result, console_error};

use crate::{
    cache,
    cache::{EdgeCache, Namespace},
    content,
    r2::R2Store,
    reply,
    settings::Settings,
    single_flight::{self, Role},
};

/// Answers any request that is not a file of `www/`, which the platform serves itself.
pub async fn handle(
    incoming: &web_sys::Request,
    env: &Env,
    context: &Context,
) -> Result<web_sys::Response> {
    let (settings, headers) = (Settings::of(env), incoming.headers());
    let access = match settings.access(incoming, &headers)? {
        Ok(access) => access,
        Err(error) => {
            console_error!("{}", error.message);
            return reply::misconfigured();
        }
    };
    let (host, request) = read(incoming, &headers, access)?;
    if request.method == Method::Other {
        return reply::response(&azulejo::reply::method_not_allowed(), "bypass");
    }
    if request.path == "/health" {
        return reply::health();
    }
    let namespace = Namespace::new(&settings.namespace, &host);
    let store = R2Store::new(env, namespace.clone(), context);
    let work = route(&request, &settings, context, &namespace, &store);
    store.admission.heartbeat.keep_during(work).await
}

/// Answers the requests that need the bucket.
async fn route(
    request: &HttpRequest,
    settings: &Settings,
    context: &Context,
    namespace: &Namespace,
    store: &R2Store<'_>,
) -> Result<web_sys::Response> {
    if request.path.starts_with(preview::PREFIX) {
        let preview = preview::preview(request, &settings.preview_sources, store);
        return reply::uncached_response(&preview.await);
    }
    if request.path.starts_with("/is/content/") {
        return content::handle(request, store).await;
    }
    if request.path != "/is/image" && !request.path.starts_with("/is/image/") {
        return reply::not_found();
    }
    image(request, store, namespace, context).await
}

/// Answers an image request from the edge cache, or renders it.
async fn image(
    request: &HttpRequest,
    store: &R2Store<'_>,
    namespace: &Namespace,
    context: &Context,
) -> Result<web_sys::Response> {
    let pending = match prepare(request, store, &Date::now).await {
        Prepared::Reply(reply) => return reply::response(&reply, "bypass"),
        Prepared::Pending(pending) => pending,
    };
    let is_cacheable = pending.is_cacheable();
    if !is_cacheable && !pending.is_error_image() {
        let reply = conclude(request, pending.finish(store).await);
        return reply::response(&reply, "bypass");
    }
    let cache = EdgeCache::open()?;
    let bounds = pending.bounds();
    if is_cacheable && let Some(hit) = cache.get(&namespace.reply_url(pending.tag())).await {
        return if bounds == Bounds::default() {
            Ok(hit)
        } else {
            reply::bounded_response(&hit, bounds)
        };
    }
    let [hit, miss] = if is_cacheable { ["hit", "miss"] } else { ["bypass"; 2] };
    let rendered = match single_flight::join(pending.tag(), &store.admission.heartbeat).await {
        Role::Follower(rendered) => {
            return reply::response(&conclude(request, Rc::unwrap_or_clone(rendered)), hit);
        }
        Role::Leader(flight) => {
            let rendered = Rc::new(pending.finish(store).await);
            flight.complete(&rendered);
            rendered
        }
    };
    if cache::is_cacheable(&rendered)
        && let Some(tag) = rendered.header("etag")
    {
        // The reply's own tag, since the source may have been replaced during rendering.
        let url = namespace.reply_url(tag);
        let entry = reply::cache_entry(&rendered)?;
        context.wait_until(async move { cache.put(&url, &entry).await });
    }
    reply::response(&conclude(request, Rc::unwrap_or_clone(rendered)), miss)
}

/// The host, and the engine's form of the platform's request. Path and query stay as they were
/// sent.
fn read(
    request: &web_sys::Request,
    headers: &Headers,
    access: Access,
) -> Result<(String, HttpRequest)> {
    let url = request.url();
    let after_scheme = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
    let (host, target) =
        after_scheme.split_at(after_scheme.find('/').unwrap_or(after_scheme.len()));
    let target = if target.is_empty() { "/" } else { target };
    let target = target.split_once('#').map_or(target, |(target, _)| target);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let request = HttpRequest {
        method: match request.method().as_str() {
            "GET" => Method::Get,
            "HEAD" => Method::Head,
            _ => Method::Other,
        },
        path: path.to_owned(),
        query: query.to_owned(),
        if_none_match: headers.get("if-none-match")?,
        if_modified_since: headers.get("if-modified-since")?,
        range: headers.get("range")?,
        if_range: headers.get("if-range")?,
        hints: ClientHints::of(|name| headers.get(name))?,
        received_at: Date::now(),
        access,
    };
    Ok((host.to_owned(), request))
}
