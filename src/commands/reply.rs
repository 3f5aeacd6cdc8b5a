//! The kinds of reply that `req=` names: in which formats they come, and how long they are kept.

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
    /// The image as its catalog wants thumbnails.
    Tmb,
    /// Its alpha channel alone.
    Mask,
    /// The length of the image in bytes.
    LoadCache,
    /// Properties of the reply image.
    Props,
    /// Properties of the source image.
    ImageProps,
    /// The image's HTML areas, moved as the image is.
    Map,
    /// The source image's XMP packet.
    Xmp,
    /// Whether there is such an image.
    Exists,
    /// Attributes of the catalog.
    CatalogProps,
    /// The translations of the object that there are.
    Xlate,
    /// `catalog::UserData`
    UserData,
    /// `catalog::Targets`
    Targets,
    /// `catalog::ImageSet`, as it is written.
    ImageSet,
    /// The set and what is in it.
    Set,
    /// The streams of a video set.
    MbrSet,
    /// Whether the request can be read.
    Validate,
    /// The request as it is understood.
    Resolve,
    /// Ours: what becomes of the request, where each value comes from, and what it takes.
    Explain,
    /// Nothing: the client had something to say.
    Message,
}

/// How a reply in words is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ReplyFormat {
    /// Java properties.
    #[default]
    Text,
    /// Assignments.
    JavaScript,
    /// XML.
    Xml,
    /// JSONP.
    Json,
}

/// How long a reply is kept, by its kind (decision K3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lifetime {
    /// `Expiration`
    Image,
    /// `NonImgExpiration`
    NonImage,
    /// It is not kept.
    None,
}

type Formats = &'static [(&'static str, ReplyFormat)];

const TEXT: (&str, ReplyFormat) = ("text", ReplyFormat::Text);
const JAVASCRIPT: (&str, ReplyFormat) = ("javascript", ReplyFormat::JavaScript);
const XML: (&str, ReplyFormat) = ("xml", ReplyFormat::Xml);
const JSON: (&str, ReplyFormat) = ("json", ReplyFormat::Json);

/// What is no list of properties has no format; what stands there is not ours to judge.
const NONE: Formats = &[];
const ALL: Formats = &[TEXT, JAVASCRIPT, XML, JSON];

/// What the protocol calls the kinds, and the formats of each, of which the first is usual.
const KINDS: &[(&str, Reply, Formats)] = &[
    ("img", Reply::Img, NONE),
    // The viewers' own, an image with rect= (L19).
    ("tile", Reply::Img, NONE),
    ("tmb", Reply::Tmb, NONE),
    ("mask", Reply::Mask, NONE),
    ("loadcache", Reply::LoadCache, NONE),
    ("props", Reply::Props, ALL),
    ("imageprops", Reply::ImageProps, ALL),
    ("map", Reply::Map, &[TEXT, XML, JSON]),
    ("xmp", Reply::Xmp, NONE),
    ("exists", Reply::Exists, ALL),
    ("catalogprops", Reply::CatalogProps, ALL),
    ("xlate", Reply::Xlate, ALL),
    ("userdata", Reply::UserData, ALL),
    ("targets", Reply::Targets, ALL),
    ("imageset", Reply::ImageSet, ALL),
    ("set", Reply::Set, &[XML, JSON]),
    ("mbrSet", Reply::MbrSet, &[TEXT, XML]),
    ("validate", Reply::Validate, ALL),
    ("resolve", Reply::Resolve, NONE),
    ("explain", Reply::Explain, &[JSON]),
    ("message", Reply::Message, NONE),
];

/// Kinds that are not answered yet.
const PLANNED: &[&str] = &["saveToFile"];

impl Reply {
    /// Reads `req=type,format`.
    pub(super) fn read(args: &Args) -> Result<(Self, ReplyFormat)> {
        let name = args.text(0).unwrap_or_default();
        let Some((_, reply, formats)) = kind(name) else {
            if PLANNED.iter().any(|kind| kind.eq_ignore_ascii_case(name)) {
                return Err(Error::unsupported(format!("req={name}: not supported yet")));
            }
            let known: Vec<&str> = KINDS.iter().map(|&(kind, ..)| kind).collect();
            return Err(args.wrong(&format!("one of {}", known.join(", "))));
        };
        let Some((_, usual)) = formats.first() else { return Ok((*reply, ReplyFormat::Text)) };
        Ok((*reply, args.keyword(1, formats)?.unwrap_or(*usual)))
    }

