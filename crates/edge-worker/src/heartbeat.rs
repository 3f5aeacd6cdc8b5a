//! Heartbeats: how requests that wait for another one notice that it is gone.
//!
//! If a client has gone, the platform may never poll its request again. Then nothing is dropped and
//! no destructor runs. So every request for which others may wait renews its heartbeat, and one
//! without a heartbeat for [`EXPIRY`] milliseconds counts as gone.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    time::Duration,
};

use js_sys::Date;
use worker::Delay;

/// The interval between two heartbeats.
const INTERVAL: Duration = Duration::from_millis(250);

/// Milliseconds without a heartbeat after which a request counts as gone.
pub const EXPIRY: f64 = 2000.0;

/// The maximum number of milliseconds that count between two readings of the clock. While one
/// request computes, the others cannot renew their heartbeats.
const MAX_STEP: f64 = 100.0;

thread_local! {
    static ISOLATE: RefCell<RunningTime> = const { RefCell::new(RunningTime { last: 0.0, total: 0.0 }) };
    static ACTIVE: RefCell<Vec<Heartbeat>> = const { RefCell::new(Vec::new()) };
}

/// Milliseconds for which the isolate has been polling its requests. Long computations count as
/// [`MAX_STEP`].
pub fn running_time() -> f64 {
    ISOLATE.with_borrow_mut(|running_time| running_time.at(Date::now()))
}

struct RunningTime {
    last: f64,
    total: f64,
}

impl RunningTime {
    fn at(&mut self, now: f64) -> f64 {
        self.total += (now - self.last).clamp(0.0, MAX_STEP);
        self.last = now;
        self.total
    }
}

/// The time of a request's last heartbeat, and whether it competes for the thread.
#[derive(Debug, Clone, Default)]
pub struct Heartbeat(Rc<State>);

#[derive(Debug, Default)]
struct State {
    last: Cell<f64>,
    is_waiting: Cell<bool>,
    is_watched: Cell<bool>,
}

impl Heartbeat {
    /// A first heartbeat at `now`, in milliseconds of [`running_time`].
    pub fn new(now: f64) -> Self {
        let heartbeat = Self::default();
        heartbeat.beat(now);
        heartbeat
    }

    /// Renews the heartbeat at `now`.
    pub fn beat(&self, now: f64) {
        self.0.last.set(now);
    }

    /// Whether the request counts as gone at `now`.
    pub fn is_expired(&self, now: f64) -> bool {
        now - self.0.last.get() > EXPIRY
    }

    /// Renews the heartbeat at `now`, and every [`INTERVAL`] from then on: other requests may wait
    /// for this one.
    ///
    /// A reply from the cache is never watched, which saves its request a timer.
    pub fn watch(&self, now: f64) {
        self.0.is_watched.set(true);
        self.beat(now);
    }

    /// Sleeps while the request waits for another one. Meanwhile it does not compete for the
    /// thread.
    pub async fn sleep(&self, pause: Duration) {
        self.0.is_waiting.set(true);
        Delay::from(pause).await;
        self.0.is_waiting.set(false);
    }

    /// Whether another active request of the isolate competes for the thread.
    pub fn has_competitors(&self) -> bool {
        let now = running_time();
        ACTIVE.with_borrow(|heartbeats| {
            heartbeats.iter().any(|heartbeat| self.competes_with(heartbeat, now))
        })
    }

    fn competes_with(&self, other: &Self, now: f64) -> bool {
        !Rc::ptr_eq(&self.0, &other.0) && !other.0.is_waiting.get() && !other.is_expired(now)
    }

    /// Runs `work`, and lists the request as active until it is done. Renews its heartbeat from the
    /// moment it is watched.
    pub async fn keep_during<T>(&self, work: impl Future<Output = T>) -> T {
        let active = ActiveGuard::new(self);
        let mut work = pin!(work);
        let mut next = pin!(None);
        poll_fn(|context| {
            let polled = work.as_mut().poll(context);
            if polled.is_ready() || !self.0.is_watched.get() {
                return polled;
            }
            if next.is_none() {
                active.list();
                next.set(Some(Delay::from(INTERVAL)));
            }
            while next.as_mut().as_pin_mut().is_some_and(|next| next.poll(context).is_ready()) {
                self.beat(running_time());
                next.set(Some(Delay::from(INTERVAL)));
            }
            polled
        })
        .await
    }
}

/// Keeps a request in the list of active ones until it is dropped.
struct ActiveGuard<'a>(&'a Heartbeat);

impl<'a> ActiveGuard<'a> {
    fn new(heartbeat: &'a Heartbeat) -> Self {
        heartbeat.beat(running_time());
        let active = Self(heartbeat);
        active.list();
        active
    }

    /// Lists the request, again if it waited so long for a read that it was removed.
    fn list(&self) {
        let now = running_time();
        ACTIVE.with_borrow_mut(|heartbeats| {
            // Removes requests that were never polled again.
            heartbeats.retain(|other| !other.is_expired(now) && !Rc::ptr_eq(&other.0, &self.0.0));
            heartbeats.push(self.0.clone());
        });
    }
}

impl Drop for ActiveGuard<'_> {
    fn drop(&mut self) {
        ACTIVE.with_borrow_mut(|heartbeats| {
            heartbeats.retain(|heartbeat| !Rc::ptr_eq(&heartbeat.0, &self.0.0));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computation_that_blocks_the_isolate_expires_no_request() {
        let mut running_time = RunningTime { last: 0.0, total: 0.0 };
        let other = Heartbeat::new(running_time.at(1000.0));
        assert!(
            !other.is_expired(running_time.at(61_000.0)),
            "a minute in which nothing was polled"
        );
        let mut now = 61_000.0;
        while !other.is_expired(running_time.at(now)) {
            now += 5.0;
        }
        assert!((62_900.0..63_100.0).contains(&now), "{now}");
    }

    #[test]
    fn a_competitor_is_alive_and_does_not_wait() {
        let [one, other] = [0, 1].map(|_| Heartbeat::new(1000.0));
        assert!(!one.competes_with(&one.clone(), 1000.0), "no request competes with itself");
        assert!(one.competes_with(&other, 1000.0));
        other.0.is_waiting.set(true);
        assert!(!one.competes_with(&other, 1000.0));
        other.0.is_waiting.set(false);
        assert!(!one.competes_with(&other, 1001.0 + EXPIRY));
    }
}
