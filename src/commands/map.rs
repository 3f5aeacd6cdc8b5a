//! Image maps and sets: they never change an image.

use super::{Apply, Command, OnComp, Support};
use crate::protocol::{decode_value, embedded};

const NO_PIXELS: &str = "has no bearing on images; its own request types are not answered yet";

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "map",
        doc: "r-map",
        syntax: "[string]",
        support: Support::Accepted(NO_PIXELS),
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.map = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "mapA",
        doc: "r-map",
        syntax: "[string]",
        support: Support::Accepted(NO_PIXELS),
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.map_source = Some(args.value.to_owned());
            Ok(())
        }),
    },
    Command {
        name: "imageSet",
        doc: "r-imageset",
        syntax: "val|{val}",
        support: Support::Accepted(NO_PIXELS),
        apply: Apply::Request(|attributes, args| {
            // Brackets only keep its modifiers together; what they hold is as it was written.
            let value = match embedded(args.value.trim()) {
                Some((_, value)) => decode_value(value),
                None => args.value.to_owned(),
            };
            attributes.image_set = Some(value).filter(|value| !value.is_empty());
            Ok(())
        }),
    },
];
