//! The body of an answer, as it comes: counted, and kept no further than it is wanted.

use azulejo::{limits, store::ByteRange};
use js_sys::{Reflect, Uint8Array};
use sha2::{Digest, Sha256};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, Response};

use super::{header, is_encoded, modified, version};

/// What came of a body.
pub struct Body {
    /// The bytes of the range that was wanted.
    pub bytes: Vec<u8>,
    /// What the server calls this content, else a hash of it.
    pub version: String,
    /// How long it is; where it is longer than allowed, one more than that.
    pub object_len: u64,
    /// When it changed last, in milliseconds since 1970.
    pub modified: Option<f64>,
}

/// Why there is no body.
pub enum Failure {
    /// It ends before it should.
    Short,
    /// It breaks off; the platform's words.
    Broken(JsValue),
}

impl From<JsValue> for Failure {
    fn from(error: JsValue) -> Self {
        Self::Broken(error)
    }
}

impl Body {
    /// Reads a body up to the end of `range`; to its own end where only that tells its length or
    /// its version.
    pub async fn read(answer: &Response, range: ByteRange) -> Result<Self, Failure> {
        let said = header(answer, "content-length").filter(|_| !is_encoded(answer));
        let said: Option<u64> = said.and_then(|len| len.trim().parse().ok());
        let named = version(answer);
        let mut hash = named.is_none().then(Sha256::new);
        let mut bytes = Vec::new();
        let mut at = 0;
        let too_long = said.is_some_and(|len| len > limits::REMOTE_BYTES);
        if let Some(stream) = answer.body() {
            let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
            loop {
                let enough = hash.is_none() && said.is_some() && at >= range.end();
                if too_long || enough || at > limits::REMOTE_BYTES {
                    // What is left over is nobody's; that it cannot be called off is no matter.
                    let _ = JsFuture::from(reader.cancel()).await;
                    break;
                }
                let next = JsFuture::from(reader.read()).await?;
                if Reflect::get(&next, &"done".into())?.is_truthy() {
                    if said.is_some_and(|len| len != at) {
                        return Err(Failure::Short);
                    }
                    break;
                }
                let chunk: Uint8Array = Reflect::get(&next, &"value".into())?.unchecked_into();
                let chunk = chunk.to_vec();
                if let Some(hash) = &mut hash {
                    hash.update(&chunk);
                }
                bytes.extend_from_slice(within(&chunk, at, range));
                at += chunk.len() as u64;
            }
        }
        let digest = hash.map(|hash| {
            hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
        });
        Ok(Self {
            bytes,
            version: named.or(digest).unwrap_or_default(),
            object_len: said.unwrap_or(at),
            modified: modified(answer),
        })
    }
}

/// The part of a chunk that begins at `at` which lies in `range`.
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