    /// The kind of this name, in any case; no name is an image (L21).
    pub fn named(name: &str) -> Option<Self> {
        kind(name).map(|(_, reply, _)| *reply)
    }

    /// Whether `req=` asks for an explanation, in a form that there is.
    pub fn explains(value: &str) -> bool {
        matches!(Self::read(&Args { command: "req", value }), Ok((Self::Explain, _)))
    }

    /// The format of `req=type,format`; text where it is none that there is.
    pub fn format(value: &str) -> ReplyFormat {
        Self::read(&Args { command: "req", value }).map(|(_, format)| format).unwrap_or_default()
    }

    /// Whether the source image must be there, or at least be looked for.
    pub fn needs_source(self) -> bool {
        match self {
            Self::Img
            | Self::Tmb
            | Self::Mask
            | Self::LoadCache
            | Self::Props
            | Self::ImageProps
            | Self::Map
            | Self::Xmp
            | Self::Exists
            | Self::Set => true,
            Self::CatalogProps
            | Self::Xlate
            | Self::UserData
            | Self::Targets
            | Self::ImageSet
            | Self::MbrSet
            | Self::Validate
            | Self::Resolve
            | Self::Explain
            | Self::Message => false,
        }
    }

    /// Whether a picture must be drawn, or at least be planned, to answer.
    pub fn draws(self) -> bool {
        matches!(self, Self::Img | Self::Tmb | Self::Mask | Self::LoadCache | Self::Props)
    }

    /// Whether it is one of the replies without pixels that viewers and page scripts ask for, in
    /// many forms; what only helps to find faults is not.
    pub fn is_for_viewers(self) -> bool {
        match self {
            Self::Props
            | Self::ImageProps
            | Self::Map
            | Self::Exists
            | Self::CatalogProps
            | Self::Xlate
            | Self::UserData
            | Self::Targets
            | Self::ImageSet
            | Self::Set
            | Self::MbrSet
            | Self::Message => true,
            Self::Img
            | Self::Tmb
            | Self::Mask
            | Self::LoadCache
            | Self::Xmp
            | Self::Validate
            | Self::Resolve
            | Self::Explain => false,
        }
    }

    /// Whether pixels are drawn and sent or counted: limits of a picture are limits of these.
    pub fn has_pixels(self) -> bool {
        self.draws() && self != Self::Props
    }

    /// Whether the object in the path is looked up: the others are about its catalog.
    pub fn is_about_an_object(self) -> bool {
        !matches!(self, Self::CatalogProps | Self::Xlate)
    }

    /// Whether its texts are those of the client's locale (r-text-string-localization).
    pub fn is_localized(self) -> bool {
        matches!(
            self,
            Self::UserData | Self::Targets | Self::ImageSet | Self::Set | Self::MbrSet | Self::Map
        )
    }

    /// How long the reply is kept.
    pub fn lifetime(self) -> Lifetime {
        match self {
            Self::Img
            | Self::Tmb
            | Self::Mask
            | Self::Map
            | Self::Xmp
            | Self::Xlate
            | Self::UserData
            | Self::Targets => Lifetime::Image,
            Self::Props
            | Self::ImageProps
            | Self::Exists
            | Self::CatalogProps
            | Self::ImageSet
            | Self::Set
            | Self::MbrSet => Lifetime::NonImage,
            Self::LoadCache | Self::Validate | Self::Resolve | Self::Explain | Self::Message => {
                Lifetime::None
            }
        }
    }
}

fn kind(name: &str) -> Option<&'static (&'static str, Reply, Formats)> {
    let name = if name.is_empty() { "img" } else { name };
    KINDS.iter().find(|(kind, ..)| kind.eq_ignore_ascii_case(name))
}
