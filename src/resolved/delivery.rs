//! How a reply is sent and cached.

use super::Shown;
use crate::http::HeaderChange;

/// How a reply is sent and cached.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Headers that the catalog's rules set.
    pub headers: Vec<HeaderChange>,
    /// The names of the request headers that the reply depends on.
    pub vary: Vec<&'static str>,
    /// The lifetime in seconds. `None` means that the reply never expires, 0 that it is not cached.
    pub expiration: Option<u32>,
    /// The lifetime in shared caches in front of this server, in seconds, if the catalog sets one.
    pub shared_expiration: Option<u32>,
    /// `Last-Modified`, in milliseconds since 1970: the newest of the time stamp of the record (or
    /// else of the catalog) and, after the image is opened, the image's own date. −∞ if none is
    /// known; `None` if the catalog turns the header off.
    pub last_modified: Option<f64>,
    /// The clients that may receive the reply.
    pub audience: Audience,
    /// The objects that the reply shows.
    pub shown: Shown,
}

/// The clients that may receive a reply, as far as address filters distinguish them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// All clients: no address filter was evaluated.
    Everybody,
    /// All clients that the request's own catalog admits. It evaluates its filter before any cache
    /// is used.
    Admitted,
    /// One client: the filter of another catalog was evaluated for one of its objects. No shared
    /// cache stores the reply.
    OneClient,
}

impl Audience {
    /// The audience of a request. `own_filter` tells whether its own catalog has an address filter,
    /// `other_filter` whether the filter of another object's catalog was evaluated.
    pub fn of(own_filter: bool, other_filter: bool) -> Self {
        match (own_filter, other_filter) {
            (_, true) => Self::OneClient,
            (true, false) => Self::Admitted,
            (false, false) => Self::Everybody,
        }
    }

    /// Whether the reply is sent with `Cache-Control: private`.
    pub fn is_private(self) -> bool {
        self != Self::Everybody
    }
}
