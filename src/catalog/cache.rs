//! The cache of catalogs (LRU): parsing is expensive, and few catalogs serve many requests.
//!
//! A cache entry is identified by the keys and versions of the stored catalogs it was parsed from,
//! so it is never stale.

use std::{cell::RefCell, rc::Rc};

use super::{BUILTIN, Catalog, Compiled};
use crate::{error::Result, limits, store::Version};

/// A stored catalog: its key, its version, its bytes.
pub type Stored<'a> = (&'a str, &'a Version, &'a [u8]);

thread_local! {
    /// At most [`limits::CATALOGS`] entries with distinct revisions, most recently used first.
    static CACHE: RefCell<Vec<Rc<Catalog>>> = const { RefCell::new(Vec::new()) };
}

/// Returns the catalog of a request, from the cache or parsed. `default` is the stored default
/// catalog; `None` uses the built-in one. `named` is the catalog that the request names.
pub fn load(default: Option<Stored>, named: Option<Stored>) -> Result<Rc<Catalog>> {
    let revision = revision(default, named);
    if let Some(found) = take(&revision) {
        return Ok(found);
    }
    let read = |(key, _, bytes): Stored| Compiled::from_json(key, bytes);
    let stored = default.map(read).transpose()?;
    let named = named.map(read).transpose()?;
    let mut catalog = Catalog::of(stored.as_ref().unwrap_or(&BUILTIN.0), named.as_ref())?;
    catalog.revision = revision;
    let catalog = Rc::new(catalog);
    CACHE.with_borrow_mut(|cache| {
        cache.insert(0, Rc::clone(&catalog));
        cache.truncate(limits::CATALOGS);
    });
    Ok(catalog)
}

fn revision(default: Option<Stored>, named: Option<Stored>) -> String {
    let part = |stored: Option<Stored>| match stored {
        Some((key, version, _)) => format!("{key}@{version};"),
        None => String::new(),
    };
    part(default) + &part(named)
}

fn take(revision: &str) -> Option<Rc<Catalog>> {
    CACHE.with_borrow_mut(|cache| {
        let at = cache.iter().position(|catalog| catalog.revision == revision)?;
        let found = cache.remove(at);
        cache.insert(0, Rc::clone(&found));
        Some(found)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_catalog_is_read_once_and_again_when_it_changed() {
        let stored = |version: &str, pix: &str| {
            let json = format!(r#"{{"format":1,"attributes":{{"MaxPix":"{pix}"}}}}"#);
            load(Some(("catalogs/default.json", &Version(version.into()), json.as_bytes())), None)
        };
        let first = stored("1", "10,10").unwrap();
        assert!(Rc::ptr_eq(&first, &stored("1", "10,10").unwrap()));
        assert_eq!(stored("2", "20,20").unwrap().attributes.max_pix, [20, 20]);
        assert_eq!(first.attributes.max_pix, [10, 10]);
    }

    #[test]
    fn without_a_stored_catalog_the_built_in_one_holds() {
        let catalog = load(None, None).unwrap();
        assert!(catalog.revision.is_empty());
        assert!(catalog.macros.names().any(|name| name == "product"));
    }
}
