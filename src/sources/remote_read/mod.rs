//! Reads images of remote servers with GET requests that are limited in time and size, whatever the
//! HTTP client of the platform.
//!
//! The engine decides which URLs are allowed, so redirects are reported to it and not followed.

mod body;

use body::Body;

use crate::{
    error::{Error, ErrorKind},
    limits,
    protocol::public,
    store::{Block, ByteRange, Read, ReadError, Version},
};

/// The value of `User-Agent`.
pub const USER_AGENT: &str = concat!("Azulejo/", env!("CARGO_PKG_VERSION"), " (image server)");

/// The HTTP client of a platform, for one read. All its requests together end with `Failed::Timeout`
/// after [`limits::REMOTE_SECONDS`]. It follows no redirect, and reaches no private network.
#[expect(async_fn_in_trait, reason = "as for stores: no caller needs Send")]
pub trait Client {
    /// Its responses.
    type Response: Response;

    /// Parses an absolute URL, or one that is relative to `base`.
    fn parse(&self, url: &str, base: Option<&Url>) -> Option<Url>;

    /// The milliseconds since 1970 of a date in an HTTP header.
    fn date(&self, date: &str) -> Option<f64>;

    /// Sends a GET with these headers.
    async fn get(&self, url: &Url, headers: &[(&str, &str)]) -> Result<Self::Response, Failed>;
}

/// A response whose body is read in chunks.
#[expect(async_fn_in_trait, reason = "as for stores: no caller needs Send")]
pub trait Response {
    /// The status.
    fn status(&self) -> u16;

    /// The value of a header.
    fn header(&self, name: &str) -> Option<String>;

    /// The next bytes of the body; `None` at its end.
    async fn chunk(&mut self) -> Result<Option<Vec<u8>>, Failed>;

    /// Ends the transfer: the rest of the body is not needed.
    async fn cancel(self);
}

/// A URL as the platform parses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Url {
    /// The whole URL.
    pub href: String,
    /// The host without its port.
    pub hostname: String,
    /// The host with its port.
    pub host: String,
}

/// Why a request failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failed {
    /// The time is over.
    Timeout,
    /// The server is not reached, or the connection broke; the platform's own message.
    Broken(String),
}

/// Reads a range of the image whose URL is the key.
pub async fn read_remote(read: &Read, client: &impl Client) -> Result<Block, ReadError> {
    let image = RemoteImage::new(&read.key, client)?;
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
        (Some(part), _) => image.partial_body(response, part).await?,
        (None, 200) => image.body(response, range).await?,
        // The part is not the requested one, or has no version: requests the whole image.
        (None, _) => image.body(image.get(None).await?, range).await?,
    };
    let Body { bytes, version, object_len, modified } = body;
    if read.version.as_ref().is_some_and(|expected| expected.0 != version) {
        return Err(ReadError::Changed);
    }
    let bytes = if range.len == 0 { Vec::new() } else { bytes };
    let modified = modified.and_then(|date| client.date(&date)).filter(|date| date.is_finite());
    Ok(Block { start: range.start, bytes, version: Version(version), object_len, modified })
}

/// An image on a remote server.
struct RemoteImage<'c, C> {
    url: Url,
    client: &'c C,
}

impl<'c, C: Client> RemoteImage<'c, C> {
    /// The image at a URL. Fails for URLs outside the public network.
    fn new(url: &str, client: &'c C) -> Result<Self, ReadError> {
        let parsed = client.parse(url, None);
        // The platform may parse a URL differently from the engine's rules, so checks it again.
        let url = parsed.filter(|url| public(&url.hostname)).ok_or_else(|| {
            let message = format!("src=({url}): no URL of the public network");
            ReadError::Refused(Error::new(ErrorKind::Forbidden, message))
        })?;
        Ok(Self { url, client })
    }

    /// Sends a GET for a range of bytes, or for the whole image. Returns responses with status 200,
    /// and for a range also 206 and 416.
    async fn get(&self, range: Option<(u64, u64)>) -> Result<C::Response, ReadError> {
        let mut headers = vec![
            ("accept", "image/tiff, image/jpeg, image/png"),
            ("accept-encoding", "identity"),
            ("user-agent", USER_AGENT),
        ];
        let bytes = range.map(|(first, last)| format!("bytes={first}-{last}"));
        headers.extend(bytes.as_deref().map(|bytes| ("range", bytes)));
        let sent = self.client.get(&self.url, &headers).await;
        let response = sent.map_err(|error| self.failed(error))?;
        match response.status() {
            200 => Ok(response),
            206 | 416 if range.is_some() => Ok(response),
            301 | 302 | 303 | 307 | 308 => Err(self.moved(&response)),
            404 | 410 => Err(ReadError::NotFound),
            status => Err(self.refused(&format!("answers with status {status}"))),
        }
    }

    fn moved(&self, response: &C::Response) -> ReadError {
        let location = response.header("location").filter(|location| !location.is_empty());
        match location.and_then(|location| self.client.parse(&location, Some(&self.url))) {
            Some(to) => ReadError::Moved(to.href),
            None => self.refused("redirects to nowhere"),
        }
    }

    async fn partial_body(&self, response: C::Response, part: Part) -> Result<Body, ReadError> {
        let Part { range, object_len, version } = part;
        let body = self.body(response, ByteRange::new(0, range.len)).await?;
        if body.bytes.len() as u64 != range.len {
            return Err(self.refused("sends fewer bytes than its headers say"));
        }
        Ok(Body { version, object_len, ..body })
    }

    async fn body(&self, response: C::Response, range: ByteRange) -> Result<Body, ReadError> {
        Body::read(response, range).await.map_err(|error| match error {
            body::Failure::Short => self.refused("sends fewer bytes than its headers say"),
            body::Failure::Transfer(error) => self.failed(error),
        })
    }

    /// The error for an unusable response.
    fn refused(&self, what: &str) -> ReadError {
        let message = format!("the server {} of the image {what}", self.url.host);
        let error = Error::new(ErrorKind::Storage, message);
        ReadError::Refused(error.with_detail(self.url.href.as_str()))
    }

    /// The error for a failed or timed-out request.
    fn failed(&self, error: Failed) -> ReadError {
        match error {
            Failed::Timeout => {
                let seconds = limits::REMOTE_SECONDS;
                self.refused(&format!("does not answer within {seconds} seconds"))
            }
            Failed::Broken(detail) => {
                let message = format!("the server {} of the image is not reached", self.url.host);
                ReadError::Refused(Error::new(ErrorKind::Storage, message).with_detail(detail))
            }
        }
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
    fn of(response: &impl Response, first: u64, last: u64) -> Option<Self> {
        let (range, object_len) = content_range(&response.header("content-range")?)?;
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
fn version(response: &impl Response) -> Option<String> {
    let tag = response.header("etag").map(|tag| tag.replace('"', ""));
    tag.filter(|tag| !tag.is_empty()).or_else(|| response.header("last-modified"))
}

/// Whether the content is encoded. Then lengths and ranges are not those of the image.
fn is_encoded(response: &impl Response) -> bool {
    response.header("content-encoding").is_some_and(|how| how.trim() != "identity")
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
