//! Streams the body of a response, and stores only the wanted range.

use sha2::{Digest, Sha256};

use super::{Failed, Response, is_encoded, version};
use crate::{limits, store::ByteRange};

/// A body that has been read.
pub struct Body {
    /// The bytes of the wanted range.
    pub bytes: Vec<u8>,
    /// The entity tag or modification date, or else a hash of the content.
    pub version: String,
    /// The length of the whole body in bytes, or a value above [`limits::REMOTE_BYTES`] if it is
    /// too long.
    pub object_len: u64,
    /// The modification date, as the server tells it.
    pub modified: Option<String>,
}

/// Why a body cannot be read.
pub enum Failure {
    /// It is shorter than its `Content-Length`.
    Short,
    /// The transfer failed.
    Transfer(Failed),
}

impl Body {
    /// Reads a body up to the end of `range`. Reads all of it if the headers lack its length or its
    /// version.
    pub async fn read(mut response: impl Response, range: ByteRange) -> Result<Self, Failure> {
        let content_length = response.header("content-length").filter(|_| !is_encoded(&response));
        let content_length: Option<u64> = content_length.and_then(|len| len.trim().parse().ok());
        let version = version(&response);
        let modified = response.header("last-modified");
        let mut hash = version.is_none().then(Sha256::new);
        let mut bytes = Vec::new();
        let mut at = 0;
        let too_long = content_length.is_some_and(|len| len > limits::REMOTE_BYTES);
        loop {
            let enough = hash.is_none() && content_length.is_some() && at >= range.end();
            if too_long || enough || at > limits::REMOTE_BYTES {
                response.cancel().await;
                break;
            }
            let Some(chunk) = response.chunk().await.map_err(Failure::Transfer)? else {
                if content_length.is_some_and(|len| len != at) {
                    return Err(Failure::Short);
                }
                break;
            };
            if let Some(hash) = &mut hash {
                hash.update(&chunk);
            }
            bytes.extend_from_slice(within(&chunk, at, range));
            at += chunk.len() as u64;
        }
        let digest = hash.map(|hash| {
            hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
        });
        Ok(Self {
            bytes,
            version: version.or(digest).unwrap_or_default(),
            object_len: content_length.unwrap_or(at),
            modified,
        })
    }
}

/// The bytes of a chunk, which begins at byte `at` of the body, that lie in `range`.
fn within(chunk: &[u8], at: u64, range: ByteRange) -> &[u8] {
    let place = |byte: u64| usize::try_from(byte.saturating_sub(at)).unwrap_or(usize::MAX);
    let end = place(range.end()).min(chunk.len());
    chunk.get(place(range.start).min(end)..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wanted_range_is_cut_out_of_chunks() {
        let all: Vec<u8> = (0..100).collect();
        for range in [(0, 10), (5, 40), (30, 30), (95, 50), (200, 10), (0, u64::MAX), (50, 0)] {
            let range = ByteRange::new(range.0, range.1);
            let mut got = Vec::new();
            for (nth, chunk) in all.chunks(30).enumerate() {
                got.extend_from_slice(within(chunk, nth as u64 * 30, range));
            }
            let place = |byte: u64| byte.min(100) as usize;
            assert_eq!(got, all[place(range.start)..place(range.end())]);
        }
    }
}
