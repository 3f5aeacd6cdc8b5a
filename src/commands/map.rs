//! Image maps and sets. They never change an image, but have replies of their own.

use super::{Apply, Command, OnComp, Support};
use crate::protocol::{Wrapper, embedded};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "map",
        doc: "r-map",
        syntax: "[string]",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.map = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "mapA",
        doc: "r-map",
        syntax: "[string]",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.map_source = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "imageSet",
        doc: "r-imageset",
        syntax: "val|{val}",
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
        syntax: "key",
        support: Support::Full,
        apply: Apply::Request(|attributes, args| {
            let key = args.value.trim();
            attributes.label_key = (!key.is_empty()).then(|| key.to_owned());
            Ok(())
        }),
    },
];
