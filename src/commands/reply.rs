//! The kinds of reply that `req=` names, and a table of their properties.

use crate::{
    error::{Error, Result},
    protocol::Args,
};

/// The kinds of reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reply {
    /// The image.
    #[default]
    Img,
    /// The image with the catalog's defaults for thumbnails.
    Tmb,
    /// The image's alpha channel alone.
    Mask,
    /// The length of the image in bytes.
    LoadCache,
    /// Properties of the reply image.
    Props,
    /// Properties of the source image.
    ImageProps,
    /// The image's HTML areas, transformed like the image.
    Map,
    /// The source image's XMP packet.
    Xmp,
    /// Whether the image exists.
    Exists,
    /// Attributes of the catalog.
    CatalogProps,
    /// The available translations of the object.
    Xlate,
    /// `catalog::UserData`
    UserData,
    /// `catalog::Targets`
    Targets,
    /// `catalog::ImageSet`, as stored.
    ImageSet,
    /// The set and its members.
    Set,
    /// The streams of a video set.
    MbrSet,
    /// Whether the request can be parsed.
    Validate,
    /// The effective request.
    Resolve,
    /// An extension of ours: how the request is processed, the source of each value, and its cost.
    Explain,
    /// Nothing: a client sends a message, and the server ignores it.
    Message,
}

/// The format of a non-image reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReplyFormat {
    /// Java properties.
    #[default]
    Text,
    /// JavaScript assignments.
    JavaScript,
    /// XML.
    Xml,
    /// JSONP.
    Json,
}

/// Which attribute bounds the time that a reply is cached (decision K3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// `Expiration`
    Image,
    /// `NonImgExpiration`
    NonImage,
    /// The reply is not cached.
    None,
}

/// How much must be read to answer. Each variant includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reads {
    /// Only catalogs: the reply is not about the object in the path.
    Catalog,
    /// The record of the object.
    Record,
    /// The index of the source image, or the fact that there is no image.
    Source,
    /// The plan of the image, so that its limits apply.
    Plan,
    /// The pixels.
    Pixels,
}

/// A kind of reply.
#[derive(Debug)]
pub struct ReplyKind {
    /// Its name in `req=`.
    name: &'static str,
    /// A second name.
    alias: Option<&'static str>,
    reply: Reply,
    /// Its formats, the default first.
    formats: Formats,
    /// What it reads.
    pub reads: Reads,
    /// The attribute that bounds its lifetime in caches.
    pub lifetime: Lifetime,
    /// Whether viewers and page scripts request it, in many forms. It is false for images and for
    /// replies that only help to debug.
    pub for_viewers: bool,
    /// Whether its texts are translated to the client's locale (r-text-string-localization).
    pub localized: bool,
}

type Formats = &'static [(&'static str, ReplyFormat)];

const TEXT: (&str, ReplyFormat) = ("text", ReplyFormat::Text);
const JAVASCRIPT: (&str, ReplyFormat) = ("javascript", ReplyFormat::JavaScript);
const XML: (&str, ReplyFormat) = ("xml", ReplyFormat::Xml);
const JSON: (&str, ReplyFormat) = ("json", ReplyFormat::Json);

/// For kinds with only one format; a second argument is ignored.
const ONE: Formats = &[];
const ALL: Formats = &[TEXT, JAVASCRIPT, XML, JSON];

const IMG: ReplyKind = row("img", Reply::Img, ONE, Reads::Pixels, Lifetime::Image);

