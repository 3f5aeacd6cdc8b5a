//! What makes one reply differ from another: the key of caches.

use sha2::{Digest, Sha256};

use super::{Answer, Delivery, Resolved};
use crate::{commands::ReplyFormat, store::Version};

/// What a reply depends on besides its object and its delivery.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The canonical request without what changes no byte of the reply: unknown commands, comments,
    /// `id=`.
    pub commands: String,
    /// Attributes that the catalog's rules set, in order: names and values.
    pub ruled: Vec<(String, String)>,
    /// Changes with every catalog and record that was looked up, found or not.
    pub revision: String,
}

/// A hash over parts. The length of each part is hashed, too, so that no two lists of parts are one
/// text.
#[derive(Debug, Clone, Default)]
pub struct EntityHash(Sha256);

impl EntityHash {
    /// Adds a part.
    pub fn add(&mut self, part: &str) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// Letters and digits of the hash, 6 bits each.
    pub fn letters(self, count: usize) -> String {
        const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let digest = self.0.finalize();
        let digits = digest.iter().filter_map(|&byte| DIGITS.get(usize::from(byte) % 62));
        digits.take(count).map(|&digit| char::from(digit)).collect()
    }
}

impl Resolved {
    /// The identity of the reply over a version of the source.
    ///
    /// A reply is a function of the commands, the stored objects, what rules set, and the source.
    /// Every field is one of these, or follows from them: the patterns name all of them, so that a
    /// new field is decided upon here.
    pub fn entity(&self, version: Option<&Version>) -> EntityHash {
        let Self {
            object,
            asset,
            answer,
            delivery: Delivery { headers, expiration, last_modified, audience: _ },
            identity: Identity { commands, ruled, revision },
            // These follow from commands, attributes and records.
            remote: _,
            picture: _,
            unsupported: _,
            output: _,
        } = self;
        let Answer {
            // Printed in JSONP only.
            format,
            jsonp: (id, handler),
            // It holds what changes no byte, too.
            canonical: _,
            // These follow from commands, attributes and records.
            reply: _,
            encoding: _,
            manifest: _,
            record: _,
            image_set: _,
            label_key: _,
            data: _,
            maps: _,
            resolution: _,
            thumbnail: _,
        } = answer;
        let mut identity = EntityHash::default();
        let asset = asset.as_deref().unwrap_or_default();
        let version = version.map_or("", |version| version.0.as_str());
        for part in [commands, &object.root, &object.id, asset, revision, version] {
            identity.add(part);
        }
        // How many of each there are, so that no list runs into the next.
        identity.add(&[ruled.len(), headers.len()].map(|count| count.to_string()).join(","));
        for (name, value) in ruled {
            identity.add(name);
            identity.add(value);
        }
        for (name, value, added) in headers {
            identity.add(if *added { "+" } else { "=" });
            identity.add(name);
            identity.add(value);
        }
        if *format == ReplyFormat::Json {
            identity.add(id);
            identity.add(handler);
        }
        identity.add(&expiration.map_or_else(String::new, |seconds| seconds.to_string()));
        identity.add(&last_modified.map_or_else(String::new, |date| date.to_string()));
        identity
    }
}
