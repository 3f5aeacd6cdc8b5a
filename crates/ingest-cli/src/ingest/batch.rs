//! Runs many jobs concurrently until all are done or a signal tells it to stop.

use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::{task::yield_now, time};

use super::{outcome::Event, report::Report};
use crate::signals::{Signal, Signals};

/// How often progress is looked at while no job ends.
const TICK: Duration = Duration::from_secs(1);

/// After this many results the runtime gets a turn, even if no job has to wait for anything.
const TURN: usize = 256;

/// Runs `each` for all items, `size` of them concurrently. A signal drops the running jobs, which
/// never leaves an incomplete object in the store. Returns the signal.
pub async fn run<T, F: Future<Output = Event>>(
    items: impl Iterator<Item = T>,
    size: u16,
    each: impl FnMut(T) -> F,
    signals: &Signals,
    report: &mut Report,
) -> Option<Signal> {
    let jobs = stream::iter(items).map(each).buffer_unordered(size.into());
    let mut jobs = Box::pin(jobs.take_until(Box::pin(signals.clone().first())));
    let mut tick = time::interval(TICK);
    let mut results = 0_usize;
    loop {
        tokio::select! {
            event = jobs.next() => match event {
                Some(event) => report.event(event),
                None => return jobs.take_result(),
            },
            _ = tick.tick() => report.tick(),
        }
        results += 1;
        if results.is_multiple_of(TURN) {
            yield_now().await;
        }
    }
}
