//! How often a host is asked.

use std::{cell::Cell, time::Duration};

use tokio::time::{Instant, sleep_until};

/// Spaces the requests to a host evenly: no burst follows a pause.
#[derive(Debug)]
pub struct Limiter {
    interval: Duration,
    /// When the next request may be sent.
    next: Cell<Instant>,
    /// Until when the host wants none.
    paused: Cell<Instant>,
}

impl Limiter {
    /// At most so many requests in a second.
    pub fn new(rate: f64) -> Self {
        let now = Instant::now();
        let interval = Duration::from_secs_f64(1.0 / rate);
        Self { interval, next: Cell::new(now), paused: Cell::new(now) }
    }

    /// Waits until the next request may be sent.
    pub async fn turn(&self) {
        loop {
            let at = self.next.get().max(self.paused.get()).max(Instant::now());
            self.next.set(at + self.interval);
            sleep_until(at).await;
            // The host may have asked for a pause while this request waited for its turn.
            if at >= self.paused.get() {
                return;
            }
        }
    }

    /// Sends nothing for some time.
    pub fn pause(&self, time: Duration) {
        self.paused.set(self.paused.get().max(Instant::now() + time));
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;

    use super::*;

    /// Runs with a clock that stands still while anything is to be done.
    fn run(test: impl Future<Output = ()>) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            tokio::time::pause();
            test.await;
        });
    }

    #[test]
    fn requests_are_spaced_evenly_and_without_bursts() {
        run(async {
            let (start, limiter) = (Instant::now(), Limiter::new(4.0));
            let sent = join_all((0..5).map(async |_| {
                limiter.turn().await;
                start.elapsed().as_millis()
            }));
            let sent = sent.await;
            for (nth, at) in sent.iter().enumerate() {
                let due = nth as u128 * 250;
                assert!((due..due + 2).contains(at), "{sent:?}");
            }
            tokio::time::sleep(Duration::from_secs(10)).await;
            let start = Instant::now();
            limiter.turn().await;
            limiter.turn().await;
            assert!(start.elapsed() >= Duration::from_millis(250), "no burst after a pause");
        });
    }

    #[test]
    fn a_pause_also_holds_back_requests_that_wait_already() {
        run(async {
            let (start, limiter) = (Instant::now(), Limiter::new(10.0));
            let sent = join_all((0..3).map(async |nth| {
                limiter.turn().await;
                if nth == 0 {
                    limiter.pause(Duration::from_secs(7));
                }
                start.elapsed().as_secs()
            }));
            assert_eq!(sent.await, [0, 7, 7]);
        });
    }
}
