//! Conversions by ICC profiles, and where the profiles are.

use std::rc::Rc;

use super::{graph::Graph, source::Opened};
use crate::{
    color::icc::{RgbSpace, Transform, cached},
    error::Result,
    limits,
    picture::{ConversionOptions, ProfileName},
    pixel::ColorModel,
    pyramid::{Span, profile_size},
    resolve::{missing_profile, wrong_profile},
    resolved::ColorManagement,
    store::{ByteRange, Read, Version},
};

/// Where the bytes of a profile come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProfileSource {
    /// The engine makes them.
    BuiltIn(&'static RgbSpace),
    /// A stored object contains them.
    Stored(Rc<StoredBytes>),
}

/// The bytes of a profile, or of an XMP packet, in a stored object.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StoredBytes {
    /// The key of a profile, or of a pyramid that contains them.
    pub key: String,
    /// Its version.
    pub version: Version,
    /// The offset of the first byte.
    pub start: u64,
    /// The number of bytes.
    pub len: u64,
    /// The same in memory, where they are not compressed.
    pub memory: u64,
    /// Whether the object is an image. If the profile of an image is damaged, the image counts as
    /// one without a profile.
    pub is_embedded: bool,
}

/// A conversion from one profile to another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Conversion {
    /// The colours that it converts.
    pub model: ColorModel,
    /// The profile of these colours.
    pub from: ProfileSource,
    /// The profile of the colours that it makes.
    pub to: ProfileSource,
    /// How.
    pub options: ConversionOptions,
}

/// A conversion, and its transform if that is in the cache.
pub type PlannedConversion = (Conversion, Option<Rc<Transform>>);

impl ProfileSource {
    /// A name that changes with the profile.
    fn name(&self) -> String {
        match self {
            Self::BuiltIn(space) => space.id.to_owned(),
            Self::Stored(bytes) => format!("{}@{}", bytes.key, bytes.version),
        }
    }

    /// Bytes of the profile in memory.
    pub fn memory(&self) -> u64 {
        match self {
            Self::BuiltIn(_) => 4 << 10,
            Self::Stored(bytes) => bytes.memory,
        }
    }

    /// The bytes to read.
    pub fn stored(&self) -> Option<&StoredBytes> {
        match self {
            Self::BuiltIn(_) => None,
            Self::Stored(bytes) => Some(bytes),
        }
    }
}

impl StoredBytes {
    /// Bytes of the file of an image.
    pub fn in_image(source: &Opened, span: Span) -> Self {
        Self {
            key: source.key.to_owned(),
            version: source.index.version.clone(),
            start: span.start,
            len: span.len,
            memory: span.len,
            is_embedded: true,
        }
    }

    /// The range of the bytes.
    pub fn range(&self) -> ByteRange {
        ByteRange::new(self.start, self.len)
    }
}

impl Conversion {
    /// The name of its transform in the cache.
    pub fn name(&self) -> String {
        let Self { model: _, from, to, options } = self;
        let ConversionOptions { intent, black_point, dither: _ } = options;
        format!("{} {} {intent:?} {black_point}", from.name(), to.name())
    }

    fn memory_of_profiles(&self) -> u64 {
        self.from.memory().saturating_add(self.to.memory())
    }

    /// Bytes that are held until the last pixel is drawn: both profiles, and the transform.
    pub fn held(&self) -> u64 {
        self.memory_of_profiles().saturating_add(Transform::MEMORY)
    }

    /// Bytes that computing the transform takes: the tables of the profiles. These have 16 bits per
    /// number, twice as many as in a file of 8 bits, and there are four at a time: both directions,
    /// and both again to find a black point.
    pub fn memory(&self) -> u64 {
        self.memory_of_profiles().saturating_mul(8).saturating_add(Transform::MAKING)
    }
}

/// The profile that a name means. Fails if it does not exist, or has other colours.
pub fn found(
    color: &ColorManagement,
    name: &ProfileName,
    model: ColorModel,
) -> Result<ProfileSource> {
    let has = color.model_of(name).ok_or_else(|| missing_profile(name))?;
    if has != model {
        return Err(wrong_profile(name, has, model));
    }
    match name {
        ProfileName::BuiltIn(space) => Ok(ProfileSource::BuiltIn(space)),
        ProfileName::Stored { key, .. } => {
            let stored = color.stored(key).ok_or_else(|| missing_profile(name))?;
            Ok(ProfileSource::Stored(Rc::new(StoredBytes {
                key: key.clone(),
                version: stored.version.clone(),
                start: 0,
                len: stored.len,
                memory: stored.len,
                is_embedded: false,
            })))
        }
    }
}

/// The profile that an image contains.
pub fn embedded(source: &Opened) -> Option<ProfileSource> {
    let span = source.index.icc.filter(|span| span.len <= limits::PROFILE_BYTES)?;
    let memory = profile_size(source.index, span);
    let stored = StoredBytes { memory, ..StoredBytes::in_image(source, span) };
    Some(ProfileSource::Stored(Rc::new(stored)))
}

/// The conversions of a graph, each once, with the transforms that are in the cache.
pub fn conversions(graph: &Graph) -> Vec<PlannedConversion> {
    let mut planned: Vec<PlannedConversion> = Vec::new();
    for (_, node) in graph.iter() {
        for conversion in node.step.conversions() {
            if !planned.iter().any(|(known, _)| known == conversion) {
                planned.push((conversion.clone(), cached(&conversion.name())));
            }
        }
    }
    planned
}

/// The stored profiles to read: those of transforms that are not in the cache, and the reply's.
pub fn unread<'a>(
    planned: &'a [PlannedConversion],
    of_reply: Option<&'a ProfileSource>,
) -> Vec<&'a StoredBytes> {
    let unknown = planned.iter().filter(|(_, transform)| transform.is_none());
    let profiles = unknown.flat_map(|(conversion, _)| [&conversion.from, &conversion.to]);
    profiles.chain(of_reply).filter_map(ProfileSource::stored).collect()
}

/// Reads of the profiles that are objects of their own.
pub fn reads(unread: &[&StoredBytes]) -> Vec<Read> {
    let mut reads: Vec<Read> = Vec::new();
    for bytes in unread.iter().filter(|bytes| !bytes.is_embedded) {
        let read = Read {
            key: bytes.key.clone(),
            range: bytes.range(),
            version: Some(bytes.version.clone()),
        };
        if !reads.contains(&read) {
            reads.push(read);
        }
    }
    reads
}
