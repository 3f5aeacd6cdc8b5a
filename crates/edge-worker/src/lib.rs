//! Azulejo on Cloudflare Workers: the engine with R2 as its store and the edge cache in front.

mod abort;
mod admission;
mod cache;
mod codecs;
mod content;
mod heartbeat;
mod isolate_cache;
mod queue;
mod r2;
mod remote;
mod reply;
mod request_log;
mod router;
mod settings;
mod single_flight;

use azulejo::reply::server;
use worker::{Context, Env, Result, console_error, event};

#[event(start)]
fn start() {
    console_error_panic_hook::set_once();
}

#[event(fetch)]
async fn fetch(request: web_sys::Request, env: Env, context: Context) -> Result<web_sys::Response> {
    let signal = request.signal();
    let response = async move {
        router::handle(&request, &env, &context).await.or_else(|error| {
            // The query may hold a signature.
            let url = request.url();
            console_error!("{}: {error}", url.split('?').next().unwrap_or_default());
            reply::uncached_response(&server::internal_error())
        })
    };
    let gone = || reply::uncached_response(&server::client_gone());
    abort::until_aborted(&signal, response).await.unwrap_or_else(gone)
}
