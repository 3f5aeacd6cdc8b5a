//! Images of other servers: one GET, bounded in time and size. Which URL may be asked is the
//! engine's to say, a redirect is only told; what a name resolves to is the platform's, whose
//! `fetch` reaches no private network.

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

/// Who asks.
const AGENT: &str = concat!("Azulejo/", env!("CARGO_PKG_VERSION"), " (image server)");

/// Reads a range of the image whose URL is the key.
pub async fn read(read: &Read) -> Result<Block, ReadError> {
    let server = Server::of(&read.key)?;
    let range = read.range;
    // Behind the longest image there is nothing; and no server is asked for no bytes.
    let start = range.start.min(limits::REMOTE_BYTES);
    let last = range.end().clamp(start + 1, limits::REMOTE_BYTES + 1) - 1;
    let answer = server.ask(Some((start, last))).await?;
    let part = match answer.status() {
        206 => Part::of(&answer, start, last),
        _ => None,
    };
    let body = match (part, answer.status()) {
        (Some(part), _) => server.part(&answer, &part).await?,
        (None, 200) => server.whole(&answer, range).await?,
        // Of what the part does not fit, or is of no version: all of it.
        (None, _) => server.whole(&server.ask(None).await?, range).await?,
    };
    let Body { bytes, version, object_len, modified } = body;
    if read.version.as_ref().is_some_and(|expected| expected.0 != version) {
        return Err(ReadError::Changed);
    }
    let bytes = if range.len == 0 { Vec::new() } else { bytes };
    let version = Version(version);
    Ok(Block { start: range.start, bytes, version, object_len, modified })
}

/// One server that is asked, for one image.
struct Server {
    url: Url,
    signal: AbortSignal,
}

impl Server {
    /// The server of a URL, from now on for as long as an answer may take.
    fn of(url: &str) -> Result<Self, ReadError> {
        let parsed = Url::new(url).ok();
        // The platform may read a URL otherwise than the rules did.
        let url = parsed.filter(|url| public(&url.hostname())).ok_or_else(|| {
            let message = format!("src=({url}): no URL of the public network");
            ReadError::Refused(Error::new(ErrorKind::Forbidden, message))
        })?;
        let signal = AbortSignal::timeout_with_u32(limits::REMOTE_SECONDS * 1000);
        Ok(Self { url, signal })
    }

    /// The answer, which is an image or a part of one, by its status; or that there is no part.
    async fn ask(&self, range: Option<(u64, u64)>) -> Result<Response, ReadError> {
        let init = self.request(range).map_err(|error| self.failed(&error))?;
        let global: WorkerGlobalScope = js_sys::global().unchecked_into();
        let sent = global.fetch_with_str_and_init(&self.url.href(), &init);
        let answer = JsFuture::from(sent).await.map_err(|error| self.failed(&error))?;
        let answer: Response = answer.unchecked_into();
        match answer.status() {
            200 => Ok(answer),
            206 | 416 if range.is_some() => Ok(answer),
            301 | 302 | 303 | 307 | 308 => Err(self.moved(&answer)),
            404 | 410 => Err(ReadError::NotFound),
            status => Err(self.refused(&format!("answers with status {status}"))),
        }
    }

