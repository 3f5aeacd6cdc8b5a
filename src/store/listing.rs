//! Lists of stored objects, a page at a time.

use super::Version;

/// An object of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Its key.
    pub key: String,
    /// Its length in bytes.
    pub len: u64,
    /// When it was stored, in milliseconds since 1970; `None` if the store does not know.
    pub modified: Option<f64>,
    /// Its version. Empty if the store does not tell it in lists.
    pub version: Version,
}

/// A page of a list, in the order of the keys' bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// The objects. That they are fewer than asked for does not mean that no more follow.
    pub objects: Vec<Listed>,
    /// The last key of the page, after which the next one begins. `None` if no more follow.
    pub next: Option<String>,
}

impl Listing {
    /// A page of objects.
    pub fn new(objects: Vec<Listed>, more_follow: bool) -> Self {
        let last = objects.last().filter(|_| more_follow);
        Self { next: last.map(|object| object.key.clone()), objects }
    }
}
