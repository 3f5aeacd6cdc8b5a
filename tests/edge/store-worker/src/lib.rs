//! Runs the store suite over R2 and answers with one line a promise.

// The modules of the Worker itself: as a dependency it would bring its own fetch event.
#[path = "../../../../crates/edge-worker/src/admission.rs"]
mod admission;
#[path = "../../../../crates/edge-worker/src/cache.rs"]
mod cache;
#[path = "../../../../crates/edge-worker/src/remote.rs"]
mod remote;
#[path = "../../../../crates/edge-worker/src/isolate_cache.rs"]
mod isolate_cache;
#[path = "../../../../crates/edge-worker/src/heartbeat.rs"]
#[expect(dead_code, reason = "the suite is one request, for which nobody waits")]
mod heartbeat;
#[path = "../../../../crates/edge-worker/src/queue.rs"]
mod queue;
#[path = "../../../../crates/edge-worker/src/r2.rs"]
mod r2;
#[path = "../../../../crates/edge-worker/src/reply.rs"]
#[expect(dead_code, reason = "the store needs only what it caches")]
mod reply;
#[path = "../../../store_suite/mod.rs"]
mod store_suite;

use azulejo::store::{Namespace, Store};
use worker::{Context, Env, Request, Response, Result, event};

/// `/suite` runs the suite; `/remember?key` and `/recall?key` cross from isolate to isolate.
#[event(fetch)]
async fn fetch(request: Request, env: Env, context: Context) -> Result<Response> {
    console_error_panic_hook::set_once();
    let store = r2::R2Store::new(&env, Namespace::new("suite", ""), &context);
    match request.path().as_str() {
        "/remember" => {
            store.cache_put("derived", b"derived data").await;
            Response::ok("")
        }
        "/recall" => {
            let recalled = store.cache_get("derived").await;
            Response::ok(String::from_utf8(recalled.unwrap_or_default()).unwrap_or_default())
        }
        _ => Response::ok(suite(&store, &env.bucket("ASSETS")?).await),
    }
}

async fn suite(store: &r2::R2Store<'_>, bucket: &worker::Bucket) -> String {
    let put = async |key: &str, bytes: &[u8]| {
        if let Err(error) = bucket.put(key, bytes.to_vec()).execute().await {
            worker::console_error!("put {key}: {error}");
        }
    };
    let mut lines = String::new();
    for (promise, outcome) in store_suite::run(store, put).await {
        let verdict =
            outcome.err().map_or_else(|| "kept".to_owned(), |why| format!("BROKEN: {why}"));
        lines.push_str(&format!("{promise}: {verdict}\n"));
    }
    lines
}
