//! Request attributes: what is asked for (r-req and its pages).

use super::{Apply, Command, Support, source::object, undrawn};
use crate::{
    error::{Error, Result},
    protocol::{Args, ENCODINGS, Encoding},
};

/// What a request asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestAttributes {
    /// `req=`, its first argument.
    pub reply: Reply,
    /// `req=`, its second argument.
    pub format: ReplyFormat,
    /// `req=`, its third argument: how XML is encoded.
    pub encoding: Encoding,
    /// `id=`: a version for caches, and the identifier a JSONP reply hands back.
    pub id: Option<String>,
    /// `cache=off`: the reply image is kept by no cache.
    pub uncached: bool,
    /// `handler=`: the JavaScript function a JSONP reply calls.
    pub handler: Option<String>,
    /// `locale=`: printable ASCII; empty is the default locale.
    pub locale: Option<String>,
    /// `defaultImage=`: what is shown in place of a missing image; empty for nothing.
    pub default_image: Option<String>,
    /// `bfc=`: whether a smaller format may be delivered than the one asked for.
    pub convert: Option<bool>,
    /// `network=`: whether a slow connection gets less quality.
    pub network: Option<bool>,
    /// `dpr=on,…`: device pixels per pixel asked for, greater than 0; `None` is 1.
    pub pixel_ratio: Option<f64>,
    /// `type=`: of static content.
    pub content_type: Option<String>,
    /// `template=`: the record that lays out the picture in place of the path's.
    pub template: Option<String>,
    /// `imageSet=`: a set, in place of the record's.
    pub image_set: Option<String>,
}

/// The kinds of reply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reply {
    /// The image.
    #[default]
    Img,
    /// Its alpha channel alone.
    Mask,
    /// The length of the image in bytes.
    LoadCache,
    /// Properties of the reply image.
    Props,
    /// Properties of the source image.
    ImageProps,
    /// The source image's XMP packet.
    Xmp,
    /// Whether there is such an image.
    Exists,
    /// `catalog::UserData`
    UserData,
    /// `catalog::Targets`
    Targets,
    /// `catalog::ImageSet`, as it is written.
    ImageSet,
    /// The set and what is in it.
    Set,
    /// Whether the request can be read.
    Validate,
    /// The request as it is understood.
    Resolve,
    /// Nothing: the client had something to say.
    Message,
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

/// What the protocol calls the kinds. The viewers' `tile` is an image with `rect=` (L19).
const KINDS: &[(&str, Reply)] = &[
    ("img", Reply::Img),
    ("tile", Reply::Img),
    ("mask", Reply::Mask),
    ("loadcache", Reply::LoadCache),
    ("props", Reply::Props),
    ("imageprops", Reply::ImageProps),
    ("xmp", Reply::Xmp),
    ("exists", Reply::Exists),
    ("userdata", Reply::UserData),
    ("targets", Reply::Targets),
    ("imageset", Reply::ImageSet),
    ("set", Reply::Set),
    ("validate", Reply::Validate),
    ("resolve", Reply::Resolve),
    ("message", Reply::Message),
];

/// Kinds of the protocol that are not answered yet.
const PLANNED: &[&str] =
    &["catalogprops", "explain", "map", "mbrSet", "saveToFile", "tmb", "xlate"];

impl Reply {
    /// Whether the source image must be there, or at least be looked for.
    pub fn needs_source(self) -> bool {
        let of_record = matches!(self, Self::UserData | Self::Targets | Self::ImageSet);
        !of_record && !matches!(self, Self::Validate | Self::Resolve | Self::Message)
    }

    /// Whether a picture must be drawn, or at least be planned, to answer.
    pub fn draws(self) -> bool {
        matches!(self, Self::Img | Self::Mask | Self::LoadCache | Self::Props)
    }

    /// How long the reply is kept.
    pub fn lifetime(self) -> Lifetime {
        match self {
            Self::Img | Self::Mask | Self::Xmp | Self::UserData | Self::Targets => Lifetime::Image,
            Self::Props | Self::ImageProps | Self::Exists | Self::ImageSet | Self::Set => {
                Lifetime::NonImage
            }
            Self::LoadCache | Self::Validate | Self::Resolve | Self::Message => Lifetime::None,
        }
    }

    /// The format of a reply whose request names none.
    fn default_format(self) -> ReplyFormat {
        if self == Self::Set { ReplyFormat::Xml } else { ReplyFormat::Text }
    }

    /// Whether it is told in words, which come in several formats.
    pub fn has_format(self) -> bool {
        !matches!(
            self,
            Self::Img | Self::Mask | Self::LoadCache | Self::Xmp | Self::Resolve | Self::Message
        )
    }
}

