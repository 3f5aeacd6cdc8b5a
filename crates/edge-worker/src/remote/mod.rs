//! Reads images of remote servers with GET requests that are limited in time and size.
//!
//! The engine decides which URLs are allowed, so redirects are reported to it and not followed. The
//! platform resolves names, and its `fetch` reaches no private network.

mod body;

use azulejo::{
    error::{Error, ErrorKind},
    limits,
    protocol::public,
    store::{Block, ByteRange, Read, ReadError, Version},
};
use body::Body;
use js_sys::{Date, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, RequestInit, RequestRedirect, Response, Url, WorkerGlobalScope,
};

/// The value of `User-Agent`.
const USER_AGENT: &str = concat!("Azulejo/", env!("CARGO_PKG_VERSION"), " (image server)");

/// Reads a range of the image whose URL is the key.
pub async fn read(read: &Read) -> Result<Block, ReadError> {
    let image = RemoteImage::new(&read.key)?;
    let range = read.range;
    // Requests at least one byte, and at most one beyond the size limit.
    let start = range.start.min(limits::REMOTE_BYTES);
    let last = range.end().clamp(start + 1, limits::REMOTE_BYTES + 1) - 1;
    let response = image.get(Some((start, last))).await?;
    let part = match response.status() {
        206 => Part::of(&response, start, last),
        _ => None,
    };
    let body = match (part, response.status()) {
        (Some(part), _) => image.partial_body(&response, &part).await?,
        (None, 200) => image.body(&response, range).await?,
        // The part is not the requested one, or has no version: requests the whole image.
        (None, _) => image.body(&image.get(None).await?, range).await?,
    };
    let Body { bytes, version, object_len, modified } = body;
    if read.version.as_ref().is_some_and(|expected| expected.0 != version) {
        return Err(ReadError::Changed);
    }
    let bytes = if range.len == 0 { Vec::new() } else { bytes };
    let version = Version(version);
    Ok(Block { start: range.start, bytes, version, object_len, modified })
}

/// An image on a remote server.
struct RemoteImage {
    url: Url,
    signal: AbortSignal,
}

impl RemoteImage {
    /// The image at a URL. Its timeout begins now. Fails for URLs outside the public network.
    fn new(url: &str) -> Result<Self, ReadError> {
        let parsed = Url::new(url).ok();
        // The platform may parse a URL differently from the engine's rules, so checks it again.
        let url = parsed.filter(|url| public(&url.hostname())).ok_or_else(|| {
            let message = format!("src=({url}): no URL of the public network");
            ReadError::Refused(Error::new(ErrorKind::Forbidden, message))
        })?;
        let signal = AbortSignal::timeout_with_u32(limits::REMOTE_SECONDS * 1000);
        Ok(Self { url, signal })
    }

    /// Sends a GET for a range of bytes, or for the whole image. Returns responses with status 200,
    /// and for a range also 206 and 416.
    async fn get(&self, range: Option<(u64, u64)>) -> Result<Response, ReadError> {
        let init = self.request(range).map_err(|error| self.failed(&error))?;
        let global: WorkerGlobalScope = js_sys::global().unchecked_into();
        let sent = global.fetch_with_str_and_init(&self.url.href(), &init);
        let response = JsFuture::from(sent).await.map_err(|error| self.failed(&error))?;
        let response: Response = response.unchecked_into();
        match response.status() {
            200 => Ok(response),
            206 | 416 if range.is_some() => Ok(response),
            301 | 302 | 303 | 307 | 308 => Err(self.moved(&response)),
            404 | 410 => Err(ReadError::NotFound),
            status => Err(self.refused(&format!("answers with status {status}"))),
        }
    }

    fn request(&self, range: Option<(u64, u64)>) -> Result<RequestInit, JsValue> {
        let headers = Headers::new()?;
        headers.set("accept", "image/tiff, image/jpeg, image/png")?;
        headers.set("accept-encoding", "identity")?;
        headers.set("user-agent", USER_AGENT)?;
        if let Some((first, last)) = range {
            headers.set("range", &format!("bytes={first}-{last}"))?;
        }
        let init = RequestInit::new();
        init.set_method("GET");
        init.set_headers(&headers);
        init.set_redirect(RequestRedirect::Manual);
        init.set_signal(Some(&self.signal));
        Ok(init)
    }

