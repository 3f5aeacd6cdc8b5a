//! Replies that were recorded in files.

use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::{
    list::Entry,
    reply::{Fetched, NoReply, Reply},
    target,
};

/// Reads the recorded reply of an entry from a folder. Its file is the one that the manifest names, or
/// else the SHA-256 of its path and query. Its media type is that of its content.
pub fn read(folder: &Path, entry: &Entry, longest: u64) -> Fetched {
    let name = entry.file.clone().unwrap_or_else(|| target::digest(&entry.url));
    let failed = |why: String| Err(NoReply { why: format!("{name}: {why}"), transient: false });
    let body = match content(&folder.join(&name), longest) {
        Ok(body) if body.len() as u64 > longest => {
            return failed(format!("longer than {longest} bytes"));
        }
        Ok(body) => body,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return failed("no such file among the recorded replies".to_owned());
        }
        Err(error) => return failed(error.to_string()),
    };
    let media_type = compare::media_type(&body).map(str::to_owned);
    Ok(Reply { status: entry.status.unwrap_or(200), media_type, body, redirected: None })
}

/// The content of a file, up to one byte more than the longest.
fn content(path: &Path, longest: u64) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    File::open(path)?.take(longest.saturating_add(1)).read_to_end(&mut body)?;
    Ok(body)
}
