//! The edge cache of the data centre (Cache API). It holds finished replies, and data that is
//! expensive to derive from stored objects.

use azulejo::store::Namespace;
use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response, WorkerGlobalScope};
use worker::{Result, console_warn, worker_sys::ext::CacheStorageExt};

use crate::reply;

/// `caches.default`.
#[derive(Debug)]
pub struct EdgeCache(Cache);

/// The address of a cache entry. No client can request it.
fn url(key: &str) -> String {
    format!("https://azulejo.invalid/{key}")
}

impl EdgeCache {
    /// The cache that all isolates of this data centre share.
    pub fn open() -> Result<Self> {
        let global: WorkerGlobalScope = js_sys::global().unchecked_into();
        Ok(Self(global.caches()?.default()))
    }

    /// The response stored under a key; `None` on a miss. A failing cache counts as a miss.
    ///
    /// The response can be sent as it is, so its body never enters wasm memory.
    pub async fn get(&self, key: &str) -> Option<Response> {
        settle(self.0.match_with_str(&url(key))).await?.dyn_into().ok()
    }

    /// Stores a response for the lifetime in its own `Cache-Control`.
    pub async fn put(&self, key: &str, response: &Response) {
        settle(self.0.put_with_str(&url(key), response)).await;
    }
}

/// The derived data that [`put_derived`] stored in this data centre.
pub async fn get_derived(namespace: &Namespace, key: &str) -> Option<Vec<u8>> {
    let key = namespace.derived_key(key)?;
    let entry = EdgeCache::open().ok()?.get(&key).await?;
    let buffer = settle(entry.array_buffer().ok()?).await?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Stores derived data for the other isolates of this data centre, for a number of seconds.
pub async fn put_derived(namespace: &Namespace, key: &str, bytes: &[u8], seconds: u32) {
    let Some(key) = namespace.derived_key(key) else { return };
    if let (Ok(cache), Ok(response)) = (EdgeCache::open(), reply::derived_entry(bytes, seconds)) {
        cache.put(&key, &response).await;
    }
}

async fn settle(promise: Promise) -> Option<JsValue> {
    match JsFuture::from(promise).await {
        Ok(value) => Some(value),
        Err(error) => {
            console_warn!("edge cache: {error:?}");
            None
        }
    }
}
