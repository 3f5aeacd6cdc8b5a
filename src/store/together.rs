//! Concurrent look-ups whose reads form one batch.

use std::{
    collections::VecDeque,
    future::poll_fn,
    task::{Context, Poll},
};

use crate::{error::Result, time_slice::Work};

/// Concurrent look-ups. None waits for the result of another, so that their reads form one batch.
pub struct Together<'a, T> {
    lookups: VecDeque<LookUp<'a, T>>,
    /// Whether all look-ups have been polled since the last batch.
    polled: bool,
}

enum LookUp<'a, T> {
    Pending(Work<'a, Result<T>>),
    Done(T),
}

impl<'a, T> Together<'a, T> {
    /// Creates the look-ups; [`Together::next`] returns their results in this order.
    pub fn new(lookups: impl Iterator<Item = Work<'a, Result<T>>>) -> Self {
        Self { lookups: lookups.map(LookUp::Pending).collect(), polled: false }
    }

    /// The next result in order; `None` after the last. The first error of any look-up is returned
    /// at once.
    pub async fn next(&mut self) -> Result<Option<T>> {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<T>>> {
        if !self.polled {
            for lookup in &mut self.lookups {
                if let LookUp::Pending(pending) = lookup
                    && let Poll::Ready(result) = pending.as_mut().poll(context)
                {
                    *lookup = LookUp::Done(result?);
                }
            }
        }
        if let Some(LookUp::Pending(_)) = self.lookups.front() {
            self.polled = false;
            return Poll::Pending;
        }
        self.polled = true;
        let result = self.lookups.pop_front().and_then(|lookup| match lookup {
            LookUp::Done(result) => Some(result),
            LookUp::Pending(_) => None,
        });
        Poll::Ready(Ok(result))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{
        FetchBuffer,
        buffer::tests::{KEYS, len, read, store},
    };

    #[test]
    fn look_ups_that_wait_together_are_one_batch() {
        let buffer = FetchBuffer::default();
        let mut stage: Work<'_, Result<u64>> = Box::pin(async {
            let mut answers = Together::new(KEYS.iter().map(|key| len(key, &buffer)));
            let mut sum = 0;
            while let Some(len) = answers.next().await? {
                sum += len;
            }
            Ok(sum)
        });
        let reads = buffer.poll(&mut stage).continue_value().unwrap();
        assert_eq!(reads.iter().map(|read| &read.key).collect::<Vec<_>>(), KEYS);
        pollster::block_on(buffer.fetch(&store(), reads)).unwrap();
        assert_eq!(buffer.poll(&mut stage).break_value(), Some(Ok(3)));
    }

    #[test]
    fn an_answer_does_not_wait_for_later_ones_but_an_error_ends_all() {
        let buffer = FetchBuffer::default();
        let look_up = |keys: &'static [&'static str]| -> Work<'_, Result<Option<u64>>> {
            let look_ups = keys.iter().map(|key| len(key, &buffer));
            Box::pin(async { Together::new(look_ups).next().await })
        };
        pollster::block_on(buffer.fetch(&store(), vec![read("a")])).unwrap();
        assert_eq!(buffer.at_once(look_up(&["a", "b"])).unwrap(), Ok(Some(1)));
        assert!(buffer.at_once(look_up(&["b", "a"])).is_none());
        buffer.fetched_mut().insert_missing("c");
        assert_eq!(buffer.at_once(look_up(&["a", "b", "c"])).unwrap().unwrap_err().message, "c");
    }
}
