//! Templates: not resolved yet.

use super::{Command, refused};

pub(super) const COMMANDS: &[Command] = &[refused("template", "r-template", "object", &[])];
