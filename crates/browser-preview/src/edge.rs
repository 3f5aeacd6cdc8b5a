//! The read-only routes of a server (`/preview/…`) as the engine's store, with a file of the page in
//! place of one of its pyramids.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashMap},
    rc::Rc,
};

use azulejo::{
    codec::Codecs,
    store::{Block, Read, ReadError, Store, keys::Kind},
};
use js_sys::encode_uri_component;
use wasm_bindgen::JsValue;

use crate::source::{Source, read_range};

/// Bytes that are remembered between renders: indexes, records, catalogs.
const CAPACITY: usize = 8 << 20;

/// A server's routes, and what is remembered of it.
#[derive(Default)]
pub struct Edge {
    base: String,
    remembered: RefCell<HashMap<String, Vec<u8>>>,
}

impl Edge {
    /// The routes below `base`, which ends with a slash.
    pub fn at(base: String) -> Self {
        Self { base, ..Self::default() }
    }

    /// Where `base` is.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of a key; other keys than these no picture needs.
    fn address(&self, key: &str) -> Option<String> {
        let routes =
            [(Kind::Asset, "source"), (Kind::Record, "record"), (Kind::Catalog, "catalog")];
        let (object, route) =
            routes.into_iter().find_map(|(kind, route)| Some((kind.name(key)?, route)))?;
        let elements: Vec<String> =
            object.split('/').map(|element| encode_uri_component(element).into()).collect();
        Some(format!("{}{route}/{}", self.base, elements.join("/")))
    }
}

/// What one request is drawn from: one type for all of it, since each store makes an engine of its own.
pub struct Places {
    /// The server, if there is one.
    pub edge: Option<Rc<Edge>>,
    /// What stands for the pyramid of this object, `rootId/id`; without a server for every pyramid.
    pub own: Option<(String, Source)>,
    /// Catalogs that were looked into in vain, since this page may not read them.
    pub closed: RefCell<BTreeSet<String>>,
}

impl Places {
    /// The file that stands for a pyramid; its object has neither record nor catalog at the edge.
    fn own(&self, key: &str) -> Option<Option<&Source>> {
        let (object, source) = self.own.as_ref()?;
        if self.edge.is_none() {
            return Some(Some(source));
        }
        let root = object.split('/').next().unwrap_or_default();
        if Kind::Asset.name(key) == Some(object) {
            return Some(Some(source));
        }
        (root_of(key) == root).then_some(None)
    }
}

/// The catalog that a key belongs to: that of `catalogs/Shop.json` is `Shop`, too.
fn root_of(key: &str) -> &str {
    match Kind::Catalog.name(key) {
        Some(root) => root,
        None => key.split('/').nth(1).unwrap_or_default(),
    }
}

/// All encoders are built in.
impl Codecs for Places {}

impl Store for Places {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        match self.own(&read.key) {
            Some(Some(source)) => return source.read(read).await,
            Some(None) => return Err(ReadError::NotFound),
            None => {}
        }
        let address = self.edge.as_ref().and_then(|edge| edge.address(&read.key));
        let Some(address) = address else { return Err(ReadError::NotFound) };
        match read_range(&JsValue::from(address), read.range, read.version.clone()).await {
            // It may be there: who shows the picture says so.
            Err(ReadError::Refused(_)) => {
                self.closed.borrow_mut().insert(root_of(&read.key).to_owned());
                Err(ReadError::NotFound)
            }
            answer => answer,
        }
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        match self.own(key) {
            Some(Some(source)) => source.cache_get(key).await,
            Some(None) => None,
            None => self.edge.as_ref()?.remembered.borrow().get(key).cloned(),
        }
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        match self.own(key) {
            Some(Some(source)) => return source.cache_put(key, bytes).await,
            Some(None) => return,
            None => {}
        }
        // What is closed is asked for again, so that it is known of each picture.
        if self.closed.borrow().contains(root_of(key)) {
            return;
        }
        let Some(edge) = &self.edge else { return };
        let mut remembered = edge.remembered.borrow_mut();
        let held: usize = remembered.values().map(Vec::len).sum();
        if held + bytes.len() > CAPACITY {
            remembered.clear();
        }
        remembered.insert(key.to_owned(), bytes.to_vec());
    }
}
