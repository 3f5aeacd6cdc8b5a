//! Clip paths: given as path data, or as names of paths embedded in the image's file.

use super::{Apply, Command, OnComp, Path, Support, source::path_names};

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "clipPath",
        doc: "r-clippath",
        syntax: "pathDefinition",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip = Path::parse(args)?;
            Ok(())
        }),
    },
    Command {
        name: "clipPathE",
        doc: "r-clippath",
        syntax: "pathName[,pathName…]",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_embedded = path_names(args)?;
            Ok(())
        }),
    },
    Command {
        name: "clipXPath",
        doc: "r-clipxpath",
        syntax: "pathDefinition",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_out = Path::parse(args)?;
            Ok(())
        }),
    },
    Command {
        name: "clipXPathE",
        doc: "r-clipxpath",
        syntax: "pathName[,pathName…]",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_out_embedded = path_names(args)?;
            Ok(())
        }),
    },
];
