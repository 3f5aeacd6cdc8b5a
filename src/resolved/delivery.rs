//! How a reply is sent and cached.

/// How a reply is sent and cached.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Headers that the catalog's rules set: name, value, whether it is added to one that exists.
    pub headers: Vec<(String, String, bool)>,
    /// Seconds that a cache may store the reply; `None` is for ever, 0 not at all.
    pub expiration: Option<u32>,
    /// `Last-Modified`, in milliseconds since 1970, where the catalog wants it: the newest of its
    /// time stamp, the record's and the image's own.
    pub last_modified: Option<f64>,
    /// Who may have the reply.
    pub audience: Audience,
}

/// Who may have a reply, as far as address filters tell clients apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Everybody: no address filter was evaluated.
    Everybody,
    /// All clients that the request's own catalog lets in, which it does before any cache is asked.
    Admitted,
    /// One client: another catalog's filter was evaluated for one of its objects. No shared cache
    /// keeps the reply.
    OneClient,
}

impl Audience {
    /// Of a request whose own catalog has a filter, or one of whose objects' catalogs has.
    pub fn of(own_filter: bool, other_filter: bool) -> Self {
        match (own_filter, other_filter) {
            (_, true) => Self::OneClient,
            (true, false) => Self::Admitted,
            (false, false) => Self::Everybody,
        }
    }

    /// Whether the copy of a client is `Cache-Control: private`.
    pub fn is_private(self) -> bool {
        self != Self::Everybody
    }
}