/// All kinds, one row each.
const KINDS: &[ReplyKind] = &[
    // `tile` is the viewers' own name for an image with rect= (L19).
    IMG.or("tile"),
    row("tmb", Reply::Tmb, ONE, Reads::Pixels, Lifetime::Image),
    row("mask", Reply::Mask, ONE, Reads::Pixels, Lifetime::Image),
    row("loadcache", Reply::LoadCache, ONE, Reads::Pixels, Lifetime::None),
    row("props", Reply::Props, ALL, Reads::Plan, Lifetime::NonImage).for_viewers(),
    row("imageprops", Reply::ImageProps, ALL, Reads::Source, Lifetime::NonImage).for_viewers(),
    row("map", Reply::Map, &[TEXT, XML, JSON], Reads::Source, Lifetime::Image)
        .for_viewers()
        .localized(),
    row("xmp", Reply::Xmp, ONE, Reads::Source, Lifetime::Image),
    row("exists", Reply::Exists, ALL, Reads::Source, Lifetime::NonImage).for_viewers(),
    row("catalogprops", Reply::CatalogProps, ALL, Reads::Catalog, Lifetime::NonImage).for_viewers(),
    row("xlate", Reply::Xlate, ALL, Reads::Catalog, Lifetime::Image).for_viewers(),
    row("userdata", Reply::UserData, ALL, Reads::Record, Lifetime::Image).for_viewers().localized(),
    row("targets", Reply::Targets, ALL, Reads::Record, Lifetime::Image).for_viewers().localized(),
    row("imageset", Reply::ImageSet, ALL, Reads::Record, Lifetime::NonImage)
        .for_viewers()
        .localized(),
    row("set", Reply::Set, &[XML, JSON], Reads::Source, Lifetime::NonImage)
        .for_viewers()
        .localized(),
    row("mbrSet", Reply::MbrSet, &[TEXT, XML], Reads::Record, Lifetime::NonImage)
        .for_viewers()
        .localized(),
    row("validate", Reply::Validate, ALL, Reads::Record, Lifetime::None),
    row("resolve", Reply::Resolve, ONE, Reads::Record, Lifetime::None),
    row("explain", Reply::Explain, &[JSON, TEXT], Reads::Record, Lifetime::None),
    row("message", Reply::Message, ONE, Reads::Record, Lifetime::None).for_viewers(),
];

/// Unsupported kinds.
const PLANNED: &[&str] = &["saveToFile"];

const fn row(
    name: &'static str,
    reply: Reply,
    formats: Formats,
    reads: Reads,
    lifetime: Lifetime,
) -> ReplyKind {
    let (for_viewers, localized) = (false, false);
    ReplyKind { name, alias: None, reply, formats, reads, lifetime, for_viewers, localized }
}

impl ReplyKind {
    const fn or(self, alias: &'static str) -> Self {
        Self { alias: Some(alias), ..self }
    }

    const fn for_viewers(self) -> Self {
        Self { for_viewers: true, ..self }
    }

    const fn localized(self) -> Self {
        Self { localized: true, ..self }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.alias)
    }
}

impl Reply {
    /// Reads `req=type,format`.
    pub(super) fn read(args: &Args) -> Result<(Self, ReplyFormat)> {
        let name = args.text(0).unwrap_or_default();
        let Some(kind) = kind(name) else {
            if PLANNED.iter().any(|kind| kind.eq_ignore_ascii_case(name)) {
                return Err(Error::unsupported(format!("req={name}: not supported yet")));
            }
            let names: Vec<&str> = KINDS.iter().flat_map(ReplyKind::names).collect();
            return Err(args.wrong(&format!("one of {}", names.join(", "))));
        };
        let Some((_, default)) = kind.formats.first() else {
            return Ok((kind.reply, ReplyFormat::Text));
        };
        Ok((kind.reply, args.keyword(1, kind.formats)?.unwrap_or(*default)))
    }

    /// The kind of this name, in any case; an empty name means an image (L21). `None` if unknown.
    pub fn named(name: &str) -> Option<Self> {
        kind(name).map(|kind| kind.reply)
    }

    /// Its row in the table.
    pub fn kind(self) -> &'static ReplyKind {
        KINDS.iter().find(|kind| kind.reply == self).unwrap_or(&IMG)
    }

    /// Whether `req=` requests an explanation, in a valid format.
    pub fn explains(value: &str) -> bool {
        matches!(Self::read(&Args { command: "req", value }), Ok((Self::Explain, _)))
    }

    /// The format in `req=type,format`; text if the value is invalid.
    pub fn format(value: &str) -> ReplyFormat {
        Self::read(&Args { command: "req", value }).map(|(_, format)| format).unwrap_or_default()
    }
}

fn kind(name: &str) -> Option<&'static ReplyKind> {
    let name = if name.is_empty() { "img" } else { name };
    KINDS.iter().find(|kind| kind.names().any(|other| other.eq_ignore_ascii_case(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_one_row_and_each_name_one_kind() {
        let mut names = Vec::new();
        for row in KINDS {
            assert_eq!(row.reply.kind().name, row.name);
            for name in row.names() {
                assert_eq!(Reply::named(&name.to_ascii_uppercase()), Some(row.reply));
                names.push(name);
            }
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), KINDS.len() + 1, "only tile is a second name");
    }
}
