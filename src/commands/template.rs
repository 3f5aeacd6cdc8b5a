//! `template=`: the record that a request starts from. `resolve` looks it up before it reads
//! commands.

use super::{Apply, Command, Support, source::object};
use crate::usage::Usage;

pub(super) const COMMANDS: &[Command] = &[Command {
    name: "template",
    doc: "r-template",
    usage: Usage::new("Template", "object").help(
        "The template that lays out the picture. The object in the path and the variables of \
             the URL fill it.",
    ),
    support: Support::Full,
    apply: Apply::Request(|attributes, args| {
        attributes.template = Some(object(args)?.to_owned()).filter(|name| !name.is_empty());
        Ok(())
    }),
}];
