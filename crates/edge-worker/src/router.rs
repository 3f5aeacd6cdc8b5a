//! Routes requests to the engine, static content, the preview routes, viewers or the health check.

use std::{future::Future, pin::Pin, rc::Rc};

use azulejo::{
    client_hints::ClientHints,
    http::{Access, HttpRequest, Method},
    reply::{Bounds, method_not_allowed, server},
    serve::{Prepared, Route, Settings, conclude, health, prepare, preview, viewers},
    store::Namespace,
};
use js_sys::Date;
use web_sys::Headers;
use worker::{Context, Env, Result, console_error};

use crate::{
    cache::EdgeCache,
    content,
    r2::R2Store,
    reply,
    request_log::RequestLog,
    settings,
    single_flight::{self, Role},
};

/// Answers any request that is not a file of `www/`, which the platform serves itself.
pub async fn handle(
    incoming: &web_sys::Request,
    env: &Env,
    context: &Context,
) -> Result<web_sys::Response> {
    let (settings, headers) = (settings::of(env), incoming.headers());
    let access = match settings::access(&settings, incoming, &headers)? {
        Ok(access) => access,
        Err(error) => {
            console_error!("{}", error.message);
            return reply::uncached_response(&server::misconfigured());
        }
    };
    let (host, request) = read(incoming, &headers, access)?;
    let namespace = Namespace::new(&settings.namespace, &host);
    let log = RequestLog::new(settings.log, env);
    let store = R2Store::new(env, namespace.clone(), context);
    let work = async {
        let response = route(&request, &settings, context, &namespace, (&store, &log)).await;
        log.finish(&request, &store.taken);
        response
    };
    store.admission.heartbeat.keep_during(work).await
}

/// What a route does. Behind a pointer it is a function of its own. V8 compiles a function when it is
/// first called, so the first request of an isolate waits for its own route only.
type Answer<'a> = Pin<Box<dyn Future<Output = Result<web_sys::Response>> + 'a>>;

/// Answers a request with valid access settings.
async fn route(
    request: &HttpRequest,
    settings: &Settings,
    context: &Context,
    namespace: &Namespace,
    (store, log): (&R2Store<'_>, &RequestLog<'_>),
) -> Result<web_sys::Response> {
    let answer: Answer<'_> = match Route::of(request) {
        Route::MethodNotAllowed => return log.response(&method_not_allowed(), "bypass"),
        Route::Other => return reply::uncached_response(&server::not_found()),
        Route::Viewers => return reply::uncached_response(&viewers::viewer(request)),
        Route::Health => {
            Box::pin(async { reply::uncached_response(&health(request, store).await) })
        }
        Route::Preview => Box::pin(async {
            let preview = preview::preview(request, &settings.preview, store);
            reply::uncached_response(&preview.await)
        }),
        Route::Content => Box::pin(content::handle(request, store, log)),
        Route::Image => Box::pin(image(request, (store, log), namespace, context)),
    };
    answer.await
}

/// Answers an image request from the edge cache, or renders it.
async fn image(
    request: &HttpRequest,
    (store, log): (&R2Store<'_>, &RequestLog<'_>),
    namespace: &Namespace,
    context: &Context,
) -> Result<web_sys::Response> {
    let pending = match prepare(request, store, &Date::now).await {
        Prepared::Reply(reply) => return log.response(&reply, "bypass"),
        Prepared::Pending(pending) => pending,
    };
    let is_cacheable = pending.is_cacheable();
    if !is_cacheable && !pending.is_error_image() {
        let reply = conclude(request, pending.finish(store).await);
        return log.response(&reply, "bypass");
    }
    let cache = EdgeCache::open()?;
    let bounds = pending.bounds();
    if is_cacheable && let Some(hit) = cache.get(&namespace.reply_key(pending.tag())).await {
        log.note_hit(&hit)?;
        return if bounds == Bounds::default() {
            Ok(hit)
        } else {
            reply::bounded_response(&hit, bounds)
        };
    }
    let [hit, miss] = if is_cacheable { ["hit", "miss"] } else { ["bypass"; 2] };
    let rendered = match single_flight::join(pending.tag(), &store.admission.heartbeat).await {
        Role::Follower(rendered) => {
            return log.response(&conclude(request, Rc::unwrap_or_clone(rendered)), hit);
        }
        Role::Leader(flight) => {
            let rendered = Rc::new(pending.finish(store).await);
            flight.complete(&rendered);
            rendered
        }
    };
    if rendered.is_cacheable()
        && let Some(tag) = rendered.header("etag")
    {
        // The reply's own tag, since the source may have been replaced during rendering.
        let key = namespace.reply_key(tag);
        let entry = reply::cache_entry(&rendered)?;
        context.wait_until(async move { cache.put(&key, &entry).await });
    }
    log.response(&conclude(request, Rc::unwrap_or_clone(rendered)), miss)
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
        authorization: headers.get("authorization")?,
        hints: ClientHints::of(|name| headers.get(name))?,
        received_at: Date::now(),
        access,
    };
    Ok((host.to_owned(), request))
}
