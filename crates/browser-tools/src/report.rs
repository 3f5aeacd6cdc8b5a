//! The report on a pyramid or an original.

use std::{
    io::Cursor,
    pin::pin,
    task::{Context, Poll, Waker},
};

use azulejo::store::FetchBuffer;
use originals::inspect::{self, Report};

use crate::{
    failure,
    file::{FileStore, KEY},
    pyramid::MEMORY_LIMIT,
};

/// The report on a file, as JSON.
pub fn of(bytes: &[u8], name: &str) -> Result<String, String> {
    if originals::is_xml(bytes) {
        return Err(failure::svg(name));
    }
    let report = if originals::is_tiff(bytes) {
        let (store, buffer) = (FileStore(bytes), FetchBuffer::default());
        let report = finished(inspect::pyramid(name.to_owned(), KEY, &store, &buffer));
        report.map_err(|error| format!("{name}, TIFF: {}", error.message))?
    } else {
        let len = bytes.len() as u64;
        let original = originals::open(Cursor::new(bytes), len, MEMORY_LIMIT)
            .map_err(|error| failure::unopened(name, bytes, &error))?;
        Report::of_original(name.to_owned(), &original, len)
    };
    serde_json::to_string(&report).map_err(|error| error.to_string())
}

/// The output of a future that never waits for anything else.
fn finished<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return output;
        }
    }
}
