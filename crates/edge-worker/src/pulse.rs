//! The signs of life of a request, for others that wait for it.
//!
//! A request whose client has gone may never be polled again: nothing of it is dropped then, and
//! no destructor runs. So whoever holds what others wait for shows that it is alive, and who shows
//! nothing for [`DEAD`] milliseconds counts as gone.

use std::{
    cell::{Cell, RefCell},
    future::{Future, poll_fn},
    pin::pin,
    rc::Rc,
    time::Duration,
};

use js_sys::Date;
use worker::Delay;

/// Between two signs of life.
const BEAT: Duration = Duration::from_millis(250);

/// Milliseconds without a sign of life, after which a request counts as gone.
pub const DEAD: f64 = 2000.0;

/// The most that the time between two looks at the clock counts. While one request computes, the
/// others cannot show that they are alive.
const STEP: f64 = 100.0;

thread_local! {
    static ISOLATE: RefCell<Awake> = const { RefCell::new(Awake { last: 0.0, total: 0.0 }) };
    static UNDER_WAY: RefCell<Vec<Pulse>> = const { RefCell::new(Vec::new()) };
}

/// Milliseconds for which the isolate has been running its requests.
pub fn awake() -> f64 {
    ISOLATE.with_borrow_mut(|awake| awake.at(Date::now()))
}

struct Awake {
    last: f64,
    total: f64,
}

impl Awake {
    fn at(&mut self, now: f64) -> f64 {
        self.total += (now - self.last).clamp(0.0, STEP);
        self.last = now;
        self.total
    }
}

/// When a request was last alive, and whether it wants the thread.
#[derive(Debug, Clone, Default)]
pub struct Pulse(Rc<State>);

#[derive(Debug, Default)]
struct State {
    last: Cell<f64>,
    waits: Cell<bool>,
}

impl Pulse {
    /// That of a request that is alive at `now`, in milliseconds of [`awake`].
    pub fn new(now: f64) -> Self {
        let pulse = Self::default();
        pulse.beat(now);
        pulse
    }

    /// It is alive at `now`.
    pub fn beat(&self, now: f64) {
        self.0.last.set(now);
    }

    /// Whether it is gone.
    pub fn is_dead(&self, now: f64) -> bool {
        now - self.0.last.get() > DEAD
    }

    /// Waits for its place in a queue; until then it wants nothing of the thread.
    pub async fn sleep(&self, pause: Duration) {
        self.0.waits.set(true);
        Delay::from(pause).await;
        self.0.waits.set(false);
    }

    /// Whether another request of the isolate is under way and wants the thread.
    pub fn has_company(&self) -> bool {
        let now = awake();
        UNDER_WAY.with_borrow(|pulses| pulses.iter().any(|pulse| self.is_accompanied(pulse, now)))
    }

    fn is_accompanied(&self, other: &Self, now: f64) -> bool {
        !Rc::ptr_eq(&self.0, &other.0) && !other.0.waits.get() && !other.is_dead(now)
    }

    /// Shows that the request is alive and under way for as long as `work` takes.
    pub async fn during<T>(&self, work: impl Future<Output = T>) -> T {
        let _under_way = UnderWay::new(self);
        let mut work = pin!(work);
        let mut next = pin!(Delay::from(BEAT));
        self.beat(awake());
        poll_fn(|context| {
            let polled = work.as_mut().poll(context);
            while polled.is_pending() && next.as_mut().poll(context).is_ready() {
                self.beat(awake());
                next.set(Delay::from(BEAT));
            }
            polled
        })
        .await
    }
}

/// A request in the list of those under way, until it is dropped.
struct UnderWay<'a>(&'a Pulse);

impl<'a> UnderWay<'a> {
    fn new(pulse: &'a Pulse) -> Self {
        let now = awake();
        UNDER_WAY.with_borrow_mut(|pulses| {
            // Those that were never polled again are forgotten.
            pulses.retain(|pulse| !pulse.is_dead(now));
            pulses.push(pulse.clone());
        });
        Self(pulse)
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        UNDER_WAY.with_borrow_mut(|pulses| pulses.retain(|pulse| !Rc::ptr_eq(&pulse.0, &self.0.0)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computation_that_blocks_the_isolate_makes_nobody_look_dead() {
        let mut awake = Awake { last: 0.0, total: 0.0 };
        let other = Pulse::new(awake.at(1000.0));
        assert!(!other.is_dead(awake.at(61_000.0)), "a minute in which nothing was polled");
        let mut now = 61_000.0;
        while !other.is_dead(awake.at(now)) {
            now += 5.0;
        }
        assert!((62_900.0..63_100.0).contains(&now), "{now}");
    }

    #[test]
    fn company_is_who_is_alive_and_does_not_wait() {
        let [one, other] = [0, 1].map(|_| Pulse::new(1000.0));
        assert!(!one.is_accompanied(&one.clone(), 1000.0), "no request is its own");
        assert!(one.is_accompanied(&other, 1000.0));
        other.0.waits.set(true);
        assert!(!one.is_accompanied(&other, 1000.0));
        other.0.waits.set(false);
        assert!(!one.is_accompanied(&other, 1001.0 + DEAD));
    }
}
