//! Request attributes: the kind of reply and its options (r-req and its pages).

use super::{
    Apply, Command, Support,
    reply::{Reply, ReplyFormat},
    source::object,
};
use crate::{
    error::Result,
    protocol::{Args, ENCODINGS, Encoding},
    ratio::Ratio,
    usage::Usage,
};

/// The attributes of a request as a whole.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestAttributes {
    /// `req=`, its first argument.
    pub reply: Reply,
    /// `req=`, its second argument.
    pub format: ReplyFormat,
    /// `req=`, its third argument: the encoding of an XML reply.
    pub encoding: Encoding,
    /// `id=`: a version for caches, and the identifier that a JSONP reply returns.
    pub id: Option<String>,
    /// `cache=off`: no cache stores the reply image.
    pub uncached: bool,
    /// `handler=`: the JavaScript function that a JSONP reply calls.
    pub handler: Option<String>,
    /// `locale=`: printable ASCII; empty means the default locale.
    pub locale: Option<String>,
    /// `defaultImage=`: the image shown if another is missing; empty means none.
    pub default_image: Option<String>,
    /// `bfc=`: whether a smaller format than the requested one may be delivered.
    pub convert: Option<bool>,
    /// `network=`: whether a slow connection gets less quality.
    pub network: Option<bool>,
    /// `dpr=`: device pixels per requested pixel.
    pub pixel_ratio: PixelRatio,
    /// `type=`: the type of static content.
    pub content_type: Option<String>,
    /// `template=`: the record that lays out the image, instead of the record of the path.
    pub template: Option<String>,
    /// `imageSet=`: a set that overrides the record's.
    pub image_set: Option<String>,
    /// `labelkey=`: the key of the label in the user data of the set's members.
    pub label_key: Option<String>,
}

/// The device pixels per requested pixel.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub enum PixelRatio {
    /// 1
    #[default]
    Off,
    /// That of the client's screen, as far as it is known (O7).
    Client,
    /// A number greater than 0.
    Is(Ratio),
}

impl PixelRatio {
    /// The number that the request gives; 1 if it gives none.
    pub fn factor(self) -> Ratio {
        match self {
            Self::Off | Self::Client => Ratio::ONE,
            Self::Is(ratio) => ratio,
        }
    }
}

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "req",
        doc: "r-req",
        usage: Usage::new(
            "Kind of reply",
            "type: img|tile|tmb|mask|loadcache|props|imageprops|map|xmp|exists|catalogprops|xlate|\
             userdata|targets|imageset|set|mbrSet|validate|resolve|explain|message[,format: text|\
             javascript|xml|json[,encoding: UTF-8|UTF-16|UTF-16LE|UTF-16BE|ISO-8859-1]]",
        )
        .help(
            "What the server sends: the picture, which is the default, a thumbnail, or \
                 information about it such as its size. Information comes as text, JavaScript, \
                 XML or JSON.",
        )
        .example("req=tmb"),
        support: Support::Partial("all but saveToFile"),
        apply: Apply::Request(set_req),
    },
    Command {
        name: "id",
        doc: "r-id",
        usage: Usage::new("Version", "version").help(
            "A version in the URL, so that caches fetch a changed image again. A JSONP reply \
                 returns it.",
        ),
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            attributes.id = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "handler",
        doc: "r-json-properties",
        usage: Usage::new("JSONP function", "function").help(
            "The name of the JavaScript function that a JSONP reply calls. Only letters and \
                 digits are allowed.",
        ),
        support: Support::Full,
        apply: Apply::Request(set_handler),
    },
    Command {
        name: "cache",
        doc: "r-is-http-cache",
        usage: Usage::new(
            "Caching",
            "client: on|off|validate|update[,server: on|off|validate|update]",
        )
        .help(
            "With off, no cache stores the reply, so each request draws it again. The default \
                 is on.",
        ),
        support: Support::Partial(
            "off keeps the reply out of all caches; the server's own cache always has the current \
             source, so validate and update change nothing",
        ),
        apply: Apply::Request(set_cache),
    },
    Command {
        name: "locale",
        doc: "r-locale",
        usage: Usage::new("Language", "[locale]").help(
            "The language of the texts and of translated images, such as de_DE. The catalog \
                 lists which ones there are.",
        ),
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
        usage: Usage::new("Fallback image", "[object]").help(
            "The image to show where the requested one does not exist. An empty value turns \
                 the catalog's fallback off.",
        ),
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            attributes.default_image = Some(object(args)?.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "bfc",
        doc: "r-bfc",
        usage: Usage::new("Automatic format", "convert: on|off").help(
            "Sends AVIF or WebP instead of JPEG or PNG to browsers that show them. The \
                 picture looks the same and loads faster.",
        ),
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            attributes.convert = args.switch(0)?;
            Ok(())
        }),
    },
    Command {
        name: "network",
        doc: "r-network",
        usage: Usage::new("Slow connections", "adapt: on|off").help(
            "Lowers the quality for visitors on a slow connection, so that the picture \
                 arrives sooner.",
        ),
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            attributes.network = args.switch(0)?;
            Ok(())
        }),
    },
    Command {
        name: "dpr",
        doc: "r-dpr",
        usage: Usage::new("Device pixel ratio", "ratio: on|off[,dprValue (number)]")
            .help(
                "Multiplies width and height for dense screens: on,2 makes twice as many pixels. \
                 Without a number the browser's own ratio counts, if it sends one.",
            )
            .example("wid=200&dpr=on,2"),
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            let on = args.keyword(0, &[("off", false), ("on", true)])?.unwrap_or(false);
            let ratio = args.exact(1)?;
            if on && ratio.is_some_and(|ratio| ratio <= Ratio::ZERO) {
                return Err(args.wrong("on and a number greater than 0, or off"));
            }
            attributes.pixel_ratio = match ratio {
                _ if !on => PixelRatio::Off,
                None => PixelRatio::Client,
                Some(ratio) => PixelRatio::Is(ratio),
            };
            Ok(())
        }),
    },
    Command {
        name: "type",
        doc: "r-type",
        usage: Usage::new("Content type", "type").help(
            "For static content only: the file is sent only if its type in the catalog is \
                 this one.",
        ),
        support: Support::Accepted("only for /is/content"),
        apply: Apply::Request(|attributes, args| {
            attributes.content_type = Some(args.value.to_owned());
            Ok(())
        }),
    },
];

fn set_req(attributes: &mut RequestAttributes, args: &Args) -> Result<()> {
    (attributes.reply, attributes.format) = Reply::read(args)?;
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

/// Permits only letters and digits: other characters could inject a script (L4).
fn set_handler(attributes: &mut RequestAttributes, args: &Args) -> Result<()> {
    let name = args.value.trim();
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(args.wrong("a function name of a-z, A-Z and 0-9"));
    }
    attributes.handler = (!name.is_empty()).then(|| name.to_owned());
    Ok(())
}
