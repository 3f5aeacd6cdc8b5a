//! The cache of drawn layers (LRU), for a platform whose requests share memory.
//!
//! The key of a layer is a hash of all that its pixels depend on, so an entry is never stale. The
//! keys and versions of stored objects are part of it. A request computes the key only after it was
//! permitted to read these objects.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use crate::{limits, pixel::Raster};

/// The layers that a platform has drawn for earlier requests.
#[derive(Debug, Default)]
pub struct LayerCache {
    /// The most recently used layer is the first.
    layers: RefCell<VecDeque<([u8; 16], Rc<Raster>)>>,
    /// Bytes of all rasters.
    bytes: Cell<usize>,
}

impl LayerCache {
    /// The layer with this key.
    pub fn get(&self, key: [u8; 16]) -> Option<Rc<Raster>> {
        let mut layers = self.layers.borrow_mut();
        let at = layers.iter().position(|(other, _)| *other == key)?;
        let found = layers.remove(at)?;
        let raster = Rc::clone(&found.1);
        layers.push_front(found);
        Some(raster)
    }

    /// Adds a layer. The least recently used ones make room for it. A layer of more than
    /// [`limits::CACHED_LAYER_BYTES`] is ignored.
    pub fn put(&self, key: [u8; 16], raster: Rc<Raster>) {
        let len = raster.data.len();
        if len as u64 > limits::CACHED_LAYER_BYTES || self.get(key).is_some() {
            return;
        }
        let mut layers = self.layers.borrow_mut();
        let mut bytes = self.bytes.get() + len;
        layers.push_front((key, raster));
        while bytes > limits::LAYER_CACHE_BYTES || layers.len() > limits::CACHED_LAYERS {
            let Some((_, oldest)) = layers.pop_back() else { break };
            bytes -= oldest.data.len();
        }
        self.bytes.set(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::PixelFormat;

    fn layer(bytes: usize) -> Rc<Raster> {
        Rc::new(Raster::new(bytes as u32, 1, PixelFormat::GRAY))
    }

    fn key(number: usize) -> [u8; 16] {
        (number as u128).to_le_bytes()
    }

    #[test]
    fn the_least_recently_used_layers_make_room() {
        let cache = LayerCache::default();
        let third = limits::LAYER_CACHE_BYTES / 3;
        (0..3).for_each(|nth| cache.put(key(nth), layer(third)));
        assert!(cache.get(key(0)).is_some());
        cache.put(key(3), layer(third));
        let cached: Vec<bool> = (0..4).map(|nth| cache.get(key(nth)).is_some()).collect();
        assert_eq!(cached, [true, false, true, true]);
        assert_eq!(cache.bytes.get(), third * 3);
    }

    #[test]
    fn a_layer_that_is_in_use_survives_its_eviction() {
        let cache = LayerCache::default();
        cache.put(key(0), layer(9));
        let used = cache.get(key(0)).unwrap();
        (1..=limits::CACHED_LAYERS).for_each(|nth| cache.put(key(nth), layer(0)));
        assert!(cache.get(key(0)).is_none());
        assert_eq!(used.data, [0; 9]);
        assert_eq!((cache.bytes.get(), cache.layers.borrow().len()), (0, limits::CACHED_LAYERS));
    }

    #[test]
    fn a_layer_beyond_the_limit_is_ignored_and_evicts_nothing() {
        let cache = LayerCache::default();
        cache.put(key(0), layer(9));
        cache.put(key(1), layer(limits::CACHED_LAYER_BYTES as usize + 1));
        assert!(cache.get(key(0)).is_some());
        assert!(cache.get(key(1)).is_none());
        assert_eq!(cache.bytes.get(), 9);
    }

    #[test]
    fn a_layer_that_two_requests_draw_is_counted_once() {
        let cache = LayerCache::default();
        (0..2).for_each(|_| cache.put(key(0), layer(9)));
        assert_eq!((cache.bytes.get(), cache.layers.borrow().len()), (9, 1));
    }
}
