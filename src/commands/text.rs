//! Text layers: not drawn yet.

use super::{Command, refused};

pub(super) const COMMANDS: &[Command] = &[
    refused("text", "r-text", "string", &[]),
    refused("textPs", "r-textps", "string", &[]),
    refused("textAttr", "r-textattr", "res[,…]", &[""]),
    refused("textAngle", "r-textangle", "angle", &["", "0"]),
    refused("textPath", "r-textpath", "pathDefinition", &[""]),
    refused("textFlowPath", "r-textflowpath", "pathDefinition", &[""]),
    refused("textFlowXPath", "r-textflowxpath", "pathDefinition", &[""]),
    refused("pathAttr", "r-pathattr", "…", &[""]),
];
