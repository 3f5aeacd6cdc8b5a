//! Azulejo in the browser: the Worker's engine over files, blobs and URLs. Whatever module links
//! this crate has these exports.

mod remote_store;
mod pyramid;
mod source;

use std::{cell::RefCell, rc::Rc};

use azulejo::{
    commands::{Description, Row, rows},
    http::{HttpReply, HttpRequest},
    protocol::decode_path,
    serve::serve,
    store::LayerCache,
};
use js_sys::{Array, Date, Object, Reflect, Uint8Array};
use remote_store::{LocalFile, PageStore, RemoteStore};
use serde::Serialize;
use source::Source;
use wasm_bindgen::prelude::*;

/// The types that the exports below name.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Lints a URL. Returns the object that `azulejo check --json` prints. Columns are characters,
/// counted from 1.
#[wasm_bindgen(unchecked_return_type = "Report")]
pub fn check(url: &str) -> Result<JsValue, JsValue> {
    plain(&azulejo::check::check(url))
}

/// All commands of the protocol, in canonical order, with their documentation.
#[wasm_bindgen(unchecked_return_type = "Command[]")]
pub fn commands() -> Result<JsValue, JsValue> {
    let commands: Vec<Description> = rows().map(Row::describe).collect();
    plain(&commands)
}

/// Reads the commands of a query string, in order. Where it cannot be read further, the list ends;
/// `check` tells why. `modifiers.slice(from, to)` is a command as typed.
#[wasm_bindgen(unchecked_return_type = "Typed[]")]
pub fn read(modifiers: &str) -> Result<JsValue, JsValue> {
    plain(&azulejo::check::typed(modifiers))
}

/// A value as plain objects and arrays.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let json = serde_json::to_string(value);
    let json = json.map_err(|error| JsError::new(&error.to_string()))?;
    js_sys::JSON::parse(&json)
}

/// Builds the pyramid TIFF of a JPEG or PNG, equal to what `azulejo ingest` stores without an image
/// profile. Throws if the file cannot be decoded or is too large for a page.
#[cfg(feature = "originals")]
#[wasm_bindgen]
pub fn pyramid(bytes: &[u8]) -> Result<Vec<u8>, JsError> {
    pyramid::build(bytes).map_err(|error| JsError::new(&error))
}

/// Renders Image Serving requests locally, with the same bytes as the Worker.
#[wasm_bindgen]
#[derive(Default)]
pub struct Preview {
    /// The last source, and its opened form. The next render usually has the same source.
    last: RefCell<Option<(JsValue, Source)>>,
    /// The last server.
    remote: RefCell<Rc<RemoteStore>>,
    /// The layers that were drawn from them. Bytes of the page have no version, so another source
    /// or server begins with an empty cache.
    layers: RefCell<Rc<LayerCache>>,
}

#[wasm_bindgen]
impl Preview {
    /// A preview. There are no options yet; pass `{}`.
    #[wasm_bindgen(constructor)]
    pub fn new(#[wasm_bindgen(unchecked_param_type = "PreviewOptions")] options: JsValue) -> Self {
        let _ = options;
        Self::default()
    }

