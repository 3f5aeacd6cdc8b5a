//! Every command of the protocol but `op_*`: one row each, beside the field it sets.
//!
//! A row's [`Apply`] is its scope, so the two cannot disagree. From the table come the parser,
//! `azulejo commands`, the canonical request and the list of what is not done yet.

mod adjust;
mod effect;
mod layer;
mod map;
mod output;
mod request;
mod shape;
mod source;
mod table;
mod template;
mod text;
mod view;

pub use layer::{Flip, Layer};
pub use output::{Chroma, Format, Output, PixelType};
pub use request::{Lifetime, Reply, ReplyFormat, RequestAttributes};
pub use source::{Crop, Source};
pub use table::{Row, TABLE, find, rows, support_page, takes_request};
pub use view::{Fit, FitMode, View};

use crate::{
    error::Result,
    ops::{Adjustments, ORDER},
    protocol::Args,
};

/// All that the commands of a request said, each the last time it was said.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What is asked for, and under which names.
    pub attributes: RequestAttributes,
    /// How the reply is encoded.
    pub output: Output,
    /// How the composite becomes the reply.
    pub view: View,
    /// The source of layer 0.
    pub source: Source,
    /// What becomes of layer 0.
    pub layer: Layer,
    /// The `op_*` commands; without `layer=` they change the view.
    pub adjustments: Adjustments,
}

/// One command: a row of the table.
#[derive(Debug)]
pub struct Command {
    /// Its name as the protocol spells it.
    pub name: &'static str,
    /// Its page in the reference.
    pub doc: &'static str,
    /// Its arguments.
    pub syntax: &'static str,
    /// How far it is carried out.
    pub support: Support,
    /// What it sets.
    pub apply: Apply,
}

/// How far a command is carried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Support {
    /// As documented.
    Full,
    /// As documented but for what the text says.
    Partial(&'static str),
    /// Understood; it cannot change what this server answers, for the reason in the text.
    Accepted(&'static str),
    /// Not carried out: a value that would change the picture is an error.
    Refused,
}

/// What a command sets, which is also its scope.
#[derive(Debug)]
pub enum Apply {
    /// A request attribute.
    Request(fn(&mut RequestAttributes, &Args) -> Result<()>),
    /// An attribute of the reply's encoding.
    Output(fn(&mut Output, &Args) -> Result<()>),
    /// A view attribute.
    View(fn(&mut View, &Args) -> Result<()>),
    /// An attribute of layer 0's source image.
    Source(fn(&mut Source, &Args) -> Result<()>),
    /// An attribute of layer 0.
    Layer(fn(&mut Layer, &Args) -> Result<()>),
    /// Nothing: the command has no bearing on what is answered.
    Nothing,
    /// Not carried out. These values ask for no effect and pass; all others are an error.
    Neutral(&'static [&'static str]),
}

impl Request {
    /// Carries out one command. False when no such command is known: it is then ignored (A5).
    pub fn set(&mut self, name: &str, value: &str) -> Result<bool> {
        match find(name) {
            Some(Row::Command(command)) => {
                self.apply(command, &Args { command: command.name, value })?;
                Ok(true)
            }
            Some(Row::Operation(place)) => {
                if let (Some(operation), Some(slot)) =
                    (ORDER.get(place), self.adjustments.get_mut(place))
                {
                    *slot = (operation.parse)(&Args { command: operation.name, value })?;
                }
                Ok(true)
            }
            None => Ok(false),
        }
    }

    fn apply(&mut self, command: &Command, args: &Args) -> Result<()> {
        match command.apply {
            Apply::Request(set) => set(&mut self.attributes, args),
            Apply::Output(set) => set(&mut self.output, args),
            Apply::View(set) => set(&mut self.view, args),
            Apply::Source(set) => set(&mut self.source, args),
            Apply::Layer(set) => set(&mut self.layer, args),
            Apply::Nothing => Ok(()),
            Apply::Neutral(values) => {
                let value = args.value.trim();
                if values.iter().any(|neutral| neutral.eq_ignore_ascii_case(value)) {
                    return Ok(());
                }
                Err(not_supported(command.name, args))
            }
        }
    }
}

fn not_supported(name: &str, args: &Args) -> crate::error::Error {
    let shown: String = args.value.chars().take(60).collect();
    crate::error::Error::unsupported(format!("{name}={shown}: not supported yet"))
}

/// A row that is not carried out; `neutral` lists the values without effect.
const fn refused(
    name: &'static str,
    doc: &'static str,
    syntax: &'static str,
    neutral: &'static [&'static str],
) -> Command {
    Command { name, doc, syntax, support: Support::Refused, apply: Apply::Neutral(neutral) }
}

/// A row that is understood and has no bearing here, for this reason.
const fn accepted(
    name: &'static str,
    doc: &'static str,
    syntax: &'static str,
    why: &'static str,
) -> Command {
    Command { name, doc, syntax, support: Support::Accepted(why), apply: Apply::Nothing }
}

#[cfg(test)]
mod tests;
