//! A store for the preview page: the read-only routes of a server (`/preview/…`), and a local file
//! in place of one pyramid.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use azulejo::{
    codec::Codecs,
    store::{Block, LayerCache, Read, ReadError, Store, keys::Kind},
};
use js_sys::encode_uri_component;
use wasm_bindgen::JsValue;

use crate::source::{Source, read_range};

/// The capacity of the cache in bytes. It holds indexes, records and catalogs between renders.
const CAPACITY: usize = 8 << 20;

/// The read-only routes of a server, with a cache.
#[derive(Default)]
pub struct RemoteStore {
    base: String,
    cache: RefCell<HashMap<String, Vec<u8>>>,
}

impl RemoteStore {
    /// The routes below the URL `base`, which ends with a slash.
    pub fn new(base: String) -> Self {
        Self { base, ..Self::default() }
    }

    /// The URL of the routes.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The URL of a key. `None` for keys that the preview does not need.
    fn url(&self, key: &str) -> Option<String> {
        let routes =
            [(Kind::Asset, "source"), (Kind::Record, "record"), (Kind::Catalog, "catalog")];
        let (object, route) =
            routes.into_iter().find_map(|(kind, route)| Some((kind.name(key)?, route)))?;
        let elements: Vec<String> =
            object.split('/').map(|element| encode_uri_component(element).into()).collect();
        Some(format!("{}{route}/{}", self.base, elements.join("/")))
    }
}

/// The store for one request. It is one type for all cases, since each store type would compile
/// another copy of the engine.
pub struct PageStore {
    /// The server, if one is given.
    pub remote: Option<Rc<RemoteStore>>,
    /// The local file, if one is given. Without a server it replaces every pyramid.
    pub local: Option<LocalFile>,
    /// The rootIds of catalogs that the server does not let this page read.
    pub closed: RefCell<BTreeSet<String>>,
    /// The layers that were drawn from the same server and file.
    pub layers: Rc<LayerCache>,
}

/// A local file in place of a pyramid.
pub struct LocalFile {
    /// The object whose pyramid it replaces, `rootId/id`.
    pub object: String,
    /// The file.
    pub source: Source,
}

/// Where to look up a key.
enum Place<'a> {
    /// In the local file.
    Local(&'a Source),
    /// Nowhere: the catalog of the local file has no other objects.
    Missing,
    /// On the server.
    Remote,
}

impl PageStore {
    /// Where to look up a key. The object of the local file has neither record nor catalog.
    fn place(&self, key: &str) -> Place<'_> {
        let Some(LocalFile { object, source }) = &self.local else { return Place::Remote };
        if self.remote.is_none() || Kind::Asset.name(key) == Some(object) {
            return Place::Local(source);
        }
        let root = object.split('/').next().unwrap_or_default();
        if root_of(key) == root { Place::Missing } else { Place::Remote }
    }
}

/// The rootId of a key. `catalogs/Shop.json` has the rootId `Shop`.
fn root_of(key: &str) -> &str {
    match Kind::Catalog.name(key) {
        Some(root) => root,
        None => key.split('/').nth(1).unwrap_or_default(),
    }
}

/// All encoders are built in.
impl Codecs for PageStore {}

impl Store for PageStore {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        match self.place(&read.key) {
            Place::Local(source) => return source.read(read).await,
            Place::Missing => return Err(ReadError::NotFound),
            Place::Remote => {}
        }
        let url = self.remote.as_ref().and_then(|remote| remote.url(&read.key));
        let Some(url) = url else { return Err(ReadError::NotFound) };
        match read_range(&JsValue::from(url), read.range, read.version.clone()).await {
            // It may exist, so the page shows that the picture may differ.
            Err(ReadError::Refused(_)) => {
                self.closed.borrow_mut().insert(root_of(&read.key).to_owned());
                Err(ReadError::NotFound)
            }
            response => response,
        }
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        match self.place(key) {
            Place::Local(source) => source.cache_get(key).await,
            Place::Missing => None,
            Place::Remote => self.remote.as_ref()?.cache.borrow().get(key).cloned(),
        }
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        match self.place(key) {
            Place::Local(source) => return source.cache_put(key, bytes).await,
            Place::Missing => return,
            Place::Remote => {}
        }
        // Closed catalogs are not cached, so that each render finds them to be closed.
        if self.closed.borrow().contains(root_of(key)) {
            return;
        }
        let Some(remote) = &self.remote else { return };
        let mut cache = remote.cache.borrow_mut();
        let cached: usize = cache.values().map(Vec::len).sum();
        if cached + bytes.len() > CAPACITY {
            cache.clear();
        }
        cache.insert(key.to_owned(), bytes.to_vec());
    }

    fn layer_cache(&self) -> Option<Rc<LayerCache>> {
        Some(Rc::clone(&self.layers))
    }
}
