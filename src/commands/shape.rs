//! Clip paths: given as path data, or as names of paths embedded in the image's file.

use super::{Apply, Command, OnComp, Path, Support, source::path_names};
use crate::usage::Usage;

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "clipPath",
        doc: "r-clippath",
        usage: Usage::new("Clip", "pathDefinition")
            .help(
                "Shows only what is inside a path, in pixels of the layer. The path is written \
                 like that of an SVG, with commas between all numbers.",
            )
            .example("size=500,334&bgc=ffffff&clipPath=M,250,10,L,490,324,L,10,324,z"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip = Path::parse(args)?;
            Ok(())
        }),
    },
    Command {
        name: "clipPathE",
        doc: "r-clippath",
        usage: Usage::new("Clip to stored path", "pathNames").help(
            "Shows only what is inside a path that is stored in the image's file under this \
                 name. With several names, only what is inside all of them.",
        ),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_embedded = path_names(args)?;
            Ok(())
        }),
    },
    Command {
        name: "clipXPath",
        doc: "r-clipxpath",
        usage: Usage::new("Cut out", "pathDefinition")
            .help("Makes transparent what is inside a path, in pixels of the layer.")
            .example("size=500,334&bgc=ffffff&clipXPath=M,150,100,L,350,100,L,350,234,L,150,234,z"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_out = Path::parse(args)?;
            Ok(())
        }),
    },
    Command {
        name: "clipXPathE",
        doc: "r-clipxpath",
        usage: Usage::new("Cut out stored path", "pathNames").help(
            "Makes transparent what is inside a path that is stored in the image's file under \
                 this name.",
        ),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_out_embedded = path_names(args)?;
            Ok(())
        }),
    },
];
