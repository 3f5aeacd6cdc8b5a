//! `template=`: the record that a request starts from. `resolve` looks it up before it reads
//! commands.

use super::{Apply, Command, Support, source::object};

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "template",
    doc: "r-template",
    syntax: "object",
    support: Support::Full,
    apply: Apply::Request(|attributes, args| {
        attributes.template = Some(object(args)?.to_owned()).filter(|name| !name.is_empty());
        Ok(())
    }),
}];
