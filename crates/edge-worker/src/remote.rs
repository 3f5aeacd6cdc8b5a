//! Remote images with the platform's `fetch`, which resolves names and reaches no private network.

use azulejo::{
    limits,
    sources::remote_read::{self, Client, Failed, Url, read_remote},
    store::{Block, Read, ReadError},
};
use js_sys::{Date, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, RequestInit, RequestRedirect, Response,
    WorkerGlobalScope,
};

/// Reads a range of the image whose URL is the key.
pub async fn read(read: &Read) -> Result<Block, ReadError> {
    let signal = AbortSignal::timeout_with_u32(limits::REMOTE_SECONDS * 1000);
    read_remote(read, &Fetch { signal }).await
}

/// The platform's `fetch` with a timeout.
struct Fetch {
    signal: AbortSignal,
}

impl Client for Fetch {
    type Response = Fetched;

    fn parse(&self, url: &str, base: Option<&Url>) -> Option<Url> {
        let url = match base {
            Some(base) => web_sys::Url::new_with_base(url, &base.href),
            None => web_sys::Url::new(url),
        };
        let url = url.ok()?;
        Some(Url { href: url.href(), hostname: url.hostname(), host: url.host() })
    }

    fn date(&self, date: &str) -> Option<f64> {
        Some(Date::parse(date))
    }

    async fn get(&self, url: &Url, headers: &[(&str, &str)]) -> Result<Fetched, Failed> {
        let sent = async {
            let init = RequestInit::new();
            init.set_method("GET");
            init.set_redirect(RequestRedirect::Manual);
            init.set_signal(Some(&self.signal));
            let own = Headers::new()?;
            for (name, value) in headers {
                own.set(name, value)?;
            }
            init.set_headers(&own);
            let global: WorkerGlobalScope = js_sys::global().unchecked_into();
            JsFuture::from(global.fetch_with_str_and_init(&url.href, &init)).await
        };
        let response = sent.await.map_err(|error| failed(&self.signal, &error))?;
        let response: Response = response.unchecked_into();
        let reader = response.body().map(|body| body.get_reader().unchecked_into());
        Ok(Fetched { response, reader, signal: self.signal.clone() })
    }
}

/// A response, and the reader of its body.
struct Fetched {
    response: Response,
    reader: Option<ReadableStreamDefaultReader>,
    signal: AbortSignal,
}

impl remote_read::Response for Fetched {
    fn status(&self) -> u16 {
        self.response.status()
    }

    fn header(&self, name: &str) -> Option<String> {
        self.response.headers().get(name).ok().flatten()
    }

    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failed> {
        let Some(reader) = &self.reader else { return Ok(None) };
        let next = async {
            let next = JsFuture::from(reader.read()).await?;
            if Reflect::get(&next, &"done".into())?.is_truthy() {
                return Ok(None);
            }
            let chunk: Uint8Array = Reflect::get(&next, &"value".into())?.unchecked_into();
            Ok(Some(chunk.to_vec()))
        };
        next.await.map_err(|error: JsValue| failed(&self.signal, &error))
    }

    async fn cancel(self) {
        if let Some(reader) = self.reader {
            // A failed cancel only wastes traffic.
            let _ = JsFuture::from(reader.cancel()).await;
        }
    }
}

fn failed(signal: &AbortSignal, error: &JsValue) -> Failed {
    let field = |name: &str| Reflect::get(error, &name.into()).ok()?.as_string();
    if signal.aborted() || field("name").as_deref() == Some("TimeoutError") {
        return Failed::Timeout;
    }
    Failed::Broken(field("message").unwrap_or_else(|| format!("{error:?}")))
}