/// How a properties reply is written.
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

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "req",
        doc: "r-req",
        syntax: "type[,format]",
        support: Support::Partial(
            "img, mask, loadcache, props, imageprops, xmp, exists, userdata, targets, imageset, set, \
             validate, resolve, message, tile",
        ),
        apply: Apply::Request(set_req),
    },
    Command {
        name: "id",
        doc: "r-id",
        syntax: "val",
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            attributes.id = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "handler",
        doc: "r-json-properties",
        syntax: "name",
        support: Support::Full,
        apply: Apply::Request(set_handler),
    },
    Command {
        name: "cache",
        doc: "r-is-http-cache",
        syntax: "on|off|validate|update[,on|off]",
        support: Support::Partial(
            "off keeps the reply out of all caches; what the server keeps is always of the present \
             source, so validate and update change nothing",
        ),
        apply: Apply::Request(set_cache),
    },
    Command {
        name: "locale",
        doc: "r-locale",
        syntax: "[locId]",
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            if !args.value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
                return Err(args.wrong("a locale in printable ASCII"));
            }
            attributes.locale = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "defaultImage",
        doc: "r-is-http-defaultimage",
        syntax: "[object]",
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            attributes.default_image = Some(object(args)?.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "bfc",
        doc: "r-bfc",
        syntax: "on|off",
        support: Support::Accepted("the format asked for is always delivered"),
        apply: Apply::Request(|attributes, args| {
            attributes.convert = args.switch(0)?;
            Ok(())
        }),
    },
    Command {
        name: "network",
        doc: "r-network",
        syntax: "on|off",
        support: Support::Accepted("the quality asked for is always delivered"),
        apply: Apply::Request(|attributes, args| {
            attributes.network = args.switch(0)?;
            Ok(())
        }),
    },
    undrawn(
        "dpr",
        "r-dpr",
        "off|on,dprValue",
        Apply::Request(|attributes, args| {
            let on = args.keyword(0, &[("off", false), ("on", true)])?.unwrap_or(false);
            let ratio = args.factor(1)?.filter(|ratio| on && *ratio != 1.0);
            attributes.pixel_ratio = ratio;
            Ok(())
        }),
    ),
    Command {
        name: "type",
        doc: "r-type",
        syntax: "val",
        support: Support::Accepted("only for /is/content"),
        apply: Apply::Request(|attributes, args| {
            attributes.content_type = Some(args.value.to_owned());
            Ok(())
        }),
    },
];

fn set_req(attributes: &mut RequestAttributes, args: &Args) -> Result<()> {
    let name = args.text(0).filter(|name| !name.is_empty()).unwrap_or("img");
    let same = |&&(kind, _): &&(&str, Reply)| kind.eq_ignore_ascii_case(name);
    attributes.reply = match KINDS.iter().find(same) {
        Some(&(_, reply)) => reply,
        None if PLANNED.iter().any(|kind| kind.eq_ignore_ascii_case(name)) => {
            return Err(Error::unsupported(format!("req={name}: not supported yet")));
        }
        None => {
            let known: Vec<&str> = KINDS.iter().map(|&(kind, _)| kind).collect();
            return Err(args.wrong(&format!("one of {}", known.join(", "))));
        }
    };
    let formats = [
        ("text", ReplyFormat::Text),
        ("javascript", ReplyFormat::JavaScript),
        ("xml", ReplyFormat::Xml),
        ("json", ReplyFormat::Json),
    ];
    // Only property replies have a format; what else stands there is not ours to judge.
    attributes.format = match attributes.reply.has_format() {
        true => args.keyword(1, &formats)?.unwrap_or(attributes.reply.default_format()),
        false => ReplyFormat::Text,
    };
    if attributes.format == ReplyFormat::Xml {
        attributes.encoding = args.keyword(2, &ENCODINGS)?.unwrap_or_default();
    }
    Ok(())
}

fn set_cache(attributes: &mut RequestAttributes, args: &Args) -> Result<()> {
    let client = [("on", false), ("off", true), ("validate", false), ("update", false)];
    attributes.uncached = args.keyword(0, &client)?.unwrap_or(false);
    args.keyword(1, &[("on", ()), ("off", ()), ("validate", ()), ("update", ())])?;
    Ok(())
}

/// Anything else than letters and digits would be a way to inject a script (L4).
fn set_handler(attributes: &mut RequestAttributes, args: &Args) -> Result<()> {
    let name = args.value.trim();
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(args.wrong("a function name of a-z, A-Z and 0-9"));
    }
    attributes.handler = (!name.is_empty()).then(|| name.to_owned());
    Ok(())
}