    /// Answers one request, `rootId/id?modifiers`.
    ///
    /// `options.source` is a `File`, `Blob`, `URL` or bytes with a pyramid TIFF, a JPEG or a PNG
    /// (a pyramid only, without the feature `originals`).
    /// It may also be an object with `size` and `read(start, length)`, which returns a
    /// `Uint8Array`, or `null` if there is nothing.
    ///
    /// `options.store` is the URL of a server's `/preview/`. Records, presets, default images and
    /// pyramids are read from there, as far as the server allows it, so that the picture equals the
    /// server's. A source replaces the pyramid of the object in the path. That object then has no
    /// record, and its catalog has no settings and no other objects. Without a store the source
    /// replaces every pyramid, and there are no records and catalogs.
    ///
    /// With `options.cache` `false`, no layer that an earlier render has drawn is used, so that
    /// `req=explain` tells how the whole picture is made.
    ///
    /// Resolves to `{status, contentType, bytes, headers, timing, closed}`. `bytes` is a
    /// `Uint8Array`. `headers` and `timing` (milliseconds by stage) are plain objects. `closed`
    /// lists the catalogs that the server does not let this page read; if there are any, the
    /// server's picture may differ.
    ///
    /// An error of the request is a reply with another status than 200. Only an unreadable source
    /// rejects. A source is cached by identity: changed bytes must be passed in another array.
    #[wasm_bindgen(unchecked_return_type = "Reply")]
    pub async fn render(
        &self,
        request: String,
        #[wasm_bindgen(unchecked_param_type = "RenderOptions")] options: JsValue,
    ) -> Result<Object, JsValue> {
        let raw = Reflect::get(&options, &"source".into())?;
        let (object, query) = request.split_once('?').unwrap_or((&request, ""));
        let object = object.trim_start_matches('/').trim_start_matches("is/image/");
        let request = HttpRequest {
            path: format!("/is/image/{object}"),
            query: query.to_owned(),
            received_at: Date::now(),
            ..HttpRequest::default()
        };
        let began = source::now();
        let source = match raw.is_undefined() {
            true => None,
            false => Some(self.source(raw).await?),
        };
        let prepared = source::now() - began;
        let store = Reflect::get(&options, &"store".into())?;
        let remote = match store.is_undefined() {
            true if source.is_none() => {
                return Err(JsError::new("render: give a source or a store").into());
            }
            true => None,
            false => Some(self.remote(&options)?),
        };
        let local = source.map(|source| LocalFile { object: decode_path(object), source });
        let uses_cache = Reflect::get(&options, &"cache".into())? != JsValue::FALSE;
        let layers = match uses_cache {
            true => Rc::clone(&self.layers.borrow()),
            false => Rc::default(),
        };
        let store = PageStore { remote, local, closed: RefCell::default(), layers };
        let reply = serve(&request, &store, source::now).await;
        to_object(reply, prepared, store.closed.take().into_iter().collect())
    }

    /// The server of `options.store`. Reuses the last one, with its cache, if the URL is the same.
    fn remote(&self, options: &JsValue) -> Result<Rc<RemoteStore>, JsValue> {
        let store = Reflect::get(options, &"store".into())?;
        let base = match store.as_string() {
            Some(base) => base,
            None => Reflect::get(&store, &"href".into())?.as_string().unwrap_or_default(),
        };
        if !base.ends_with('/') {
            return Err(JsError::new("store: expected a URL that ends with a slash").into());
        }
        let mut remote = self.remote.borrow_mut();
        if remote.base() != base {
            *remote = Rc::new(RemoteStore::new(base));
            self.layers.take();
        }
        Ok(Rc::clone(&remote))
    }

    /// Opens a source. Builds the pyramid of a JPEG or PNG the first time.
    async fn source(&self, raw: JsValue) -> Result<Source, JsValue> {
        if let Some((last, source)) = self.last.borrow().as_ref()
            && Object::is(last, &raw)
        {
            return Ok(source.clone());
        }
        let mut source = Source::raw(raw.clone());
        if pyramid::is_jpeg_or_png(&source.head().await?) {
            let built = pyramid::build(&source.whole().await?);
            source = Source::built(built.map_err(|why| JsError::new(&why))?);
        }
        *self.last.borrow_mut() = Some((raw, source.clone()));
        self.layers.take();
        Ok(source)
    }
}

fn to_object(reply: HttpReply, prepared: f64, closed: Vec<String>) -> Result<Object, JsValue> {
    let headers = Object::new();
    for (name, value) in &reply.headers {
        Reflect::set(&headers, &(*name).into(), &value.into())?;
    }
    for (name, value) in &reply.extra {
        Reflect::set(&headers, &name.into(), &value.into())?;
    }
    let timing = Object::new();
    Reflect::set(&timing, &"source".into(), &prepared.into())?;
    for stage in reply.header("server-timing").unwrap_or_default().split(", ") {
        // The times of nodes, which have a description, are in the header only.
        if let Some((name, milliseconds)) = stage.split_once(";dur=")
            && !name.contains(';')
        {
            let milliseconds: f64 = milliseconds.parse().unwrap_or_default();
            Reflect::set(&timing, &name.into(), &milliseconds.into())?;
        }
    }
    let result = Object::new();
    let content_type = reply.header("content-type").unwrap_or_default();
    Reflect::set(&result, &"status".into(), &reply.status.into())?;
    Reflect::set(&result, &"contentType".into(), &content_type.into())?;
    Reflect::set(&result, &"bytes".into(), &Uint8Array::from(reply.body.as_slice()))?;
    Reflect::set(&result, &"headers".into(), &headers)?;
    Reflect::set(&result, &"timing".into(), &timing)?;
    let closed: Array = closed.into_iter().map(JsValue::from).collect();
    Reflect::set(&result, &"closed".into(), &closed)?;
    Ok(result)
}
