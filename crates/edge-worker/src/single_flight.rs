//! Single flight: identical cache misses at the same time are rendered once.
//!
//! The first request for a reply is the leader and renders it. Later ones are followers and wait
//! for the leader's reply. If the leader goes away, the first follower takes its place.

use std::{cell::RefCell, collections::HashMap, rc::Rc, time::Duration};

use azulejo::http::HttpReply;

use crate::heartbeat::{Heartbeat, running_time};

/// How often followers check for the reply.
const POLL_INTERVAL: Duration = Duration::from_millis(5);

thread_local! {
    static ISOLATE: RefCell<SingleFlight> = RefCell::default();
}

/// The part of a request in a flight.
#[derive(Debug)]
pub enum Role {
    /// The request must render the reply and call [`Member::complete`].
    Leader(Member),
    /// Another request has rendered this reply.
    Follower(Rc<HttpReply>),
}

/// The membership of a request in a flight. Dropping it leaves the flight. If the leader leaves
/// before it has completed the reply, a follower becomes the leader.
#[derive(Debug)]
pub struct Member {
    tag: String,
    id: u64,
}

/// Joins the flight of the reply with the entity tag `tag`. Returns at once for the leader, and for
/// a follower when the reply is complete.
pub async fn join(tag: &str, heartbeat: &Heartbeat) -> Role {
    let now = running_time();
    heartbeat.watch(now);
    let id = ISOLATE.with_borrow_mut(|flights| flights.join(tag, heartbeat, now));
    let mut member = Member { tag: tag.to_owned(), id };
    loop {
        let now = running_time();
        heartbeat.beat(now);
        match ISOLATE.with_borrow_mut(|flights| flights.poll(tag, member.id, now)) {
            State::Done(reply) => return Role::Follower(reply),
            State::Leads => return Role::Leader(member),
            State::Waiting => heartbeat.sleep(POLL_INTERVAL).await,
            State::Expired => {
                member.id = ISOLATE.with_borrow_mut(|flights| flights.join(tag, heartbeat, now));
            }
        }
    }
}

impl Member {
    /// Hands the reply to all followers.
    pub fn complete(self, reply: &Rc<HttpReply>) {
        ISOLATE.with_borrow_mut(|flights| flights.complete(&self.tag, self.id, reply));
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        ISOLATE.with_borrow_mut(|flights| flights.leave(&self.tag, self.id));
    }
}

/// All flights of the isolate, by entity tag.
#[derive(Debug, Default)]
struct SingleFlight {
    flights: HashMap<String, Flight>,
    next: u64,
}

/// The requests for one reply. The first member is the leader.
#[derive(Debug, Default)]
struct Flight {
    members: Vec<(u64, Heartbeat)>,
    reply: Option<Rc<HttpReply>>,
}

/// The state of a member.
enum State {
    Waiting,
    Done(Rc<HttpReply>),
    Leads,
    /// The member missed its heartbeats and was removed.
    Expired,
}

impl SingleFlight {
    /// Joins the flight of a reply, or begins it. Returns the member's id.
    fn join(&mut self, tag: &str, heartbeat: &Heartbeat, now: f64) -> u64 {
        // Removes expired members, and flights without members.
        self.flights.retain(|_, flight| {
            flight.members.retain(|(_, heartbeat)| !heartbeat.is_expired(now));
            !flight.members.is_empty()
        });
        self.next += 1;
        let flight = self.flights.entry(tag.to_owned()).or_default();
        flight.members.push((self.next, heartbeat.clone()));
        self.next
    }

    fn poll(&mut self, tag: &str, id: u64, now: f64) -> State {
        let Some(flight) = self.flights.get_mut(tag) else { return State::Expired };
        if !flight.members.iter().any(|(other, _)| *other == id) {
            return State::Expired;
        }
        if let Some(reply) = &flight.reply {
            return State::Done(Rc::clone(reply));
        }
        flight.members.retain(|(other, heartbeat)| *other == id || !heartbeat.is_expired(now));
        match flight.members.first() {
            Some((first, _)) if *first == id => State::Leads,
            Some(_) | None => State::Waiting,
        }
    }

