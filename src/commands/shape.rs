//! Clip paths: given as path data, or as names of paths embedded in the image's file.

use super::{Apply, Command, OnComp, Path, source::path_names, unsupported};

pub(super) const COMMANDS: &[Command] = &[
    unsupported(
        "clipPath",
        "r-clippath",
        "pathDefinition",
        Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip = Path::parse(args)?;
            Ok(())
        }),
    ),
    unsupported(
        "clipPathE",
        "r-clippath",
        "pathName[,pathName…]",
        Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_embedded = path_names(args)?;
            Ok(())
        }),
    ),
    unsupported(
        "clipXPath",
        "r-clipxpath",
        "pathDefinition",
        Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_out = Path::parse(args)?;
            Ok(())
        }),
    ),
    unsupported(
        "clipXPathE",
        "r-clipxpath",
        "pathName[,pathName…]",
        Apply::Layer(OnComp::Composite, |layer, args| {
            layer.clip_out_embedded = path_names(args)?;
            Ok(())
        }),
    ),
];
