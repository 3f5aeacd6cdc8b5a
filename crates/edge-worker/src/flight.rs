//! Identical misses at once are drawn once: who comes second waits for the first.
//!
//! What is shared is the reply's bytes. A flight lives as long as the request that draws; where
//! that is gone, the first of those who wait draws in its place.

use std::{cell::RefCell, collections::HashMap, rc::Rc, time::Duration};

use azulejo::http::HttpReply;

use crate::pulse::{Pulse, awake};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(5);

thread_local! {
    static ISOLATE: RefCell<Flights> = RefCell::default();
}

/// What has to be done about a reply.
#[derive(Debug)]
pub enum Turn {
    /// Nobody draws it: draw it, and [`Request::land`] it.
    Draw(Request),
    /// It was drawn meanwhile.
    Drawn(Rc<HttpReply>),
}

/// A request of a flight, for as long as it wants the reply. One that draws and is dropped before
/// it has landed leaves that to another.
#[derive(Debug)]
pub struct Request {
    tag: String,
    number: u64,
}

/// Takes the turn to draw the reply under `tag`, or waits for whoever has it.
pub async fn turn(tag: &str, pulse: &Pulse) -> Turn {
    let now = awake();
    let number = ISOLATE.with_borrow_mut(|flights| flights.start(tag, pulse, now));
    let mut request = Request { tag: tag.to_owned(), number };
    loop {
        let now = awake();
        pulse.beat(now);
        match ISOLATE.with_borrow_mut(|flights| flights.look(tag, request.number, now)) {
            Look::Landed(reply) => return Turn::Drawn(reply),
            Look::Leads => return Turn::Draw(request),
            Look::Under => pulse.sleep(PAUSE).await,
            Look::Lost => {
                request.number = ISOLATE.with_borrow_mut(|flights| flights.start(tag, pulse, now));
            }
        }
    }
}

impl Request {
    /// Hands the reply to all who wait for it.
    pub fn land(self, reply: &Rc<HttpReply>) {
        ISOLATE.with_borrow_mut(|flights| flights.land(&self.tag, self.number, reply));
    }
}

impl Drop for Request {
    fn drop(&mut self) {
        ISOLATE.with_borrow_mut(|flights| flights.leave(&self.tag, self.number));
    }
}

/// The replies that are being drawn, by entity tag.
#[derive(Debug, Default)]
struct Flights {
    flights: HashMap<String, Flight>,
    next: u64,
}

/// The first of its requests draws, the others wait.
#[derive(Debug, Default)]
struct Flight {
    requests: Vec<(u64, Pulse)>,
    reply: Option<Rc<HttpReply>>,
}

enum Look {
    Under,
    Landed(Rc<HttpReply>),
    Leads,
    /// It was taken for gone.
    Lost,
}

impl Flights {
    /// Joins the flight of a reply, or begins it; the request's number.
    fn start(&mut self, tag: &str, pulse: &Pulse, now: f64) -> u64 {
        // What has landed for nobody who is still there is let go.
        self.flights.retain(|_, flight| {
            flight.requests.retain(|(_, pulse)| !pulse.is_dead(now));
            !flight.requests.is_empty()
        });
        self.next += 1;
        let flight = self.flights.entry(tag.to_owned()).or_default();
        flight.requests.push((self.next, pulse.clone()));
        self.next
    }

    fn look(&mut self, tag: &str, number: u64, now: f64) -> Look {
        let Some(flight) = self.flights.get_mut(tag) else { return Look::Lost };
        if !flight.requests.iter().any(|(other, _)| *other == number) {
            return Look::Lost;
        }
        if let Some(reply) = &flight.reply {
            return Look::Landed(Rc::clone(reply));
        }
        flight.requests.retain(|(other, pulse)| *other == number || !pulse.is_dead(now));
        match flight.requests.first() {
            Some((first, _)) if *first == number => Look::Leads,
            Some(_) | None => Look::Under,
        }
    }

