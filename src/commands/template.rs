//! Templates: not resolved yet.

use super::{Apply, Command, source::object, undrawn};

pub(super) const COMMANDS: &[Command] = &[undrawn(
    "template",
    "r-template",
    "object",
    Apply::Request(|attributes, args| {
        attributes.template = Some(object(args)?.to_owned()).filter(|name| !name.is_empty());
        Ok(())
    }),
)];
