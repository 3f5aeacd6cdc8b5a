//! Image maps and sets. They never change an image, but have replies of their own.

use super::{Apply, Command, OnComp, Support};
use crate::{
    protocol::{Wrapper, embedded},
    usage::Usage,
};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "map",
        doc: "r-map",
        usage: Usage::new("Image map", "[areas]").help(
            "HTML areas of a layer, in its own pixels. A request with req=map returns them, \
                 moved and scaled with the picture.",
        ),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.map = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "mapA",
        doc: "r-map",
        usage: Usage::new("Source image map", "[areas]").help(
            "HTML areas of a layer's source image, in its pixels. A request with req=map \
                 returns them, moved and scaled with the picture.",
        ),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.map_source = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "imageSet",
        doc: "r-imageset",
        usage: Usage::new("Image set", "set").help(
            "The members of a set for req=set, instead of those in the catalog. Curly \
                 brackets around it protect its special characters.",
        ),
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            // Brackets only group the modifiers. Their content stays as written, so that encoded
            // separators still differ from bare ones.
            let value = match embedded(args.value.trim()) {
                Some((Wrapper::Bare, value)) => value,
                Some(_) | None => args.value,
            };
            attributes.image_set = Some(value.to_owned()).filter(|value| !value.is_empty());
            Ok(())
        }),
    },
    Command {
        name: "labelkey",
        doc: "r-media-set-requests",
        usage: Usage::new("Label key", "key")
            .help("The key of the user data that labels the members of a set."),
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            let key = args.value.trim();
            attributes.label_key = (!key.is_empty()).then(|| key.to_owned());
            Ok(())
        }),
    },
];