    fn request(&self, range: Option<(u64, u64)>) -> Result<RequestInit, JsValue> {
        let headers = Headers::new()?;
        headers.set("accept", "image/tiff, image/jpeg, image/png")?;
        headers.set("accept-encoding", "identity")?;
        headers.set("user-agent", AGENT)?;
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

    fn moved(&self, answer: &Response) -> ReadError {
        let location = header(answer, "location").unwrap_or_default();
        match Url::new_with_base(&location, &self.url.href()) {
            Ok(to) if !location.is_empty() => ReadError::Moved(to.href()),
            Ok(_) | Err(_) => self.refused("redirects to nowhere"),
        }
    }

    async fn part(&self, answer: &Response, part: &Part) -> Result<Body, ReadError> {
        let Part { range, object_len, version } = part;
        let body = self.whole(answer, ByteRange::new(0, range.len)).await?;
        if body.bytes.len() as u64 != range.len {
            return Err(self.refused("sends less than it says"));
        }
        Ok(Body { version: version.clone(), object_len: *object_len, ..body })
    }

    async fn whole(&self, answer: &Response, range: ByteRange) -> Result<Body, ReadError> {
        Body::read(answer, range).await.map_err(|error| match error {
            body::Failure::Short => self.refused("sends less than it says"),
            body::Failure::Broken(error) => self.failed(&error),
        })
    }

    /// A server that answers, but not as it should.
    fn refused(&self, what: &str) -> ReadError {
        let message = format!("the server {} of the image {what}", self.url.host());
        ReadError::Refused(Error::new(ErrorKind::Storage, message).with_detail(self.url.href()))
    }

    /// A server that does not answer, or no longer.
    fn failed(&self, error: &JsValue) -> ReadError {
        let field = |name: &str| Reflect::get(error, &name.into()).ok()?.as_string();
        let name = field("name").unwrap_or_default();
        if self.signal.aborted() || name == "TimeoutError" {
            let seconds = limits::REMOTE_SECONDS;
            return self.refused(&format!("does not answer within {seconds} seconds"));
        }
        let message = format!("the server {} of the image is not reached", self.url.host());
        let words = field("message").unwrap_or_else(|| format!("{error:?}"));
        ReadError::Refused(Error::new(ErrorKind::Storage, message).with_detail(words))
    }
}

/// A part of an image that is what was asked for.
struct Part {
    range: ByteRange,
    object_len: u64,
    version: String,
}

impl Part {
    /// What a 206 holds; `None` where it is of no version, or not the bytes that were asked for.
    fn of(answer: &Response, first: u64, last: u64) -> Option<Self> {
        let (range, object_len) = content_range(&header(answer, "content-range")?)?;
        let whole = range.start == first && range.end() == object_len.min(last + 1);
        let version = version(answer).filter(|_| whole && !is_encoded(answer))?;
        Some(Self { range, object_len, version })
    }
}

/// `bytes first-last/length` (RFC 9110, 14.4).
fn content_range(text: &str) -> Option<(ByteRange, u64)> {
    let (range, len) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let [first, last, len] = [first, last, len].map(|number| number.trim().parse::<u64>());
    let (first, last, len) = (first.ok()?, last.ok()?, len.ok()?);
    let range = ByteRange::new(first, last.checked_sub(first)?.checked_add(1)?);
    (last < len).then_some((range, len))
}

/// What the server calls the present content: its entity tag, else when it changed last.
fn version(answer: &Response) -> Option<String> {
    let tag = header(answer, "etag").map(|tag| tag.replace('"', ""));
    tag.filter(|tag| !tag.is_empty()).or_else(|| header(answer, "last-modified"))
}

fn modified(answer: &Response) -> Option<f64> {
    header(answer, "last-modified").map(|date| Date::parse(&date)).filter(|date| date.is_finite())
}

/// Whether lengths and ranges are those of something else than the image.
fn is_encoded(answer: &Response) -> bool {
    header(answer, "content-encoding").is_some_and(|how| how.trim() != "identity")
}

fn header(answer: &Response, name: &str) -> Option<String> {
    answer.headers().get(name).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_range_is_told_and_nonsense_is_none() {
        let told = |text| content_range(text).map(|(range, len)| (range.start, range.len, len));
        assert_eq!(told("bytes 0-9/100"), Some((0, 10, 100)));
        assert_eq!(told("bytes 90-99/100"), Some((90, 10, 100)));
        for text in
            ["", "bytes */100", "bytes 0-9/*", "bytes 9-0/100", "bytes 0-100/100", "octets 0-1/2"]
        {
            assert_eq!(told(text), None, "{text}");
        }
        assert_eq!(told("bytes 0-18446744073709551615/18446744073709551615"), None);
    }
}
