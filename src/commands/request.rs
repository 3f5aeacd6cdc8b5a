//! Request attributes: what is asked for (r-req and its pages).

use super::{Apply, Command, Support, refused, source::object, undrawn};
use crate::{
    error::{Error, Result},
    protocol::Args,
};

/// What a request asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RequestAttributes {
    /// `req=`, its first argument.
    pub reply: Reply,
    /// `req=`, its second argument.
    pub format: ReplyFormat,
    /// `id=`: a version for caches, and the identifier a JSONP reply hands back.
    pub id: Option<String>,
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
    /// Properties of the reply image.
    Props,
    /// Properties of the source image.
    ImageProps,
    /// Whether there is such an image.
    Exists,
    /// The request as it is understood.
    Resolve,
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
        support: Support::Partial("img, props, imageprops, exists and resolve"),
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
    refused("cache", "r-is-http-cache", "on|off|validate|update[,…]", &["", "on", "on,on"]),
    Command {
        name: "locale",
        doc: "r-locale",
        syntax: "[locId]",
        support: Support::Accepted("ignored where no catalog has a locale map"),
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
        support: Support::Accepted("a missing image is an error; the substitution is not done yet"),
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
    let name = args.text(0).unwrap_or("img").to_ascii_lowercase();
    attributes.reply = match name.as_str() {
        "img" => Reply::Img,
        "props" => Reply::Props,
        "imageprops" => Reply::ImageProps,
        "exists" => Reply::Exists,
        "resolve" => Reply::Resolve,
        "tmb" | "mask" | "map" | "targets" | "userdata" | "xmp" | "xlate" | "catalogprops"
        | "imageset" | "set" | "mbrset" | "validate" | "loadcache" | "message" | "savetofile"
        | "tile" | "explain" => {
            return Err(Error::unsupported(format!("req={name}: not supported yet")));
        }
        _ => return Err(args.wrong("one of img, props, imageprops, exists, resolve")),
    };
    let formats = [
        ("text", ReplyFormat::Text),
        ("javascript", ReplyFormat::JavaScript),
        ("xml", ReplyFormat::Xml),
        ("json", ReplyFormat::Json),
    ];
    // Only property replies have a format; what else stands there is not ours to judge.
    let has_format = matches!(attributes.reply, Reply::Props | Reply::ImageProps | Reply::Exists);
    attributes.format = match has_format {
        true => args.keyword(1, &formats)?.unwrap_or_default(),
        false => ReplyFormat::Text,
    };
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
