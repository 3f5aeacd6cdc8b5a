//! The file of a cached reply: a line with its status, length and checksum, its headers, an empty
//! line, and its body.

use std::sync::Arc;

use hyper::{
    body::Bytes,
    header::{HeaderMap, HeaderName, HeaderValue},
};

use crate::reply::Entry;

/// The first word of a file. Its number changes with the format.
const MARK: &str = "azulejo-reply-1";

/// The head of an entry's file, up to its body.
pub fn head(entry: &Entry) -> Vec<u8> {
    let mut lines = Vec::new();
    for (name, value) in &*entry.headers {
        lines.extend_from_slice(name.as_str().as_bytes());
        lines.extend_from_slice(b": ");
        lines.extend_from_slice(value.as_bytes());
        lines.push(b'\n');
    }
    lines.push(b'\n');
    let (status, len, sum) =
        (entry.status, entry.body.len(), checksum(entry.status, &lines, &entry.body));
    let mut head = format!("{MARK} {status} {len} {sum:08x}\n").into_bytes();
    head.extend_from_slice(&lines);
    head
}

/// The entry in a file. `None` if the file is damaged, or of another format.
pub fn parse(file: Vec<u8>) -> Option<Entry> {
    let first = file.iter().position(|byte| *byte == b'\n')?;
    let mut words = std::str::from_utf8(file.get(..first)?).ok()?.split(' ');
    if words.next() != Some(MARK) {
        return None;
    }
    let status = words.next()?.parse().ok()?;
    let len: usize = words.next()?.parse().ok()?;
    let sum = u32::from_str_radix(words.next()?, 16).ok()?;
    let at = file.len().checked_sub(len)?;
    let lines = file.get(first + 1..at)?;
    if checksum(status, lines, file.get(at..)?) != sum {
        return None;
    }
    let mut headers = HeaderMap::new();
    for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(line.get(..colon)?).ok()?;
        headers.insert(name, HeaderValue::from_bytes(line.get(colon + 2..)?).ok()?);
    }
    Some(Entry { status, headers: Arc::new(headers), body: Bytes::from(file).slice(at..) })
}

fn checksum(status: u16, lines: &[u8], body: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&status.to_le_bytes());
    hasher.update(lines);
    hasher.update(body);
    hasher.finalize()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// An entry with this body.
    pub fn entry(body: &[u8]) -> Entry {
        let mut headers = HeaderMap::new();
        headers.insert("etag", HeaderValue::from_static("\"tag\""));
        headers.insert("content-type", HeaderValue::from_static("image/png"));
        headers.insert("x-note", HeaderValue::from_static("a: b"));
        headers.insert("x-empty", HeaderValue::from_static(""));
        Entry { status: 200, headers: Arc::new(headers), body: Bytes::copy_from_slice(body) }
    }

    fn file(entry: &Entry) -> Vec<u8> {
        [head(entry), entry.body.to_vec()].concat()
    }

    #[test]
    fn an_entry_is_read_as_it_was_written() {
        for body in [&b""[..], b"x", b"\n\nazulejo-reply-1 200 0 00000000\n", &[0; 5000]] {
            let entry = entry(body);
            assert_eq!(parse(file(&entry)), Some(entry));
        }
    }

    #[test]
    fn a_damaged_file_is_no_entry() {
        let whole = file(&entry(b"some bytes"));
        for end in 0..whole.len() {
            assert_eq!(parse(whole[..end].to_vec()), None, "cut after {end} bytes");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 4;
            assert_eq!(parse(damaged), None, "byte {at}");
        }
        assert_eq!(parse(vec![0; whole.len()]), None, "as after a power failure");
    }
}
