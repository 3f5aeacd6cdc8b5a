//! What is looked up for one kind of reply besides the picture.

use crate::{
    catalog::{Attributes, ImageSet, SetKind},
    commands::Manifest,
    store::Version,
};

/// What was looked up for a kind of reply.
#[derive(Debug, Clone, Default)]
pub enum ReplyData {
    /// Nothing more.
    #[default]
    Nothing,
    /// `req=set`
    Set(Set),
    /// `req=mbrSet`
    Streams(Streams),
    /// `req=catalogprops`
    Catalog(Box<Attributes>),
    /// `req=xlate`: the ids that there are.
    Translations(Vec<String>),
}

/// A set, and what the records of its members say.
#[derive(Debug, Clone)]
pub struct Set {
    /// The items; in place of the name of a set stands that set.
    pub items: ImageSet,
    /// The members there are, each under its name, in order.
    pub members: Vec<(String, Described)>,
}

impl Set {
    /// The member of this name.
    pub fn member(&self, name: &str) -> Option<&Described> {
        let at = self.members.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.members.get(at).map(|(_, member)| member)
    }
}

/// What the record of a set's member says.
#[derive(Debug, Clone)]
pub struct Described {
    /// Width × height in pixels.
    pub size: Option<[u32; 2]>,
    /// Changes with the record.
    pub version: Version,
    /// What the member is called.
    pub label: Option<String>,
    /// An image or a video.
    pub kind: SetKind,
}

/// The streams of a video set.
#[derive(Debug, Clone, PartialEq)]
pub struct Streams {
    /// How they are listed.
    pub manifest: Manifest,
    /// Whether the list is sent as plain text or XML, not under its own media type.
    pub plain: bool,
    /// URL and bits per second of each.
    pub streams: Vec<(String, u64)>,
}
