//! The edge cache of the data centre (Cache API). It holds finished replies, and data that is
//! expensive to derive from stored objects.

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

/// The namespace of a Worker's cache entries. It is needed because all Workers of a zone share the
/// edge cache, and the same key means another object in another bucket.
#[derive(Debug, Clone)]
pub struct Namespace {
    name: String,
    /// Whether the name is the setting, which identifies a bucket, and not the host.
    is_set: bool,
}

impl Namespace {
    /// The namespace of the setting, which all Workers with the same bucket share; without a
    /// setting, the host's.
    pub fn new(setting: &str, host: &str) -> Self {
        match setting.trim() {
            "" => Self { name: host.to_ascii_lowercase(), is_set: false },
            name => Self { name: name.to_owned(), is_set: true },
        }
    }

    /// The cache URL of a finished reply. Its entity tag covers the versions of everything that it
    /// is made of.
    pub fn reply_url(&self, tag: &str) -> String {
        self.url("reply", tag)
    }

    /// The cache URL of data derived from a stored object. `None` without the setting, since
    /// neither key nor host identify the bucket.
    fn derived_url(&self, key: &str) -> Option<String> {
        self.is_set.then(|| self.url("derived", key))
    }

    /// A URL of fixed length that no client can request.
    fn url(&self, kind: &str, key: &str) -> String {
        use std::fmt::Write;
        let mut hash = Sha256::new();
        for part in [if self.is_set { "set" } else { "host" }, self.name.as_str(), key] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut url = format!("https://azulejo.invalid/{kind}/");
        for byte in hash.finalize() {
            let _ = write!(url, "{byte:02x}");
        }
        url
    }
}

/// Whether the reply is a complete image that shared caches may store.
pub fn is_cacheable(reply: &HttpReply) -> bool {
    reply.status == 200 && reply.shared_max_age.is_some()
}

impl EdgeCache {
    /// The cache that all isolates of this data centre share.
    pub fn open() -> Result<Self> {
        let global: WorkerGlobalScope = js_sys::global().unchecked_into();
        Ok(Self(global.caches()?.default()))
    }

    /// The stored response; `None` on a miss. A failing cache counts as a miss.
    ///
    /// The response can be sent as it is, so its body never enters wasm memory.
    pub async fn get(&self, url: &str) -> Option<Response> {
        settle(self.0.match_with_str(url)).await?.dyn_into().ok()
    }

    /// Stores a response for the lifetime in its own `Cache-Control`.
    pub async fn put(&self, url: &str, response: &Response) {
        settle(self.0.put_with_str(url, response)).await;
    }
}

/// The derived data that [`put_derived`] stored in this data centre.
pub async fn get_derived(namespace: &Namespace, key: &str) -> Option<Vec<u8>> {
    let url = namespace.derived_url(key)?;
    let entry = EdgeCache::open().ok()?.get(&url).await?;
    let buffer = settle(entry.array_buffer().ok()?).await?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Stores derived data for the other isolates of this data centre, for a number of seconds.
pub async fn put_derived(namespace: &Namespace, key: &str, bytes: &[u8], seconds: u32) {
    let Some(url) = namespace.derived_url(key) else { return };
    if let (Ok(cache), Ok(response)) = (EdgeCache::open(), reply::derived_entry(bytes, seconds)) {
        cache.put(&url, &response).await;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_of_a_zone_use_their_own_entries_only() {
        let at = |setting: &str, host: &str| Namespace::new(setting, host).reply_url("\"tag\"");
        assert_eq!(at("", "img.example"), at("", "IMG.example"));
        assert_ne!(at("", "img.example"), at("", "staging.example"));
        assert_eq!(at("shop", "img.example"), at(" shop", "other.example"), "one bucket");
        assert_ne!(at("shop", "img.example"), at("shop-staging", "img.example"));
        assert_ne!(at("img.example", ""), at("", "img.example"));
        let shop = Namespace::new("shop", "");
        assert_ne!(shop.reply_url("a"), shop.reply_url("b"));
        assert_ne!(
            Namespace::new("s", "").reply_url("ha"),
            Namespace::new("sh", "").reply_url("a")
        );
    }

    #[test]
    fn derived_data_is_shared_by_the_name_of_the_bucket_only() {
        let key = "assets/Shop/shoe.tif";
        assert_eq!(Namespace::new("", "img.example").derived_url(key), None);
        let at = |setting: &str| Namespace::new(setting, "img.example").derived_url(key).unwrap();
        assert_ne!(at("shop"), at("shop-staging"));
        assert_ne!(at("shop"), Namespace::new("shop", "").reply_url(key));
    }
}
