//! `/preview/source/<rootId>/<id>`: a stored pyramid by ranges, for the preview page.
//!
//! Only for the catalogs that the variable `PREVIEW_SOURCES` lists; without it there is nothing.

use azulejo::{
    protocol::decode_path,
    store::{ByteRange, Read, ReadError, Store},
};
use worker::{Env, Result};

use crate::{r2::R2Store, reply};

/// Where the route begins.
pub const PREFIX: &str = "/preview/source/";

/// The most bytes of one answer; a reader asks again for more.
const MOST: u64 = 8 << 20;

/// Answers a range of a pyramid, or its beginning.
pub async fn answer(
    path: &str,
    range: Option<&str>,
    env: &Env,
    store: &R2Store<'_>,
) -> Result<web_sys::Response> {
    let id = decode_path(path.strip_prefix(PREFIX).unwrap_or_default());
    let open = env.var("PREVIEW_SOURCES").map(|list| list.to_string()).unwrap_or_default();
    let root = id.split('/').next().unwrap_or_default();
    if root.is_empty() || !open.split(',').any(|listed| listed.trim() == root) {
        return reply::no_such_page();
    }
    let (start, len) = range.and_then(parse).unwrap_or((0, MOST));
    let range = ByteRange::new(start, len.min(MOST));
    let read = Read { key: format!("assets/{id}.tif"), range, version: None };
    match store.read(&read).await {
        Ok(block) => reply::part(&block),
        Err(ReadError::NotFound) => reply::no_such_page(),
        Err(ReadError::Changed | ReadError::Failed(_)) => reply::unavailable(),
    }
}

/// `bytes=first-last`, the one form that the page sends.
fn parse(header: &str) -> Option<(u64, u64)> {
    let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
    let first: u64 = first.parse().ok()?;
    let last: u64 = last.parse().unwrap_or(u64::MAX);
    Some((first, last.checked_sub(first)?.saturating_add(1)))
}
