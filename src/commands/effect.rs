//! Effect layers: not drawn yet.

use super::{Command, refused};

pub(super) const COMMANDS: &[Command] = &[
    refused("effect", "r-effect", "n", &[""]),
    refused("effectMask", "r-effectmask", "0|1", &[""]),
];
