//! Conversions by ICC profiles: which images and replies need one, and where the profiles are.

use std::rc::Rc;

use super::{
    graph::Graph,
    node::{Flow, NodeId, Step},
    source::Opened,
    steps::{Builder, Drawn, shape},
};
use crate::{
    color::icc::{Intent, RgbSpace, Transform, cached},
    error::Result,
    geometry::{Rect, ViewSpace},
    limits,
    picture::{Assumed, ProfileName},
    pixel::{ColorModel, PixelFormat},
    pyramid::{Span, profile_size},
    resolve::{missing_profile, wrong_profile},
    resolved::{ColorManagement, Resolved},
    store::{ByteRange, Read, Version},
};

/// Where the bytes of a profile come from.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ProfileSource {
    /// The engine makes them.
    BuiltIn(&'static RgbSpace),
    /// A stored object contains them.
    Stored(StoredBytes),
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
    /// The rendering intent.
    pub intent: Intent,
    /// Whether black point compensation is used.
    pub black_point: bool,
    /// Whether it dithers.
    pub dither: bool,
}

/// A conversion, and its transform if that is in the cache.
pub type PlannedConversion = (Conversion, Option<Rc<Transform>>);

impl ProfileSource {
    /// A name that changes with the profile.
    fn name(&self) -> String {
        match self {
            Self::BuiltIn(space) => space.id.to_owned(),
            Self::Stored(StoredBytes { key, version, .. }) => format!("{key}@{version}"),
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
        let Self { model: _, from, to, intent, black_point, dither: _ } = self;
        format!("{} {} {intent:?} {black_point}", from.name(), to.name())
    }

    /// Bytes of memory: the transform, and the tables of the profiles. These have 16 bits per number,
    /// twice as many as in a file of 8 bits, and there are four at a time: both directions, and both
    /// again to find a black point.
    fn memory(&self) -> u64 {
        let profiles = self.from.memory().saturating_add(self.to.memory());
        profiles.saturating_mul(8).saturating_add(Transform::MEMORY)
    }
}

/// The profile that a name means. Fails if it does not exist, or has other colours.
fn found(color: &ColorManagement, name: &ProfileName, model: ColorModel) -> Result<ProfileSource> {
    let has = color.model_of(name).ok_or_else(|| missing_profile(name))?;
    if has != model {
        return Err(wrong_profile(name, has, model));
    }
    match name {
        ProfileName::BuiltIn(space) => Ok(ProfileSource::BuiltIn(space)),
        ProfileName::Stored { key, .. } => {
            let stored = color.stored(key).ok_or_else(|| missing_profile(name))?;
            Ok(ProfileSource::Stored(StoredBytes {
                key: key.clone(),
                version: stored.version.clone(),
                start: 0,
                len: stored.len,
                memory: stored.len,
                is_embedded: false,
            }))
        }
    }
}

/// The profile that an image contains.
fn embedded(source: &Opened) -> Option<ProfileSource> {
    let span = source.index.icc.filter(|span| span.len <= limits::PROFILE_BYTES)?;
    let memory = profile_size(source.index, span);
    let stored = StoredBytes { memory, ..StoredBytes::in_image(source, span) };
    Some(ProfileSource::Stored(stored))
}

/// The profile of the reply: that to which it is converted, or else that of the image in layer 0,
/// which stays as it is.
pub fn of_reply(resolved: &Resolved, sources: &[Opened]) -> Result<Option<ProfileSource>> {
    let (color, model) = (&resolved.color, resolved.output.pixel.model);
    if let Some(name) = color.of_reply(model) {
        return found(color, name, model).map(Some);
    }
    if color.of_reply(ColorModel::Rgb).is_some() {
        return Ok(None);
    }
    let main = resolved.picture.main_source();
    let main = sources.iter().find(|source| Some(source.key) == main);
    let level = main.and_then(|source| source.index.levels.first());
    let is_same = level.is_some_and(|level| level.pixel_type().model == model);
    Ok(main.filter(|_| is_same).and_then(embedded))
}

impl Builder<'_> {
    /// Converts the rows of an image to the space in which layers are combined: RGB, as replies have
    /// it. An image without a profile, and without one that its catalog assumes, is converted
    /// without colour management, and only if it is CMYK.
    pub fn in_working_space(
        &mut self,
        drawn: Drawn,
        source: &Opened,
        model: ColorModel,
        assumed: &Assumed,
    ) -> Result<Drawn> {
        let unmanaged = |builder: &mut Self| match drawn.pixel.model {
            ColorModel::Cmyk => builder.rgb(drawn),
            ColorModel::Gray | ColorModel::Rgb => drawn,
        };
        let color = self.color;
        let working = color.and_then(|color| Some((color, color.of_reply(ColorModel::Rgb)?)));
        let Some((color, working)) = working else { return Ok(unmanaged(self)) };
        let to = found(color, working, ColorModel::Rgb)?;
        let from = match (embedded(source), &assumed[model.nth()]) {
            (Some(embedded), _) => embedded,
            (None, Some(name)) => found(color, name, model)?,
            (None, None) => return Ok(unmanaged(self)),
        };
        if from == to {
            return Ok(drawn);
        }
        Ok(self.convert(drawn, conversion(color, model, from, to)))
    }

    /// Converts rows by profiles.
    fn convert(&mut self, drawn: Drawn, conversion: Conversion) -> Drawn {
        let pixel = PixelFormat { model: ColorModel::Rgb, ..drawn.pixel };
        let row = shape(drawn.area, pixel, drawn.transposed).samples();
        let working = conversion.memory().saturating_add(row);
        self.rows(
            Step::Convert(Some(conversion)),
            vec![drawn.node],
            Drawn { pixel, ..drawn },
            working,
        )
    }
}

/// Converts a finished RGB raster to the profile of a grey or CMYK reply. Returns the node that makes
/// the reply's raster: `place` itself where the reply has no such profile.
pub fn to_reply(
    graph: &mut Graph,
    color: &ColorManagement,
    place: NodeId,
    (area, pixel): (Rect<ViewSpace>, PixelFormat),
) -> Result<NodeId> {
    let profiles = color.of_reply(pixel.model).zip(color.of_reply(ColorModel::Rgb));
    let Some((output, working)) = profiles else { return Ok(place) };
    let from = found(color, working, ColorModel::Rgb)?;
    let to = found(color, output, pixel.model)?;
    let conversion = conversion(color, ColorModel::Rgb, from, to);
    let working = conversion.memory().saturating_add(u64::from(area.width) * 5);
    let step = Step::Convert(Some(conversion));
    let rows = graph.push(step, vec![place], (area, pixel), Flow::Rows, working);
    Ok(graph.push(Step::Collect, vec![rows], (area, pixel), Flow::Raster, 0))
}

fn conversion(
    color: &ColorManagement,
    model: ColorModel,
    from: ProfileSource,
    to: ProfileSource,
) -> Conversion {
    let ColorManagement { intent, black_point, dither, .. } = *color;
    Conversion { model, from, to, intent, black_point, dither }
}

/// The conversions of a graph, each once, with the transforms that are in the cache.
pub fn conversions(graph: &Graph) -> Vec<PlannedConversion> {
    let mut planned: Vec<PlannedConversion> = Vec::new();
    for (_, node) in graph.iter() {
        if let Step::Convert(Some(conversion)) = &node.step
            && !planned.iter().any(|(known, _)| known == conversion)
        {
            planned.push((conversion.clone(), cached(&conversion.name())));
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
