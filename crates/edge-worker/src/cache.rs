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

/// What one Worker may find there: the Workers of a zone share the edge cache, and the same key is
/// another object in another bucket.
#[derive(Debug, Clone)]
pub struct Namespace {
    name: String,
    /// Whether the name is a setting, and so that of a bucket.
    is_set: bool,
}

impl Namespace {
    /// The one that a setting names, for all Workers over one bucket; else that of the host.
    pub fn new(setting: &str, host: &str) -> Self {
        match setting.trim() {
            "" => Self { name: host.to_ascii_lowercase(), is_set: false },
            name => Self { name: name.to_owned(), is_set: true },
        }
    }

    /// The address of a finished reply. Its tag holds the versions of all that it is made of.
    pub fn of_reply(&self, tag: &str) -> String {
        self.address("reply", tag)
    }

    /// The address of what was derived from an object of the bucket. Its key alone does not tell one
    /// bucket from another, and neither does the host: without a setting there is none.
    fn of_derived(&self, key: &str) -> Option<String> {
        self.is_set.then(|| self.address("derived", key))
    }

    /// Never requested by anyone, of one length whatever the key's.
    fn address(&self, kind: &str, key: &str) -> String {
        use std::fmt::Write;
        let mut hash = Sha256::new();
        for part in [if self.is_set { "set" } else { "host" }, self.name.as_str(), key] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut address = format!("https://azulejo.invalid/{kind}/");
        for byte in hash.finalize() {
            let _ = write!(address, "{byte:02x}");
        }
        address
    }
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

/// What an isolate of this data centre derived before, by [`put_entry`].
pub async fn get_entry(namespace: &Namespace, key: &str) -> Option<Vec<u8>> {
    let address = namespace.of_derived(key)?;
    let found = EdgeCache::open().ok()?.find(&address).await?;
    let buffer = settle(found.array_buffer().ok()?).await?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec())
}

/// Keeps derived bytes for the other isolates, for a number of seconds.
pub async fn put_entry(namespace: &Namespace, key: &str, bytes: &[u8], seconds: u32) {
    let Some(address) = namespace.of_derived(key) else { return };
    if let (Ok(cache), Ok(response)) = (EdgeCache::open(), reply::derived(bytes, seconds)) {
        cache.store(&address, &response).await;
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
    fn workers_of_a_zone_find_their_own_entries_only() {
        let at = |setting: &str, host: &str| Namespace::new(setting, host).of_reply("\"tag\"");
        assert_eq!(at("", "img.example"), at("", "IMG.example"));
        assert_ne!(at("", "img.example"), at("", "staging.example"));
        assert_eq!(at("shop", "img.example"), at(" shop", "other.example"), "one bucket");
        assert_ne!(at("shop", "img.example"), at("shop-staging", "img.example"));
        assert_ne!(at("img.example", ""), at("", "img.example"));
        let shop = Namespace::new("shop", "");
        assert_ne!(shop.of_reply("a"), shop.of_reply("b"));
        assert_ne!(Namespace::new("s", "").of_reply("ha"), Namespace::new("sh", "").of_reply("a"));
    }

    #[test]
    fn objects_are_shared_by_the_name_of_their_bucket_only() {
        let key = "assets/Shop/shoe.tif";
        assert_eq!(Namespace::new("", "img.example").of_derived(key), None);
        let at = |setting: &str| Namespace::new(setting, "img.example").of_derived(key).unwrap();
        assert_ne!(at("shop"), at("shop-staging"));
        assert_ne!(at("shop"), Namespace::new("shop", "").of_reply(key));
    }
}
