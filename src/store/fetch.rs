//! Batches of reads: adjacent ranges merged, six reads at a time, one version per object.

use std::ops::ControlFlow;

use futures_util::{StreamExt, stream};

use super::{ByteRange, FetchBuffer, Fetched, Read, ReadError, Store};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
    sort::sort,
    time_slice::Work,
};

/// Runs a stage until it is done, and makes its reads in batches. Fails with
/// [`ErrorKind::BadSource`] after [`limits::ROUNDS`] batches.
pub async fn fulfil<T>(
    store: &impl Store,
    buffer: &FetchBuffer,
    mut stage: Work<'_, Result<T>>,
) -> Result<T> {
    for _ in 0..limits::ROUNDS {
        match buffer.poll(&mut stage) {
            ControlFlow::Break(done) => return done,
            ControlFlow::Continue(reads) => buffer.fetch(store, reads).await?,
        }
    }
    Err(Error::bad_source("the image's directories do not end"))
}

impl FetchBuffer {
    /// Reads a batch into the buffer.
    pub async fn fetch(&self, store: &impl Store, reads: Vec<Read>) -> Result<()> {
        // No stage is polled during this await, so the buffer may be empty.
        let mut fetched = std::mem::take(&mut *self.fetched_mut());
        let done = fetch(store, &mut fetched, reads).await;
        *self.fetched_mut() = fetched;
        done
    }
}

/// Reads a batch into `fetched`. A missing object is inserted as missing if its read names no
/// version. An object that changed, or a read that failed, is an error.
pub async fn fetch(store: &impl Store, fetched: &mut Fetched, reads: Vec<Read>) -> Result<()> {
    let mut answers = stream::iter(reads)
        .map(|read| async move {
            let answer = store.read(&read).await;
            (read, answer)
        })
        .buffer_unordered(limits::CONCURRENT_READS);
    while let Some((read, answer)) = answers.next().await {
        match answer {
            Ok(block) => {
                if !fetched.insert(&read.key, block) {
                    return Err(changed(&read));
                }
            }
            Err(ReadError::NotFound) if read.version.is_none() => fetched.insert_missing(&read.key),
            Err(ReadError::NotFound | ReadError::Changed) => return Err(changed(&read)),
            Err(error) => return Err(refused(&read, error)),
        }
    }
    Ok(())
}

/// The client's error for a read that returned no block.
pub fn refused(read: &Read, error: ReadError) -> Error {
    match error {
        ReadError::Refused(error) => error,
        ReadError::Changed => changed(read),
        ReadError::NotFound | ReadError::Moved(_) | ReadError::Failed(_) => {
            failed(read, &error.to_string())
        }
    }
}

/// The error of a store that failed; the store's own message becomes the detail.
fn failed(read: &Read, cause: &str) -> Error {
    let message = "the image store did not answer; try again later";
    Error::new(ErrorKind::Storage, message).with_detail(format!("{}: {cause}", read.key))
}

fn changed(read: &Read) -> Error {
    Error::new(ErrorKind::Changed, "the image was replaced while it was read; try again")
        .with_detail(read.key.clone())
}

/// Merges ranges that touch or overlap, then those with the smallest gaps between them. The wasted
/// bytes of the gaps are at most 1 / [`limits::COALESCE_SHARE`] of the requested bytes.
/// Merging never makes a range longer than `max` bytes.
pub fn coalesce(mut ranges: Vec<ByteRange>, max: u64) -> Vec<ByteRange> {
    sort(&mut ranges);
    let mut pieces: Vec<ByteRange> = Vec::new();
    for range in ranges {
        match pieces.last_mut() {
            // A range within another one is read with it, however long that is.
            Some(last) if range.end() <= last.end() => {}
            Some(last) if range.start <= last.end() && joined(last, &range).len <= max => {
                *last = joined(last, &range);
            }
            _ => pieces.push(range),
        }
    }
    let mut allowance = pieces.iter().map(|piece| piece.len).sum::<u64>() / limits::COALESCE_SHARE;
    loop {
        let gap = |pair: &[ByteRange]| pair[1].start.saturating_sub(pair[0].end());
        let cheapest = pieces
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| joined(&pair[0], &pair[1]).len <= max)
            .map(|(at, pair)| (gap(pair), at))
            .min();
        match cheapest {
            Some((waste, at)) if waste <= allowance => {
                allowance -= waste;
                let next = pieces.remove(at + 1);
                pieces[at] = joined(&pieces[at], &next);
            }
            _ => return pieces,
        }
    }
}

fn joined(one: &ByteRange, other: &ByteRange) -> ByteRange {
    ByteRange::new(one.start, one.end().max(other.end()) - one.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(ranges: &[(u64, u64)], max: u64) -> Vec<(u64, u64)> {
        let ranges = ranges.iter().map(|&(start, len)| ByteRange::new(start, len)).collect();
        coalesce(ranges, max).iter().map(|range| (range.start, range.len)).collect()
    }

    #[test]
    fn neighbours_become_one_read() {
        assert_eq!(merged(&[(10, 5), (0, 10), (15, 1)], 100), [(0, 16)]);
    }

    #[test]
    fn gaps_are_read_over_while_an_eighth_allows_it() {
        // 80 requested bytes allow 10 wasted bytes: the gaps of 4 and 6, but not that of 9.
        let ranges = [(0, 20), (24, 20), (50, 20), (79, 20)];
        assert_eq!(merged(&ranges, 1000), [(0, 70), (79, 20)]);
    }

    #[test]
    fn no_piece_grows_over_the_maximum() {
        assert_eq!(merged(&[(0, 60), (60, 60)], 100), [(0, 60), (60, 60)]);
    }

    #[test]
    fn a_range_inside_another_adds_nothing() {
        assert_eq!(merged(&[(0, 50), (10, 5)], 100), [(0, 50)]);
        assert_eq!(merged(&[(0, 500), (0, 500), (100, 400)], 100), [(0, 500)]);
    }
}
