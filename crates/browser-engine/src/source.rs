//! A store for a file, blob, URL or bytes of the page.

use std::{cell::RefCell, rc::Rc};

use azulejo::{
    error::{Error, ErrorKind},
    store::{Block, ByteRange, MemoryStore, Read, ReadError, Store, Version},
};
use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/source.js")]
extern "C" {
    #[wasm_bindgen(js_name = readSource, catch)]
    async fn read_source(source: &JsValue, start: f64, len: f64) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = performance)]
    /// Milliseconds of a monotonic clock.
    pub fn now() -> f64;
}

/// The key of a pyramid that was built in the page.
const KEY: &str = "built";

/// The largest integer that JavaScript represents exactly.
const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// A source. It replaces every pyramid that a request may name.
#[derive(Clone)]
pub enum Source {
    /// A pyramid TIFF: the page's object, and its index once it has been opened.
    Raw(JsValue, Rc<RefCell<Option<Vec<u8>>>>),
    /// The pyramid of a JPEG or PNG, built in the page.
    Built(Rc<MemoryStore>),
}

impl Source {
    /// The page's object.
    pub fn raw(raw: JsValue) -> Self {
        Self::Raw(raw, Rc::default())
    }

    /// A pyramid that was built in the page.
    pub fn built(file: Vec<u8>) -> Self {
        let store = MemoryStore::new();
        store.put(KEY, file);
        Self::Built(Rc::new(store))
    }

    /// The first 8 bytes, which identify the format.
    pub async fn head(&self) -> Result<Vec<u8>, JsValue> {
        self.bytes(ByteRange::new(0, 8)).await
    }

    /// All bytes.
    pub async fn whole(&self) -> Result<Vec<u8>, JsValue> {
        self.bytes(ByteRange::new(0, u64::from(u32::MAX))).await
    }

    async fn bytes(&self, range: ByteRange) -> Result<Vec<u8>, JsValue> {
        match self.range(range, None).await {
            Ok(block) => Ok(block.bytes),
            // The engine will reply with its own error.
            Err(ReadError::NotFound | ReadError::Changed) => Ok(Vec::new()),
            Err(error) => Err(JsError::new(&error.to_string()).into()),
        }
    }

    async fn range(&self, range: ByteRange, version: Option<Version>) -> Result<Block, ReadError> {
        let raw = match self {
            Self::Raw(raw, _) => raw,
            Self::Built(store) => {
                return store.read(&Read { key: KEY.to_owned(), range, version }).await;
            }
        };
        read_range(raw, range, version).await
    }
}

/// Reads a range with `source.js`. Fails with [`ReadError::Refused`] if a server does not let this
/// page read it, and never with [`ReadError::Moved`].
pub async fn read_range(
    raw: &JsValue,
    range: ByteRange,
    version: Option<Version>,
) -> Result<Block, ReadError> {
    let (start, len) = (range.start.min(SAFE_INTEGER), range.len.min(SAFE_INTEGER));
    let response = read_source(raw, start as f64, len as f64).await;
    let response = response.map_err(|error| ReadError::Failed(error_message(&error)))?;
    let field = |name: &str| Reflect::get(&response, &name.into()).unwrap_or(JsValue::UNDEFINED);
    if field("missing").is_truthy() {
        return Err(ReadError::NotFound);
    }
    if field("closed").is_truthy() {
        let message = "this page may not read it: see PREVIEW_SOURCES";
        return Err(ReadError::Refused(Error::new(ErrorKind::Forbidden, message)));
    }
    let present = Version(field("version").as_string().unwrap_or_default());
    if version.is_some_and(|version| version != present) {
        return Err(ReadError::Changed);
    }
    Ok(Block {
        start: range.start,
        bytes: Uint8Array::new(&field("bytes")).to_vec(),
        version: present,
        object_len: field("size").as_f64().unwrap_or_default() as u64,
        modified: field("modified").as_f64().filter(|date| date.is_finite()),
    })
}

impl Store for Source {
    async fn read(&self, read: &Read) -> Result<Block, ReadError> {
        // There are pyramids only, no catalogs, records and indexes.
        if !read.key.ends_with(".tif") {
            return Err(ReadError::NotFound);
        }
        self.range(read.range, read.version.clone()).await
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            Self::Raw(_, index) if key.ends_with(".tif") => index.borrow().clone(),
            Self::Raw(..) | Self::Built(_) => None,
        }
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        if let Self::Raw(_, index) = self
            && key.ends_with(".tif")
        {
            index.replace(Some(bytes.to_vec()));
        }
    }
}

fn error_message(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
