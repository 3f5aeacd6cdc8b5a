//! Many at once, until all are done or Ctrl-C.

use anyhow::Result;
use futures_util::{StreamExt, stream};
use tokio::signal::ctrl_c;

use super::{job::Outcome, originals::Original, report::Report};

/// Does `each` with all items, `size` of them at once. At Ctrl-C what is in hand is dropped, which
/// leaves no part of an object behind. True when it was interrupted.
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
