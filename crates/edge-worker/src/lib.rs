//! Azulejo on Cloudflare Workers: R2 behind the engine, the edge cache in front of it.

mod access;
mod cache;
mod content;
mod edge;
mod flight;
mod foreign;
mod lru;
mod memory;
mod r2;
mod reply;

use worker::{Context, Env, Result, console_error, event};

#[event(start)]
fn start() {
    console_error_panic_hook::set_once();
}

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> Result<web_sys::Response> {
    edge::answer(&request, &env, &context).await.or_else(|error| {
        console_error!("{}: {error}", request.url());
        reply::broken()
    })
}
