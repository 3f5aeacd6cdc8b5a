//! What makes one reply differ from another: the key of caches.

use sha2::{Digest, Sha256};

use super::Scene;
use crate::{commands::ReplyFormat, store::Version};

/// A hash over parts of which each is as long as it says.
#[derive(Debug, Clone, Default)]
pub struct Identity(Sha256);

impl Identity {
    /// Adds a part; no two lists of parts are one text.
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

impl Scene {
    /// The identity of the reply over a version of the source.
    ///
    /// A reply is a function of the commands, the stored objects, what rules set, and the source.
    /// Every field of a scene is one of these, or follows from them: the pattern names all of
    /// them, so that a new field is decided upon here.
    pub fn identity(&self, version: Option<&Version>) -> Identity {
        let Self {
            // The commands; `canonical` holds what changes no byte, too.
            commands,
            canonical: _,
            // What was found of them in the store, and what rules set over it.
            object,
            asset,
            revision,
            ruled,
            headers,
            expiration,
            last_modified,
            // Part of the body in JSONP only.
            format,
            jsonp: (id, handler),
            // Who may have the reply, which is judged before a cache is asked.
            audience: _,
            // These follow from commands, attributes and records.
            remote: _,
            reply: _,
            encoding: _,
            layer: _,
            layers: _,
            composite: _,
            undrawn: _,
            view: _,
            layer_ops: _,
            ops: _,
            manifest: _,
            output: _,
            resolution: _,
            thumbnail: _,
            record: _,
            image_set: _,
            label_key: _,
            reply_data: _,
        } = self;
        let mut identity = Identity::default();
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
