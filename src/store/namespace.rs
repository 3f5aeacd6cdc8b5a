//! Names of the entries in a cache that several servers share.

use sha2::{Digest, Sha256};

/// The namespace of a server's cache entries. It is needed because several servers may share a cache,
/// and the same key means another object in another bucket.
#[derive(Debug, Clone)]
pub struct Namespace {
    name: String,
    /// Whether the name is the setting, which identifies a bucket, and not the host.
    is_set: bool,
}

impl Namespace {
    /// The namespace of the setting, which all servers with the same bucket share; without a
    /// setting, the host's.
    pub fn new(setting: &str, host: &str) -> Self {
        match setting.trim() {
            "" => Self { name: host.to_ascii_lowercase(), is_set: false },
            name => Self { name: name.to_owned(), is_set: true },
        }
    }

    /// The cache key of a finished reply. Its entity tag covers the versions of everything that it
    /// is made of.
    pub fn reply_key(&self, tag: &str) -> String {
        self.key("reply", tag)
    }

    /// The cache key of data derived from a stored object. `None` without the setting, since
    /// neither key nor host identify the bucket.
    pub fn derived_key(&self, key: &str) -> Option<String> {
        self.is_set.then(|| self.key("derived", key))
    }

    /// A key of fixed length.
    fn key(&self, kind: &str, key: &str) -> String {
        use std::fmt::Write;
        let mut hash = Sha256::new();
        for part in [if self.is_set { "set" } else { "host" }, self.name.as_str(), key] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut name = format!("{kind}/");
        for byte in hash.finalize() {
            let _ = write!(name, "{byte:02x}");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_of_a_zone_use_their_own_entries_only() {
        let at = |setting: &str, host: &str| Namespace::new(setting, host).reply_key("\"tag\"");
        assert_eq!(at("", "img.example"), at("", "IMG.example"));
        assert_ne!(at("", "img.example"), at("", "staging.example"));
        assert_eq!(at("shop", "img.example"), at(" shop", "other.example"), "one bucket");
        assert_ne!(at("shop", "img.example"), at("shop-staging", "img.example"));
        assert_ne!(at("img.example", ""), at("", "img.example"));
        let shop = Namespace::new("shop", "");
        assert_ne!(shop.reply_key("a"), shop.reply_key("b"));
        assert_ne!(
            Namespace::new("s", "").reply_key("ha"),
            Namespace::new("sh", "").reply_key("a")
        );
    }

    #[test]
    fn derived_data_is_shared_by_the_name_of_the_bucket_only() {
        let key = "assets/Shop/shoe.tif";
        assert_eq!(Namespace::new("", "img.example").derived_key(key), None);
        let at = |setting: &str| Namespace::new(setting, "img.example").derived_key(key).unwrap();
        assert_ne!(at("shop"), at("shop-staging"));
        assert_ne!(at("shop"), Namespace::new("shop", "").reply_key(key));
    }
}
