//! `/preview/source/<rootId>/<id>`: a stored pyramid by ranges, for the preview page.
//!
//! Only for the catalogs that the variable `PREVIEW_SOURCES` lists; without it there is nothing.
//! What is not published is missing here as it is everywhere.

use azulejo::{
    catalog::Record,
    limits,
    protocol::decode_path,
    store::{ByteRange, Read, ReadError, Store},
};
use worker::Env;

use crate::{r2::R2Store, reply};

/// Where the route begins.
pub const PREFIX: &str = "/preview/source/";

/// The most bytes of one answer; a reader asks again for more.
const MOST: u64 = 8 << 20;

/// Answers a range of a pyramid, or its beginning; `unpublished` is a test context.
pub async fn answer(
    path: &str,
    unpublished: bool,
    range: Option<&str>,
    env: &Env,
    store: &R2Store<'_>,
) -> worker::Result<web_sys::Response> {
    let id = decode_path(path.strip_prefix(PREFIX).unwrap_or_default());
    let open = env.var("PREVIEW_SOURCES").map(|list| list.to_string()).unwrap_or_default();
    let root = id.split('/').next().unwrap_or_default();
    if root.is_empty() || !open.split(',').any(|listed| listed.trim() == root) {
        return reply::no_such_page();
    }
    match is_published(&id, store).await {
        Ok(published) if published || unpublished => {}
        Ok(_) => return reply::no_such_page(),
        Err(_) => return reply::unavailable(),
    }
    let (start, len) = range.and_then(parse).unwrap_or((0, MOST));
    let range = ByteRange::new(start, len.min(MOST));
    let read = Read { key: format!("assets/{id}.tif"), range, version: None };
    match store.read(&read).await {
        Ok(block) => reply::part(&block),
        Err(ReadError::NotFound) => reply::no_such_page(),
        Err(_) => reply::unavailable(),
    }
}

/// As the engine has it: a record that says nothing is published, and so is what has none.
async fn is_published(id: &str, store: &R2Store<'_>) -> Result<bool, ReadError> {
    let range = ByteRange::new(0, limits::RECORD_BYTES);
    let read = Read { key: format!("records/{id}.json"), range, version: None };
    match store.read(&read).await {
        Ok(block) => Ok(Record::from_json(&block.bytes).is_ok_and(|record| record.is_published())),
        Err(ReadError::NotFound) => Ok(true),
        Err(error) => Err(error),
    }
}

/// `bytes=first-last`, the one form that the page sends.
fn parse(header: &str) -> Option<(u64, u64)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let first: u64 = first.parse().ok()?;
    let last: u64 = last.parse().unwrap_or(u64::MAX);
    Some((first, last.checked_sub(first)?.saturating_add(1)))
}
