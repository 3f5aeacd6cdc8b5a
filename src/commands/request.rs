//! Request attributes: what is asked for (r-req and its pages).

use super::{Apply, Command, Support, accepted, refused};
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
    looked_up("locale", "r-locale", "[locId]"),
    looked_up("defaultImage", "r-is-http-defaultimage", "[object]"),
    accepted("bfc", "r-bfc", "on|off", "the format asked for is always delivered"),
    accepted("network", "r-network", "on|off", "the quality asked for is always delivered"),
    refused("dpr", "r-dpr", "off|on,dprValue", &["", "off", "on,1"]),
    accepted("type", "r-type", "val", "only for /is/content"),
];

/// Carried out by `resolve`, which looks up objects before commands are read.
const fn looked_up(name: &'static str, doc: &'static str, syntax: &'static str) -> Command {
    Command { name, doc, syntax, support: Support::Full, apply: Apply::Nothing }
}

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