    fn land(&mut self, tag: &str, number: u64, reply: &Rc<HttpReply>) {
        if let Some(flight) = self.flights.get_mut(tag)
            && flight.requests.iter().any(|(other, _)| *other == number)
        {
            flight.reply = Some(Rc::clone(reply));
        }
    }

    fn leave(&mut self, tag: &str, number: u64) {
        if let Some(flight) = self.flights.get_mut(tag) {
            flight.requests.retain(|(other, _)| *other != number);
            if flight.requests.is_empty() {
                self.flights.remove(tag);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pulse::DEAD;

    fn reply() -> Rc<HttpReply> {
        Rc::new(HttpReply::new(200, Vec::new(), vec![1]))
    }

    fn pulses<const N: usize>() -> [Pulse; N] {
        std::array::from_fn(|_| Pulse::new(0.0))
    }

    #[test]
    fn one_draws_and_all_who_wait_get_its_reply() {
        let mut flights = Flights::default();
        let [first, second, third] = pulses().map(|pulse| flights.start("a", &pulse, 0.0));
        let other = flights.start("b", &Pulse::new(0.0), 0.0);
        assert!(matches!(flights.look("a", first, 1.0), Look::Leads));
        assert!(matches!(flights.look("a", second, 1.0), Look::Under));
        assert!(matches!(flights.look("b", other, 1.0), Look::Leads), "another flight");
        flights.land("a", first, &reply());
        flights.leave("a", first);
        for waiting in [second, third] {
            assert!(matches!(flights.look("a", waiting, 2.0), Look::Landed(_)));
            flights.leave("a", waiting);
        }
        assert!(!flights.flights.contains_key("a"), "nothing is kept once nobody waits");
    }

    #[test]
    fn a_flight_lives_as_long_as_its_drawer() {
        let mut flights = Flights::default();
        let [drawer, waiter] = pulses();
        let [first, second] = [&drawer, &waiter].map(|pulse| flights.start("a", pulse, 0.0));
        for seconds in 1..60 {
            let now = f64::from(seconds) * 1000.0;
            [&drawer, &waiter].into_iter().for_each(|pulse| pulse.beat(now));
            assert!(matches!(flights.look("a", second, now), Look::Under), "{seconds} s");
        }
        assert!(matches!(flights.look("a", first, 60_000.0), Look::Leads));
    }

    #[test]
    fn one_of_those_who_wait_draws_where_the_drawer_has_gone() {
        let mut flights = Flights::default();
        let [first, second, third] = pulses().map(|pulse| flights.start("a", &pulse, 0.0));
        flights.leave("a", first);
        assert!(matches!(flights.look("a", third, 1.0), Look::Under));
        assert!(matches!(flights.look("a", second, 1.0), Look::Leads));
    }

    #[test]
    fn a_drawer_that_is_never_polled_again_is_replaced_by_one_other() {
        let mut flights = Flights::default();
        let [gone, second, third] = pulses();
        let numbers = [&gone, &second, &third].map(|pulse| flights.start("a", pulse, 0.0));
        let now = DEAD + 1.0;
        [&second, &third].into_iter().for_each(|pulse| pulse.beat(now));
        assert!(matches!(flights.look("a", numbers[2], now), Look::Under));
        assert!(matches!(flights.look("a", numbers[1], now), Look::Leads));
        assert!(matches!(flights.look("a", numbers[0], now), Look::Lost));
    }

    #[test]
    fn a_reply_for_clients_that_have_all_gone_is_let_go() {
        let mut flights = Flights::default();
        let [first, _] = pulses().map(|pulse| flights.start("a", &pulse, 0.0));
        flights.land("a", first, &reply());
        flights.leave("a", first);
        flights.start("b", &Pulse::new(DEAD + 1.0), DEAD + 1.0);
        assert!(!flights.flights.contains_key("a"));
    }
}
