//! Lists the objects of a folder in the order of their keys, a page at a time. Only folders that may
//! hold objects of the page are read.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use azulejo::store::{Listed, Listing, Version};

/// The objects of the folder `root` whose keys begin with `prefix` and come after `after`.
pub fn page(root: &Path, prefix: &str, after: &str, limit: usize) -> io::Result<Listing> {
    let mut page = Page { prefix, after, limit, objects: Vec::new() };
    let more_follow = page.add(root, "")?;
    Ok(Listing::new(page.objects, more_follow))
}

struct Page<'a> {
    prefix: &'a str,
    after: &'a str,
    limit: usize,
    objects: Vec<Listed>,
}

impl Page<'_> {
    /// Adds the objects in `folder`, whose keys begin with `above`. Returns whether the page is full
    /// and more follow.
    fn add(&mut self, folder: &Path, above: &str) -> io::Result<bool> {
        for (key, path) in entries(folder, above)? {
            if key.ends_with('/') {
                if self.may_hold(&key) && self.add(&path, &key)? {
                    return Ok(true);
                }
                continue;
            }
            if !key.starts_with(self.prefix) || key.as_str() <= self.after {
                continue;
            }
            // What was removed meanwhile is not listed.
            let Some(object) = present(listed(&path, key))? else { continue };
            if self.objects.len() == self.limit {
                return Ok(true);
            }
            self.objects.push(object);
        }
        Ok(false)
    }

    /// Whether keys that begin with `above` can begin with the prefix and come after the last page.
    fn may_hold(&self, above: &str) -> bool {
        let in_prefix = above.starts_with(self.prefix) || self.prefix.starts_with(above);
        in_prefix && (above > self.after || self.after.starts_with(above))
    }
}

/// The keys in a folder, sorted. The keys of folders end with a slash, which counts in the order.
fn entries(folder: &Path, above: &str) -> io::Result<Vec<(String, PathBuf)>> {
    let mut entries = Vec::new();
    for entry in present(fs::read_dir(folder))?.into_iter().flatten() {
        let entry = entry?;
        // No key has other names, and the store keeps its own files under hidden ones.
        let Some(name) = entry.file_name().to_str().map(str::to_owned) else { continue };
        if above.is_empty() && name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let is_folder = match entry.file_type()? {
            kind if kind.is_symlink() => path.is_dir(),
            kind => kind.is_dir(),
        };
        entries.push((format!("{above}{name}{}", if is_folder { "/" } else { "" }), path));
    }
    entries.sort();
    Ok(entries)
}

fn listed(path: &Path, key: String) -> io::Result<Listed> {
    let meta = fs::metadata(path)?;
    let modified = meta.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    let (len, modified) = (meta.len(), Some(modified.as_millis() as f64));
    Ok(Listed { key, len, modified, version: Version(String::new()) })
}

/// The result; `None` if there is no such file or folder.
fn present<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if super::folder::is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(listing: &Listing) -> Vec<&str> {
        listing.objects.iter().map(|object| object.key.as_str()).collect()
    }

    #[test]
    fn folder_list_is_in_the_order_of_keys_and_not_of_folders() {
        let root = tempfile::tempdir().unwrap();
        for key in ["a/b.tif", "a.tif", "a-b.tif", "a/b/c.tif", "b/x.tif", ".staging/y.tif"] {
            let path = root.path().join(key);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, key).unwrap();
        }
        let all = page(root.path(), "", "", 9).unwrap();
        assert_eq!(keys(&all), ["a-b.tif", "a.tif", "a/b.tif", "a/b/c.tif", "b/x.tif"]);
        assert_eq!((all.objects[0].len, all.next), (7, None));
        let mut after = String::new();
        for wanted in ["a-b.tif", "a.tif", "a/b.tif", "a/b/c.tif"] {
            let one = page(root.path(), "a", &after, 1).unwrap();
            assert_eq!(keys(&one), [wanted], "after {after}");
            after = one.next.unwrap_or_default();
        }
        assert_eq!(after, "", "no more begin with a");
        for nothing in ["../", "a/../b", "c", "a/b.tif/", "/"] {
            assert_eq!(keys(&page(root.path(), nothing, "", 9).unwrap()), [""; 0], "{nothing}");
        }
    }
}
