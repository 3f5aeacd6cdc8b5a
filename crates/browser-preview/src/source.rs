//! Whatever a page holds, as the engine's store.

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
    /// Milliseconds of a clock that only goes forward.
    pub fn now() -> f64;
}

/// The one key of a pyramid that was made here.
const KEY: &str = "made";

/// The largest whole number that JavaScript counts exactly to.
const SAFE_INTEGER: u64 = (1 << 53) - 1;

/// One source, which stands for every pyramid that a request may name.
#[derive(Clone)]
pub enum Source {
    /// What the page gave, and the index of it once it was opened.
    Given(JsValue, Rc<RefCell<Option<Vec<u8>>>>),
    /// The pyramid of a JPEG or PNG.
    Made(Rc<MemoryStore>),
}

impl Source {
    /// What the page gave.
    pub fn given(given: JsValue) -> Self {
        Self::Given(given, Rc::default())
    }

    /// A pyramid that was made here.
    pub fn made(file: Vec<u8>) -> Self {
        let store = MemoryStore::new();
        store.put(KEY, file);
        Self::Made(Rc::new(store))
    }

    /// The first bytes, to tell what it is.
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
            // The engine says it in its own way, as a reply.
            Err(ReadError::NotFound | ReadError::Changed) => Ok(Vec::new()),
            Err(error) => Err(JsError::new(&error.to_string()).into()),
        }
    }

    async fn range(&self, range: ByteRange, version: Option<Version>) -> Result<Block, ReadError> {
        let given = match self {
            Self::Given(given, _) => given,
            Self::Made(store) => {
                return store.read(&Read { key: KEY.to_owned(), range, version }).await;
            }
        };
        read_range(given, range, version).await
    }
}

/// Reads a range of what `source.js` can read: [`ReadError::Moved`] never, and
/// [`ReadError::Refused`] where a server says that this page may not.
pub async fn read_range(
    given: &JsValue,
    range: ByteRange,
    version: Option<Version>,
) -> Result<Block, ReadError> {
    let (start, len) = (range.start.min(SAFE_INTEGER), range.len.min(SAFE_INTEGER));
    let answer = read_source(given, start as f64, len as f64).await;
    let answer = answer.map_err(|error| ReadError::Failed(words(&error)))?;
    let field = |name: &str| Reflect::get(&answer, &name.into()).unwrap_or(JsValue::UNDEFINED);
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
        // Only pyramids are here; catalogs, records and indexes are not.
        if !read.key.ends_with(".tif") {
            return Err(ReadError::NotFound);
        }
        self.range(read.range, read.version.clone()).await
    }

    async fn cache_get(&self, key: &str) -> Option<Vec<u8>> {
        match self {
            Self::Given(_, index) if key.ends_with(".tif") => index.borrow().clone(),
            Self::Given(..) | Self::Made(_) => None,
        }
    }

    async fn cache_put(&self, key: &str, bytes: &[u8]) {
        if let Self::Given(_, index) = self
            && key.ends_with(".tif")
        {
            index.replace(Some(bytes.to_vec()));
        }
    }
}

fn words(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => format!("{error:?}"),
    }
}
