//! Templates: which record a request starts from. `resolve` looks it up before commands are read.

use super::{Apply, Command, Support};

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "template",
    doc: "r-template",
    syntax: "object",
    support: Support::Full,
    apply: Apply::Nothing,
}];
