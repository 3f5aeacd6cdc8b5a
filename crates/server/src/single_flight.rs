//! Single flight: identical cache misses of a worker at the same time are rendered once.
//!
//! The first request for a reply is the leader and renders it. Later ones are followers and wait
//! for the leader's reply. If the leader goes away, a follower takes its place.

use std::{cell::RefCell, collections::HashMap};

use tokio::sync::watch;

use crate::reply::Rendered;

/// All flights of the worker, by entity tag.
#[derive(Debug, Default)]
pub struct SingleFlight(RefCell<HashMap<String, watch::Receiver<Option<Rendered>>>>);

/// The part of a request in a flight.
#[derive(Debug)]
pub enum Role<'w> {
    /// The request must render the reply and call [`Leader::complete`].
    Leader(Leader<'w>),
    /// Another request has rendered this reply.
    Follower(Rendered),
}

/// The leader of a flight. Dropping it ends the flight.
#[derive(Debug)]
pub struct Leader<'w> {
    flights: &'w SingleFlight,
    tag: String,
    reply: watch::Sender<Option<Rendered>>,
}

impl SingleFlight {
    /// Joins the flight of the reply with the entity tag `tag`. Returns at once for the leader, and
    /// for a follower when the reply is complete.
    pub async fn join(&self, tag: &str) -> Role<'_> {
        loop {
            let flight = self.0.borrow().get(tag).cloned();
            let Some(mut reply) = flight else { return Role::Leader(self.begin(tag)) };
            if let Ok(rendered) = reply.wait_for(Option::is_some).await
                && let Some(rendered) = rendered.as_ref()
            {
                return Role::Follower(rendered.clone());
            }
        }
    }

    fn begin(&self, tag: &str) -> Leader<'_> {
        let (reply, receiver) = watch::channel(None);
        self.0.borrow_mut().insert(tag.to_owned(), receiver);
        Leader { flights: self, tag: tag.to_owned(), reply }
    }
}

impl Leader<'_> {
    /// Hands the reply to all followers.
    pub fn complete(self, rendered: &Rendered) {
        self.reply.send_replace(Some(rendered.clone()));
    }
}

impl Drop for Leader<'_> {
    fn drop(&mut self) {
        self.flights.0.borrow_mut().remove(&self.tag);
    }
}

#[cfg(test)]
mod tests {
    use std::{pin::pin, task::Poll};

    use azulejo::http::HttpReply;
    use futures_util::poll;

    use super::*;

    fn run(test: impl Future<Output = ()>) {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(test);
    }

    async fn leader<'w>(flights: &'w SingleFlight, tag: &str) -> Leader<'w> {
        match flights.join(tag).await {
            Role::Leader(leader) => leader,
            Role::Follower(_) => panic!("nothing was rendered"),
        }
    }

    #[test]
    fn the_leader_renders_and_all_followers_get_its_reply() {
        run(async {
            let flights = SingleFlight::default();
            let first = leader(&flights, "a").await;
            let [mut second, mut third] = [(); 2].map(|()| Box::pin(flights.join("a")));
            assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
            drop(leader(&flights, "b").await);
            first.complete(&Rendered::from(HttpReply::new(200, Vec::new(), vec![7])));
            for follower in [second, third] {
                let Role::Follower(rendered) = follower.await else { panic!("it has a leader") };
                assert_eq!(rendered.body[..], [7]);
            }
            assert!(flights.0.borrow().is_empty());
        });
    }

    #[test]
    fn a_follower_becomes_the_leader_if_the_leader_leaves() {
        run(async {
            let flights = SingleFlight::default();
            let first = leader(&flights, "a").await;
            let mut second = pin!(flights.join("a"));
            let mut third = pin!(flights.join("a"));
            assert!(poll!(&mut second).is_pending() && poll!(&mut third).is_pending());
            drop(first);
            let Poll::Ready(Role::Leader(second)) = poll!(&mut second) else {
                panic!("nobody leads")
            };
            assert!(poll!(&mut third).is_pending(), "one of them leads");
            drop(second);
            assert!(matches!(third.await, Role::Leader(_)));
        });
    }
}