    fn moved(&self, response: &Response) -> ReadError {
        let location = header(response, "location").unwrap_or_default();
        match Url::new_with_base(&location, &self.url.href()) {
            Ok(to) if !location.is_empty() => ReadError::Moved(to.href()),
            Ok(_) | Err(_) => self.refused("redirects to nowhere"),
        }
    }

    async fn partial_body(&self, response: &Response, part: &Part) -> Result<Body, ReadError> {
        let Part { range, object_len, version } = part;
        let body = self.body(response, ByteRange::new(0, range.len)).await?;
        if body.bytes.len() as u64 != range.len {
            return Err(self.refused("sends fewer bytes than its headers say"));
        }
        Ok(Body { version: version.clone(), object_len: *object_len, ..body })
    }

    async fn body(&self, response: &Response, range: ByteRange) -> Result<Body, ReadError> {
        Body::read(response, range).await.map_err(|error| match error {
            body::Failure::Short => self.refused("sends fewer bytes than its headers say"),
            body::Failure::Broken(error) => self.failed(&error),
        })
    }

    /// The error for an unusable response.
    fn refused(&self, what: &str) -> ReadError {
        let message = format!("the server {} of the image {what}", self.url.host());
        ReadError::Refused(Error::new(ErrorKind::Storage, message).with_detail(self.url.href()))
    }

    /// The error for a failed or timed-out request.
    fn failed(&self, error: &JsValue) -> ReadError {
        let field = |name: &str| Reflect::get(error, &name.into()).ok()?.as_string();
        let name = field("name").unwrap_or_default();
        if self.signal.aborted() || name == "TimeoutError" {
            let seconds = limits::REMOTE_SECONDS;
            return self.refused(&format!("does not answer within {seconds} seconds"));
        }
        let message = format!("the server {} of the image is not reached", self.url.host());
        let detail = field("message").unwrap_or_else(|| format!("{error:?}"));
        ReadError::Refused(Error::new(ErrorKind::Storage, message).with_detail(detail))
    }
}

/// The headers of a usable 206 response.
struct Part {
    range: ByteRange,
    object_len: u64,
    version: String,
}

impl Part {
    /// Reads the headers. `None` if there is no version, or if the range is not the requested one.
    fn of(response: &Response, first: u64, last: u64) -> Option<Self> {
        let (range, object_len) = content_range(&header(response, "content-range")?)?;
        let is_requested = range.start == first && range.end() == object_len.min(last + 1);
        let version = version(response).filter(|_| is_requested && !is_encoded(response))?;
        Some(Self { range, object_len, version })
    }
}

/// Parses `bytes first-last/length` (RFC 9110, 14.4) into the range and the length.
fn content_range(text: &str) -> Option<(ByteRange, u64)> {
    let (range, len) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let [first, last, len] = [first, last, len].map(|number| number.trim().parse::<u64>());
    let (first, last, len) = (first.ok()?, last.ok()?, len.ok()?);
    let range = ByteRange::new(first, last.checked_sub(first)?.checked_add(1)?);
    (last < len).then_some((range, len))
}

/// The entity tag of the content, or else its modification date.
fn version(response: &Response) -> Option<String> {
    let tag = header(response, "etag").map(|tag| tag.replace('"', ""));
    tag.filter(|tag| !tag.is_empty()).or_else(|| header(response, "last-modified"))
}

fn modified(response: &Response) -> Option<f64> {
    header(response, "last-modified").map(|date| Date::parse(&date)).filter(|date| date.is_finite())
}

/// Whether the content is encoded. Then lengths and ranges are not those of the image.
fn is_encoded(response: &Response) -> bool {
    header(response, "content-encoding").is_some_and(|how| how.trim() != "identity")
}

fn header(response: &Response, name: &str) -> Option<String> {
    response.headers().get(name).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_parsed_and_invalid_ones_refused() {
        let parsed = |text| content_range(text).map(|(range, len)| (range.start, range.len, len));
        assert_eq!(parsed("bytes 0-9/100"), Some((0, 10, 100)));
        assert_eq!(parsed("bytes 90-99/100"), Some((90, 10, 100)));
        for text in
            ["", "bytes */100", "bytes 0-9/*", "bytes 9-0/100", "bytes 0-100/100", "octets 0-1/2"]
        {
            assert_eq!(parsed(text), None, "{text}");
        }
        assert_eq!(parsed("bytes 0-18446744073709551615/18446744073709551615"), None);
    }
}
