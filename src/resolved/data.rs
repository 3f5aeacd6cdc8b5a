//! The data that is looked up for non-image replies.

use crate::{
    catalog::{Attributes, ImageSet, SetKind},
    commands::Manifest,
    store::Version,
};

/// The data that was looked up for one kind of reply.
#[derive(Debug, Clone, Default)]
pub enum ReplyData {
    /// No data.
    #[default]
    Nothing,
    /// `req=set`
    Set(Set),
    /// `req=mbrSet`
    Streams(Streams),
    /// `req=catalogprops`
    Catalog(Box<Attributes>),
    /// `req=xlate`: the existing ids.
    Translations(Vec<String>),
}

/// A set, and the data from the records of its members.
#[derive(Debug, Clone)]
pub struct Set {
    /// The items, with the sets that they name expanded in place.
    pub items: ImageSet,
    /// The existing members, sorted by name.
    pub members: Vec<(String, Described)>,
}

impl Set {
    /// The member of this name; `None` if it does not exist.
    pub fn member(&self, name: &str) -> Option<&Described> {
        let at = self.members.binary_search_by(|(key, _)| key.as_str().cmp(name)).ok()?;
        self.members.get(at).map(|(_, member)| member)
    }
}

/// The data of a set's member.
#[derive(Debug, Clone)]
pub struct Described {
    /// Width × height in pixels; `None` if unknown.
    pub size: Option<[u32; 2]>,
    /// A version that changes with the member's pyramid or, if that was not read, with its record.
    pub version: Version,
    /// The label of the member.
    pub label: Option<String>,
    /// Whether it is an image or a video.
    pub kind: SetKind,
}

/// The streams of a video set.
#[derive(Debug, Clone, PartialEq)]
pub struct Streams {
    /// The format of the list.
    pub manifest: Manifest,
    /// Whether the list is sent as plain text or XML instead of its own media type.
    pub plain: bool,
    /// The URL and the bits per second of each stream.
    pub streams: Vec<(String, u64)>,
}
