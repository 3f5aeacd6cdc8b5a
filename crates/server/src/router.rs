//! Routes requests to the engine, static content, the preview routes, viewers, the page or the metrics.

use std::{
    net::IpAddr,
    panic::AssertUnwindSafe,
    rc::Rc,
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use azulejo::{
    codec::Codecs,
    http::HttpRequest,
    reply::{method_not_allowed, server},
    serve::{
        Route, health,
        log::{Asked, Taken},
        preview, viewers,
    },
    store::Store,
};
use futures_util::FutureExt;
use hyper::{Request, Response, body::Bytes};

use crate::{
    access_log::{AccessLog, Entry, header, is_fault, sent},
    content, image, log, metrics,
    reply::{Body, response},
    request,
    store::RequestStore,
    studio::{self, Editor, Rules},
    worker::{Shared, Worker},
};

/// Answers any request, and counts it.
pub async fn handle<S, B>(
    incoming: Request<B>,
    peer: IpAddr,
    worker: &Rc<Worker<S>>,
) -> Response<Body>
where
    S: Store + Codecs + 'static,
    B: hyper::body::Body<Data = Bytes> + Unpin,
{
    let start = Instant::now();
    let shared = &worker.shared;
    let (head, mut body) = incoming.into_parts();
    let incoming = &Request::from_parts(head, ());
    let request = match request::read(incoming, peer, &shared.settings) {
        Ok(request) => request,
        // A server with invalid settings does not start.
        Err(error) => {
            log::line(&error.message);
            return response(server::misconfigured(), None);
        }
    };
    let store = RequestStore::new(worker);
    // A bug of the engine costs one reply, not the worker.
    let answered = AssertUnwindSafe(async {
        match &shared.editor {
            Some(editor) if studio::is_edit(&request.path) => {
                edit((incoming, &request), &mut body, shared, editor).await
            }
            _ => answer(&request, worker, &store).await,
        }
    })
    .catch_unwind()
    .await;
    let response = answered.unwrap_or_else(|_| {
        log::line(&format!("{} made the engine panic; see the message above", request.path));
        response(server::internal_error(), None)
    });
    let took = start.elapsed();
    if let Some(metrics) = &shared.metrics {
        metrics.request(&response, took);
    }
    if let Some(log) = &shared.access_log {
        let is_sampled = worker.sampler.takes(log.share());
        if is_sampled || is_fault(&response) {
            write(log, (incoming, &request, peer), &response, (&store.taken, took));
        }
    }
    response
}

/// Answers a request of the page that edits.
async fn edit<B: hyper::body::Body<Data = Bytes> + Unpin>(
    (incoming, request): (&Request<()>, &HttpRequest),
    body: &mut B,
    shared: &Shared,
    editor: &Editor,
) -> Response<Body> {
    let (token, body_timeout) = (&shared.settings.preview.token, shared.client_timeout);
    let rules = Rules { token, body_timeout };
    let (reply, is_edit) = studio::handle(incoming, request, body, rules, editor).await;
    if is_edit {
        shared.edits.fetch_add(1, Ordering::Release);
    }
    response(reply, None)
}

/// Writes the line of a request for an image or for static content.
fn write<B>(
    log: &AccessLog,
    (incoming, request, peer): (&Request<B>, &HttpRequest, IpAddr),
    response: &Response<Body>,
    (taken, took): (&Taken, Duration),
) {
    let Some(asked) = Asked::of(request) else { return };
    log.write(&Entry {
        request,
        headers: incoming.headers(),
        version: incoming.version(),
        peer,
        asked: &asked,
        sent: &sent(response),
        etag: header(response.headers(), "etag"),
        taken,
        took,
    });
}

async fn answer<S: Store + Codecs + 'static>(
    request: &HttpRequest,
    worker: &Rc<Worker<S>>,
    store: &RequestStore<'_, S>,
) -> Response<Body> {
    match Route::of(request) {
        Route::MethodNotAllowed => response(method_not_allowed(), Some("bypass")),
        Route::Health => response(health(request, store).await, None),
        Route::Viewers => response(viewers::viewer(request), None),
        Route::Preview => {
            let settings = &worker.shared.settings.preview;
            response(preview::preview(request, settings, store).await, None)
        }
        Route::Content => content::handle(request, worker, store).await,
        Route::Image => image::handle(request, worker, store).await,
        Route::Other => other(request, worker),
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
