//! The transforms of an isolate.

use std::{cell::RefCell, rc::Rc};

use sha2::{Digest, Sha256};

use super::transform::{Intent, Transform};
use crate::limits;

/// What a transform is computed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformKey {
    profiles: [[u8; 32]; 2],
    intent: Intent,
    black_point: bool,
}

impl TransformKey {
    /// The key of a transform between two profiles.
    pub fn new(from: &[u8], to: &[u8], intent: Intent, black_point: bool) -> Self {
        let profiles = [from, to].map(|bytes| Sha256::digest(bytes).into());
        Self { profiles, intent, black_point }
    }
}

struct Entry {
    key: TransformKey,
    /// Names under which the transform was requested, most recently used first.
    names: Vec<String>,
    transform: Rc<Transform>,
}

thread_local! {
    /// At most [`limits::TRANSFORMS`] entries, most recently used first.
    static CACHE: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

/// The transform that was put under a name: that of the stored objects which hold its profiles, with
/// their versions. With it no profile has to be read.
pub fn cached(name: &str) -> Option<Rc<Transform>> {
    found(|entry| entry.names.iter().any(|known| known == name))
}

/// The transform that was computed from the same profiles, which many images contain.
pub fn computed(key: &TransformKey, name: &str) -> Option<Rc<Transform>> {
    let transform = found(|entry| entry.key == *key)?;
    CACHE.with_borrow_mut(|cache| {
        if let Some(Entry { names, .. }) = cache.first_mut() {
            names.insert(0, name.to_owned());
            names.truncate(limits::TRANSFORM_NAMES);
        }
    });
    Some(transform)
}

fn found(is_wanted: impl Fn(&Entry) -> bool) -> Option<Rc<Transform>> {
    CACHE.with_borrow_mut(|cache| {
        let at = cache.iter().position(is_wanted)?;
        let entry = cache.remove(at);
        let transform = Rc::clone(&entry.transform);
        cache.insert(0, entry);
        Some(transform)
    })
}

/// Puts a transform under a name.
pub fn put(key: TransformKey, name: &str, transform: &Rc<Transform>) {
    CACHE.with_borrow_mut(|cache| {
        let (names, transform) = (vec![name.to_owned()], Rc::clone(transform));
        cache.insert(0, Entry { key, names, transform });
        cache.truncate(limits::TRANSFORMS);
    });
}
