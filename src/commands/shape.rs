//! Clip paths: not drawn yet.

use super::{Command, refused};

pub(super) const COMMANDS: &[Command] = &[
    refused("clipPath", "r-clippath", "pathDefinition", &[""]),
    refused("clipPathE", "r-clippath", "pathName[,pathName…]", &[""]),
    refused("clipXPath", "r-clipxpath", "pathDefinition", &[""]),
    refused("clipXPathE", "r-clipxpath", "pathName[,pathName…]", &[""]),
];
