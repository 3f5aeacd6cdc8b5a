//! The edge cache of the data centre: finished replies, and indexes that were dear to derive.

use azulejo::http::HttpReply;
use js_sys::Promise;
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Cache, Response, WorkerGlobalScope};
use worker::{Result, console_warn, worker_sys::ext::CacheStorageExt};

use crate::reply;

/// `caches.default`.
#[derive(Debug)]
pub struct EdgeCache(Cache);

/// The address of an entry: never requested by anyone, of one length whatever the key's.
pub fn address(kind: &str, key: &str) -> String {
    use std::fmt::Write;
    let mut address = format!("https://azulejo.invalid/{kind}/");
    for byte in Sha256::digest(key.as_bytes()) {
        let _ = write!(address, "{byte:02x}");
    }
    address
}

/// A whole picture that the engine allows shared caches to keep.
pub fn may_store(reply: &HttpReply) -> bool {
    reply.status == 200 && reply.shared_max_age.is_some()
}

impl EdgeCache {
    /// The cache every isolate of this data centre shares.
    pub fn open() -> Result<Self> {
        let global: WorkerGlobalScope = js_sys::global().unchecked_into();
        Ok(Self(global.caches()?.default()))
    }

    /// The entry as it was stored; `None` is a miss.
    ///
    /// The response goes out as it comes: its body never enters wasm memory. A cache that
    /// fails is no cache, not an error.
    pub async fn find(&self, address: &str) -> Option<Response> {
        settle(self.0.match_with_str(address)).await?.dyn_into().ok()
    }

    /// Keeps a response as long as its own `Cache-Control` says.
    pub async fn store(&self, address: &str, response: &Response) {
        settle(self.0.put_with_str(address, response)).await;
    }
}

/// What an isolate of this data centre derived before, by [`remember`].
pub async fn recall(key: &str) -> Option<Vec<u8>> {
    let found = EdgeCache::open().ok()?.find(&address("derived", key)).await?;
    let buffer = settle(found.array_buffer().ok()?).await?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Keeps derived bytes for the other isolates, for a number of seconds.
pub async fn remember(key: &str, bytes: &[u8], seconds: u32) {
    if let (Ok(cache), Ok(response)) = (EdgeCache::open(), reply::derived(bytes, seconds)) {
        cache.store(&address("derived", key), &response).await;
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
