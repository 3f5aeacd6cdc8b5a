//! Runs many jobs concurrently until all are done or Ctrl-C is pressed.

use anyhow::Result;
use futures_util::{StreamExt, stream};
use tokio::signal::ctrl_c;

use super::{ingester::Outcome, originals::Original, report::Report};

/// Runs `each` for all items, `size` of them concurrently. Ctrl-C drops the running jobs, which
/// never leaves an incomplete object in the store. Returns whether it was interrupted.
pub async fn run<T, F: Future<Output = (Original, Result<Outcome>)>>(
    items: Vec<T>,
    size: u16,
    each: impl FnMut(T) -> F,
    report: &mut Report,
) -> bool {
    let jobs = stream::iter(items).map(each).buffer_unordered(size.into());
    let mut jobs = Box::pin(jobs.take_until(Box::pin(ctrl_c())));
    while let Some((original, outcome)) = jobs.next().await {
        report.done(&original, outcome);
    }
    jobs.take_result().is_some()
}
