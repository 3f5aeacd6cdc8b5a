//! The isolate's cache of opened fonts (LRU): a few fonts serve most texts, and opening one takes
//! longer than drawing a line.
//!
//! An entry is identified by key and version, so it is never stale.

use std::{cell::RefCell, rc::Rc};

use super::file::Font;
use crate::{limits, store::Version};

/// A stored font: its key and version, and the opened file.
type Entry = ((String, Version), Rc<Font>);

thread_local! {
    /// The most recently used first. The files have at most [`limits::FONT_CACHE_BYTES`] together.
    static CACHE: RefCell<Vec<Entry>> = const { RefCell::new(Vec::new()) };
}

/// The font from the cache.
pub fn get(key: &str, version: &Version) -> Option<Rc<Font>> {
    CACHE.with_borrow_mut(|cache| {
        let at = cache.iter().position(|((of, is), _)| of == key && is == version)?;
        let entry = cache.remove(at);
        let font = Rc::clone(&entry.1);
        cache.insert(0, entry);
        Some(font)
    })
}

/// Puts a font in the cache. One that is too large for it is left out.
pub fn put(key: &str, version: &Version, font: &Rc<Font>) {
    if font.file_len() > limits::FONT_CACHE_BYTES {
        return;
    }
    CACHE.with_borrow_mut(|cache| {
        cache.retain(|((of, _), _)| of != key);
        cache.insert(0, ((key.to_owned(), version.clone()), Rc::clone(font)));
        let mut bytes = 0;
        cache.retain(|(_, font)| {
            bytes += font.file_len();
            bytes <= limits::FONT_CACHE_BYTES
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_font_is_found_by_key_and_version_while_there_is_room() {
        let bytes = include_bytes!("dejavu/DejaVuSans.ttf");
        let version = |nth: usize| Version(nth.to_string());
        let fits = limits::FONT_CACHE_BYTES / bytes.len();
        for nth in 0..=fits {
            let font = Rc::new(Font::open(bytes.as_slice()).unwrap());
            put(&format!("fonts/{nth}.ttf"), &version(nth), &font);
        }
        assert!(get("fonts/0.ttf", &version(0)).is_none(), "the oldest makes room");
        assert!(get("fonts/1.ttf", &version(1)).is_some());
        assert!(get("fonts/1.ttf", &version(2)).is_none(), "another version");
    }
}
