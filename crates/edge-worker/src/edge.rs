//! Which request goes where: the engine, the health check, or nowhere.

use azulejo::http::{HttpRequest, Method};
use worker::{Context, Env, Result};

use crate::{
    cache::{self, EdgeCache},
    r2::R2Store,
    reply,
};

/// The binding in `wrangler.toml` that holds the bucket.
const BUCKET: &str = "ASSETS";

/// Answers any request that is not a static asset (the platform serves those itself).
pub async fn answer(
    request: &web_sys::Request,
    env: &Env,
    context: &Context,
) -> Result<web_sys::Response> {
    let request = read(request)?;
    if request.method == Method::Other {
        return reply::method_not_allowed();
    }
    if request.path == "/health" {
        return reply::health();
    }
    if !(request.path.starts_with("/is/image/") || request.path.starts_with("/is/content/")) {
        return reply::no_such_page();
    }
    image(&request, env, context).await
}

/// From the edge cache if it can be, else drawn by the engine.
async fn image(request: &HttpRequest, env: &Env, context: &Context) -> Result<web_sys::Response> {
    let Some(key) = azulejo::reply::cache_key(request) else {
        return reply::send(draw(request, env).await, "bypass");
    };
    let cache = EdgeCache::open()?;
    let address = cache::address("reply", &key);
    if let Some(hit) = cache.find(&address, request.if_none_match.as_deref()).await {
        return Ok(hit);
    }
    let drawn = draw(request, env).await;
    if cache::may_store(request, &drawn) {
        let stored = reply::send(drawn.clone(), "hit")?;
        context.wait_until(async move { cache.store(&address, &stored).await });
    }
    reply::send(drawn, "miss")
}

async fn draw(request: &HttpRequest, env: &Env) -> azulejo::http::HttpReply {
    let store = R2Store::new(env.bucket(BUCKET));
    azulejo::serve::serve(request, &store, js_sys::Date::now).await
}

/// The platform's request in the engine's words; path and query stay as they were sent.
fn read(request: &web_sys::Request) -> Result<HttpRequest> {
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
        received_at: js_sys::Date::now(),
    })
}
