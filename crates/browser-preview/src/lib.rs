//! Azulejo in the browser: the Worker's engine over files, blobs and URLs.

mod edge;
mod original;
mod source;

use std::{cell::RefCell, rc::Rc};

use azulejo::{
    http::{HttpReply, HttpRequest},
    protocol::decode_path,
    serve::serve,
};
use edge::{Edge, Places};
use js_sys::{Array, Date, Object, Reflect, Uint8Array};
use source::Source;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}

/// Says what the engine makes of a URL without answering it: the object that `azulejo check
/// --json` prints. Columns count characters from 1.
#[wasm_bindgen]
pub fn check(url: &str) -> Result<JsValue, JsValue> {
    let report = serde_json::to_string(&azulejo::check::check(url));
    let report = report.map_err(|error| JsError::new(&error.to_string()))?;
    js_sys::JSON::parse(&report)
}

/// Makes the pyramid TIFF of a JPEG or PNG: the file that `azulejo ingest` stores where no image
/// profile says otherwise. Throws an error if the file cannot be decoded or is too large for a page.
#[wasm_bindgen]
pub fn pyramid(bytes: &[u8]) -> Result<Vec<u8>, JsError> {
    original::pyramid(bytes).map_err(|error| JsError::new(&error))
}

/// Renders Image Serving requests locally, with the same bytes as the Worker.
#[wasm_bindgen]
#[derive(Default)]
pub struct Preview {
    /// What was given last, and what is known of it: the next render mostly takes it again.
    last: RefCell<Option<(JsValue, Source)>>,
    /// The server that was given last, likewise.
    edge: RefCell<Rc<Edge>>,
}

#[wasm_bindgen]
impl Preview {
    /// A preview. There are no options yet; pass `{}`.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Self {
        let _ = options;
        Self::default()
    }

    /// Answers one request, `rootId/id?modifiers`, from `options.source`: a `File`, `Blob`, `URL`
    /// or bytes with a pyramid TIFF, a JPEG or a PNG; or an object with `size` and
    /// `read(start, length)`, which gives a `Uint8Array`, or `null` where there is nothing.
    ///
    /// `options.store` is the URL of a server's `/preview/`: records, presets, default images and all
    /// pyramids are read from there, as far as the server lets this page, so that the picture is
    /// the server's own. With a source besides, that stands for the pyramid of the object in the
    /// path, which has no record. Without a store, the source stands for every pyramid, and nothing
    /// else is known.
    ///
    /// Resolves to `{status, contentType, bytes, headers, timing, closed}`: `bytes` is a `Uint8Array`,
    /// `headers` and `timing` (milliseconds by stage) are plain objects, `closed` lists the catalogs
    /// that the server does not let this page read: where there are any, its own picture may differ. An error of the request
    /// is a reply too, with a status that is not 200; only a source that cannot be read rejects.
    /// A source is known by its identity: bytes that changed must come in another array.
    #[wasm_bindgen]
    pub async fn render(&self, request: String, options: JsValue) -> Result<Object, JsValue> {
        let given = Reflect::get(&options, &"source".into())?;
        let (object, query) = request.split_once('?').unwrap_or((&request, ""));
        let object = object.trim_start_matches('/').trim_start_matches("is/image/");
        let request = HttpRequest {
            path: format!("/is/image/{object}"),
            query: query.to_owned(),
            received_at: Date::now(),
            ..HttpRequest::default()
        };
        let began = source::now();
        let source = match given.is_undefined() {
            true => None,
            false => Some(self.source(given).await?),
        };
        let prepared = source::now() - began;
        let store = Reflect::get(&options, &"store".into())?;
        let edge = match store.is_undefined() {
            true if source.is_none() => {
                return Err(JsError::new("render: give a source or a store").into());
            }
            true => None,
            false => Some(self.edge(&options)?),
        };
        let own = source.map(|source| (decode_path(object), source));
        let places = Places { edge, own, closed: RefCell::default() };
        let reply = serve(&request, &places, source::now).await;
        described(reply, prepared, places.closed.take().into_iter().collect())
    }

    /// The server that `options.store` names; what is remembered of it stays while it is the same.
    fn edge(&self, options: &JsValue) -> Result<Rc<Edge>, JsValue> {
        let store = Reflect::get(options, &"store".into())?;
        let base = match store.as_string() {
            Some(base) => base,
            None => Reflect::get(&store, &"href".into())?.as_string().unwrap_or_default(),
        };
        if !base.ends_with('/') {
            return Err(JsError::new("store: expected a URL that ends with a slash").into());
        }
        let mut edge = self.edge.borrow_mut();
        if edge.base() != base {
            *edge = Rc::new(Edge::at(base));
        }
        Ok(Rc::clone(&edge))
    }

    /// The store over a source; a JPEG or PNG is made a pyramid the first time it is seen.
    async fn source(&self, given: JsValue) -> Result<Source, JsValue> {
        if let Some((last, source)) = self.last.borrow().as_ref()
            && Object::is(last, &given)
        {
            return Ok(source.clone());
        }
        let mut source = Source::given(given.clone());
        if original::is_one(&source.head().await?) {
            let made = original::pyramid(&source.whole().await?);
            source = Source::made(made.map_err(|why| JsError::new(&why))?);
        }
        *self.last.borrow_mut() = Some((given, source.clone()));
        Ok(source)
    }
}

fn described(reply: HttpReply, prepared: f64, closed: Vec<String>) -> Result<Object, JsValue> {
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
        if let Some((name, milliseconds)) = stage.split_once(";dur=") {
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
