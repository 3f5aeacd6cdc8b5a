//! Routes requests to the engine, static content, the preview routes, the page or the metrics.

use std::{net::IpAddr, panic::AssertUnwindSafe, rc::Rc, time::Instant};

use azulejo::{
    codec::Codecs,
    http::HttpRequest,
    reply::{method_not_allowed, server},
    serve::{Route, health, preview},
    store::Store,
};
use futures_util::FutureExt;
use hyper::{Request, Response};

use crate::{
    content, image, log, metrics,
    reply::{Body, response},
    request,
    store::RequestStore,
    worker::Worker,
};

/// Answers any request, and counts it.
pub async fn handle<S, B>(
    incoming: &Request<B>,
    peer: IpAddr,
    worker: &Rc<Worker<S>>,
) -> Response<Body>
where
    S: Store + Codecs + 'static,
{
    let start = Instant::now();
    // A bug of the engine costs one reply, not the worker.
    let answered = AssertUnwindSafe(answer(incoming, peer, worker)).catch_unwind().await;
    let response = answered.unwrap_or_else(|_| {
        log::line(&format!("{} made the engine panic; see the message above", incoming.uri()));
        response(server::internal_error(), None)
    });
    if let Some(metrics) = &worker.shared.metrics {
        metrics.request(&response, start.elapsed());
    }
    response
}

async fn answer<S, B>(incoming: &Request<B>, peer: IpAddr, worker: &Rc<Worker<S>>) -> Response<Body>
where
    S: Store + Codecs + 'static,
{
    let shared = &worker.shared;
    let request = match request::read(incoming, peer, &shared.settings) {
        Ok(request) => request,
        // A server with invalid settings does not start.
        Err(error) => {
            log::line(&error.message);
            return response(server::misconfigured(), None);
        }
    };
    let store = RequestStore::new(worker);
    match Route::of(&request) {
        Route::MethodNotAllowed => response(method_not_allowed(), Some("bypass")),
        Route::Health => response(health(&request, &store).await, None),
        Route::Preview => {
            let sources = &shared.settings.preview_sources;
            response(preview::preview(&request, sources, &store).await, None)
        }
        Route::Content => content::handle(&request, worker, &store).await,
        Route::Image => image::handle(&request, worker, &store).await,
        Route::Other => other(&request, worker),
    }
}

/// The metrics, or a file of the page.
fn other<S>(request: &HttpRequest, worker: &Worker<S>) -> Response<Body> {
    let shared = &worker.shared;
    let reply = match &shared.metrics {
        Some(metrics) if request.path == metrics::PATH => metrics.reply(shared),
        _ => shared.page.reply(request),
    };
    response(reply, None)
}
