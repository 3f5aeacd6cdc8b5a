//! Batches of reads: merged with their neighbours, six in flight, all of one version.

use futures_util::{StreamExt, stream};

use super::{ByteRange, Known, Read, ReadError, Step, Store};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
};

/// Runs a stage that asks for bytes until it is done.
pub async fn fulfil<T>(
    store: &impl Store,
    known: &mut Known,
    mut stage: impl FnMut(&Known) -> Result<Step<T>>,
) -> Result<T> {
    for _ in 0..limits::ROUNDS {
        match stage(known)? {
            Step::Done(done) => return Ok(done),
            Step::Needs(reads) => fetch(store, known, reads).await?,
        }
    }
    Err(Error::bad_source("the image's directories do not end"))
}

/// Reads a batch into `known`. A missing object is knowledge; a changed or failed one an error.
pub async fn fetch(store: &impl Store, known: &mut Known, reads: Vec<Read>) -> Result<()> {
    let mut answers = stream::iter(reads)
        .map(|read| async move {
            let answer = store.read(&read).await;
            (read, answer)
        })
        .buffer_unordered(limits::CONCURRENT_READS);
    while let Some((read, answer)) = answers.next().await {
        match answer {
            Ok(block) => {
                if !known.add(&read.key, block) {
                    return Err(changed(&read));
                }
            }
            Err(ReadError::NotFound) if read.version.is_none() => known.missing(&read.key),
            Err(ReadError::NotFound | ReadError::Changed) => return Err(changed(&read)),
            Err(ReadError::Failed(words)) => {
                let message = "the image store did not answer; try again later";
                return Err(Error::new(ErrorKind::Storage, message)
                    .with_detail(format!("{}: {words}", read.key)));
            }
        }
    }
    Ok(())
}

fn changed(read: &Read) -> Error {
    Error::new(ErrorKind::Changed, "the image was replaced while it was read; try again")
        .with_detail(read.key.clone())
}

/// Merges ranges that touch or lie less than `gap` apart, into pieces of at most `max` bytes.
pub fn coalesce(mut ranges: Vec<ByteRange>, gap: u64, max: u64) -> Vec<ByteRange> {
    ranges.sort_unstable();
    let mut merged: Vec<ByteRange> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last)
                if range.start <= last.end().saturating_add(gap)
                    && range.end().max(last.end()) - last.start <= max =>
            {
                last.len = range.end().max(last.end()) - last.start;
            }
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(ranges: &[(u64, u64)], gap: u64, max: u64) -> Vec<(u64, u64)> {
        let ranges = ranges.iter().map(|&(start, len)| ByteRange::new(start, len)).collect();
        coalesce(ranges, gap, max).iter().map(|range| (range.start, range.len)).collect()
    }

    #[test]
    fn neighbours_become_one_read() {
        assert_eq!(merged(&[(10, 5), (0, 10), (15, 1)], 0, 100), [(0, 16)]);
    }

    #[test]
    fn a_small_gap_is_read_over_and_a_large_one_is_not() {
        assert_eq!(merged(&[(0, 10), (14, 6), (40, 1)], 4, 100), [(0, 20), (40, 1)]);
    }

    #[test]
    fn no_piece_grows_over_the_maximum() {
        assert_eq!(merged(&[(0, 60), (60, 60)], 0, 100), [(0, 60), (60, 60)]);
    }

    #[test]
    fn a_range_inside_another_adds_nothing() {
        assert_eq!(merged(&[(0, 50), (10, 5)], 0, 100), [(0, 50)]);
    }
}
