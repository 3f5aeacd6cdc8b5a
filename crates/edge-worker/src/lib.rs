//! Azulejo on Cloudflare Workers: R2 behind the engine, the edge cache in front of it.

mod abort;
mod access;
mod admission;
mod cache;
mod content;
mod edge;
mod flight;
mod remote;
mod lru;
mod memory;
mod pulse;
mod queue;
mod r2;
mod reply;

use worker::{Context, Env, Result, console_error, event};

#[event(start)]
fn start() {
    console_error_panic_hook::set_once();
}

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> Result<web_sys::Response> {
    let signal = request.signal();
    let answer = async move {
        edge::answer(&request, &env, &context).await.or_else(|error| {
            console_error!("{}: {error}", request.url());
            reply::broken()
        })
    };
    abort::until_aborted(&signal, answer).await.unwrap_or_else(reply::client_gone)
}
