//! The identity of a reply, from which the entity tag and the cache key are made.

use sha2::{Digest, Sha256};

use super::{Answer, Delivery, Jsonp, Resolved};
use crate::{
    commands::ReplyFormat,
    http::{CacheTags, HeaderChange},
    store::Version,
    text::font::FontSource,
};

/// The inputs of a reply in addition to its object and its delivery.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The canonical request without the parts that change no byte of the reply: unknown commands,
    /// comments, `id=`.
    pub commands: String,
    /// The attributes that the catalog's rules set, in order: name and value.
    pub ruled: Vec<(String, String)>,
    /// A hash that changes with every catalog and record that was looked up, whether it exists or
    /// not.
    pub revision: String,
    /// What the reply takes from its client's hints; empty if nothing.
    pub client: String,
}

/// A SHA-256 hash over a list of strings. It includes the length of each string, so that two
/// different lists do not collide by concatenation.
#[derive(Debug, Clone, Default)]
pub struct EntityHash(Sha256);

impl EntityHash {
    /// Adds a part.
    pub fn add(&mut self, part: &str) {
        self.0.update((part.len() as u64).to_le_bytes());
        self.0.update(part);
    }

    /// The hash as `count` letters and digits, each the remainder of one byte by 62. At most 32.
    pub fn letters(self, count: usize) -> String {
        const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
        let digest = self.0.finalize();
        let digits = digest.iter().filter_map(|&byte| DIGITS.get(usize::from(byte) % 62));
        digits.take(count).map(|&digit| char::from(digit)).collect()
    }
}

impl Resolved {
    /// Hashes the identity of the reply, for the versions of its images: first that of the source if
    /// it has one, then those of the other images that it shows, in their order.
    ///
    /// A reply depends on the commands, the stored objects, the attributes and headers that rules
    /// set, and the source. Every field is one of these or follows from them. The patterns name all
    /// fields, so that a new field does not compile until it is considered here.
    pub fn entity(&self, versions: &[Option<&Version>]) -> EntityHash {
        let Self {
            object,
            asset,
            answer,
            delivery:
                Delivery {
                    headers,
                    expiration,
                    last_modified,
                    shown,
                    // Follows from attributes and records.
                    shared_expiration: _,
                    vary: _,
                    audience: _,
                },
            identity: Identity { commands, ruled, revision, client },
            // These follow from commands, attributes and records.
            remote: _,
            picture,
            unsupported: _,
            missing_layer: _,
            output: _,
            embeds: _,
            // Their part of the identity is `client`.
            alternatives: _,
            adaptation: _,
            color: _,
        } = self;
        let Answer {
            // Printed only in JSONP.
            format,
            jsonp: Jsonp { id, handler },
            // It also contains commands that change no byte.
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
        let (source, others) = versions.split_first().unwrap_or((&None, &[]));
        let version = source.map_or("", |version| version.0.as_str());
        for part in [commands, &object.root, &object.id, asset, revision, version] {
            identity.add(part);
        }
        if !others.is_empty() {
            identity.add(&others.len().to_string());
        }
        others.iter().flatten().for_each(|version| identity.add(&version.0));
        // The number of each, so that one list does not run into the next.
        identity.add(&[ruled.len(), headers.len()].map(|count| count.to_string()).join(","));
        for (name, value) in ruled {
            identity.add(name);
            identity.add(value);
        }
        for HeaderChange { name, value, append } in headers {
            identity.add(if *append { "+" } else { "=" });
            identity.add(name);
            identity.add(value);
        }
        if *format == ReplyFormat::Json {
            identity.add(id);
            identity.add(handler);
        }
        if !client.is_empty() {
            identity.add(client);
        }
        // The objects follow from what was looked up; how they are named is a setting.
        match shown.form {
            CacheTags::Names => {}
            CacheTags::Hashed => identity.add("hashed"),
            CacheTags::Off => identity.add("untagged"),
        }
        for (_, inputs) in picture.drawings() {
            // The commands do not name all variables, and an SVG can use any.
            for (name, value) in inputs.variables.definitions() {
                identity.add(name);
                identity.add(value);
            }
            // They are looked up after the revision is made.
            for font in &inputs.faces.handles {
                if let FontSource::Stored { key, version: Some(version) } = &font.source {
                    identity.add(key);
                    identity.add(&version.0);
                }
            }
        }
        identity.add(&expiration.map_or_else(String::new, |seconds| seconds.to_string()));
        identity.add(&last_modified.map_or_else(String::new, |date| date.to_string()));
        identity
    }
}
