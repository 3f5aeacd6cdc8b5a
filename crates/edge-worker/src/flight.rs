//! Identical misses at once are drawn once: who comes second waits for the first.
//!
//! Promises of one request must not be awaited by another on this platform, so whoever waits
//! looks again every few milliseconds. What is shared is the reply's bytes.

use std::{cell::RefCell, collections::HashMap, rc::Rc, time::Duration};

use azulejo::http::HttpReply;
use js_sys::Date;
use worker::Delay;

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(5);

/// A flight older than this was cut off with its request; the next one starts anew.
const LONGEST: f64 = 10_000.0;

thread_local! {
    static ISOLATE: RefCell<Flights> = RefCell::default();
}

/// What has to be done about a reply.
#[derive(Debug)]
pub enum Turn {
    /// Nobody draws it: draw it, and [`land`] it.
    Draw,
    /// It was drawn meanwhile.
    Drawn(Rc<HttpReply>),
}

/// Takes the turn to draw the reply under `tag`, or waits for whoever has it.
pub async fn turn(tag: &str) -> Turn {
    if ISOLATE.with_borrow_mut(|flights| flights.start(tag, Date::now())) {
        return Turn::Draw;
    }
    loop {
        Delay::from(PAUSE).await;
        match ISOLATE.with_borrow_mut(|flights| flights.look(tag, Date::now())) {
            Look::Landed(reply) => return Turn::Drawn(reply),
            Look::Gone => return Turn::Draw,
            Look::Under => {}
        }
    }
}

/// Hands the reply to all who wait for it.
pub fn land(tag: &str, reply: &Rc<HttpReply>) {
    ISOLATE.with_borrow_mut(|flights| flights.land(tag, reply));
}

/// The replies that are being drawn, by entity tag.
#[derive(Debug, Default)]
struct Flights(HashMap<String, Flight>);

#[derive(Debug)]
struct Flight {
    since: f64,
    waiting: usize,
    reply: Option<Rc<HttpReply>>,
}

enum Look {
    Under,
    Landed(Rc<HttpReply>),
    Gone,
}

impl Flights {
    /// True for who is to draw; false counts one more who waits.
    fn start(&mut self, tag: &str, now: f64) -> bool {
        self.0.retain(|_, flight| now - flight.since < LONGEST);
        match self.0.get_mut(tag) {
            Some(flight) => {
                flight.waiting += 1;
                false
            }
            None => {
                let flight = Flight { since: now, waiting: 0, reply: None };
                self.0.insert(tag.to_owned(), flight);
                true
            }
        }
    }

    fn look(&mut self, tag: &str, now: f64) -> Look {
        let Some(flight) = self.0.get_mut(tag).filter(|flight| now - flight.since < LONGEST) else {
            return Look::Gone;
        };
        let Some(reply) = flight.reply.clone() else { return Look::Under };
        flight.waiting -= 1;
        if flight.waiting == 0 {
            self.0.remove(tag);
        }
        Look::Landed(reply)
    }

    fn land(&mut self, tag: &str, reply: &Rc<HttpReply>) {
        match self.0.get_mut(tag) {
            Some(flight) if flight.waiting > 0 => flight.reply = Some(Rc::clone(reply)),
            Some(_) | None => {
                self.0.remove(tag);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply() -> Rc<HttpReply> {
        Rc::new(HttpReply::new(200, Vec::new(), vec![1]))
    }

    #[test]
    fn one_draws_and_all_who_wait_get_its_reply() {
        let mut flights = Flights::default();
        assert!(flights.start("a", 0.0));
        assert!(!flights.start("a", 1.0) && !flights.start("a", 2.0));
        assert!(flights.start("b", 2.0), "another reply is another flight");
        assert!(matches!(flights.look("a", 3.0), Look::Under));
        flights.land("a", &reply());
        assert!(matches!(flights.look("a", 4.0), Look::Landed(_)));
        assert!(matches!(flights.look("a", 5.0), Look::Landed(_)));
        assert!(flights.start("a", 6.0), "nothing is kept once nobody waits");
    }

    #[test]
    fn a_flight_that_nobody_waits_for_leaves_nothing() {
        let mut flights = Flights::default();
        assert!(flights.start("a", 0.0));
        flights.land("a", &reply());
        assert!(flights.0.is_empty());
    }

    #[test]
    fn a_flight_that_was_cut_off_is_started_anew() {
        let mut flights = Flights::default();
        assert!(flights.start("a", 0.0));
        assert!(!flights.start("a", 1.0));
        assert!(matches!(flights.look("a", LONGEST), Look::Gone));
        assert!(flights.start("a", LONGEST));
    }
}