    fn complete(&mut self, tag: &str, id: u64, reply: &Rc<HttpReply>) {
        if let Some(flight) = self.flights.get_mut(tag)
            && flight.members.iter().any(|(other, _)| *other == id)
        {
            flight.reply = Some(Rc::clone(reply));
        }
    }

    fn leave(&mut self, tag: &str, id: u64) {
        if let Some(flight) = self.flights.get_mut(tag) {
            flight.members.retain(|(other, _)| *other != id);
            if flight.members.is_empty() {
                self.flights.remove(tag);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::heartbeat::EXPIRY;

    fn reply() -> Rc<HttpReply> {
        Rc::new(HttpReply::new(200, Vec::new(), vec![1]))
    }

    fn heartbeats<const N: usize>() -> [Heartbeat; N] {
        std::array::from_fn(|_| Heartbeat::new(0.0))
    }

    #[test]
    fn the_leader_renders_and_all_followers_get_its_reply() {
        let mut flights = SingleFlight::default();
        let [first, second, third] =
            heartbeats().map(|heartbeat| flights.join("a", &heartbeat, 0.0));
        let other = flights.join("b", &Heartbeat::new(0.0), 0.0);
        assert!(matches!(flights.poll("a", first, 1.0), State::Leads));
        assert!(matches!(flights.poll("a", second, 1.0), State::Waiting));
        assert!(matches!(flights.poll("b", other, 1.0), State::Leads), "another flight");
        flights.complete("a", first, &reply());
        flights.leave("a", first);
        for waiting in [second, third] {
            assert!(matches!(flights.poll("a", waiting, 2.0), State::Done(_)));
            flights.leave("a", waiting);
        }
        assert!(!flights.flights.contains_key("a"), "a flight without members is removed");
    }

    #[test]
    fn a_flight_lives_as_long_as_its_leader() {
        let mut flights = SingleFlight::default();
        let [leader, follower] = heartbeats();
        let [first, second] =
            [&leader, &follower].map(|heartbeat| flights.join("a", heartbeat, 0.0));
        for seconds in 1..60 {
            let now = f64::from(seconds) * 1000.0;
            [&leader, &follower].into_iter().for_each(|heartbeat| heartbeat.beat(now));
            assert!(matches!(flights.poll("a", second, now), State::Waiting), "{seconds} s");
        }
        assert!(matches!(flights.poll("a", first, 60_000.0), State::Leads));
    }

    #[test]
    fn a_follower_becomes_the_leader_if_the_leader_leaves() {
        let mut flights = SingleFlight::default();
        let [first, second, third] =
            heartbeats().map(|heartbeat| flights.join("a", &heartbeat, 0.0));
        flights.leave("a", first);
        assert!(matches!(flights.poll("a", third, 1.0), State::Waiting));
        assert!(matches!(flights.poll("a", second, 1.0), State::Leads));
    }

    #[test]
    fn a_leader_that_is_never_polled_again_is_replaced_by_one_follower() {
        let mut flights = SingleFlight::default();
        let [gone, second, third] = heartbeats();
        let ids = [&gone, &second, &third].map(|heartbeat| flights.join("a", heartbeat, 0.0));
        let now = EXPIRY + 1.0;
        [&second, &third].into_iter().for_each(|heartbeat| heartbeat.beat(now));
        assert!(matches!(flights.poll("a", ids[2], now), State::Waiting));
        assert!(matches!(flights.poll("a", ids[1], now), State::Leads));
        assert!(matches!(flights.poll("a", ids[0], now), State::Expired));
    }

    #[test]
    fn a_reply_is_dropped_once_all_its_clients_have_gone() {
        let mut flights = SingleFlight::default();
        let [first, _] = heartbeats().map(|heartbeat| flights.join("a", &heartbeat, 0.0));
        flights.complete("a", first, &reply());
        flights.leave("a", first);
        flights.join("b", &Heartbeat::new(EXPIRY + 1.0), EXPIRY + 1.0);
        assert!(!flights.flights.contains_key("a"));
    }
}
