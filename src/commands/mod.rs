//! Every command of the protocol except `op_*`: one row each, next to the field that it sets. The
//! rows of `op_*` are in `ops`.
//!
//! A row's [`Apply`] also determines its scope, so the two cannot disagree. The parser,
//! `azulejo commands`, the page's forms and documentation, the canonical request and the list of
//! unsupported commands use this table.

mod describe;
mod effect;
mod format;
mod layer;
mod map;
mod output;
mod perspective;
mod reply;
mod request;
mod scope;
mod shape;
mod source;
mod table;
mod template;
mod text;
mod view;

use std::collections::BTreeMap;

pub use crate::support::Support;
pub use describe::{Description, commands_page};
pub use effect::{Appearance, BlendMode, Effect, MaskUse};
pub use format::Manifest;
pub use layer::{Flip, LayerAttributes, Measure};
pub use output::{Output, Profile};
pub use perspective::{Perspective, Sampling};
pub use reply::{Lifetime, Reads, Reply, ReplyFormat, ReplyKind};
pub use request::{PixelRatio, RequestAttributes};
pub use scope::{Place, Scope};
pub use source::{Crop, Image, SourceAttributes};
pub use table::{Entry, Row, find, literal, rows, support_page, takes_request};
pub use text::{AntiAliasing, OnPath, ResolutionMode, Text, TextAttributes, TextContent, Wrap};
pub use view::{Fit, FitMode, ViewAttributes, ViewPart};

use crate::{
    error::{Error, Result},
    ops::{Operation, Ops},
    protocol::{Args, Path},
    usage::Usage,
};

/// The parsed commands of a request. The last value of a command wins.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// The kind of reply, and other attributes of the request as a whole.
    pub attributes: RequestAttributes,
    /// How the reply is encoded.
    pub output: Output,
    /// How the composite image becomes the reply.
    pub view: ViewAttributes,
    /// Commands of `layer=comp`, which apply to all layers together; its `op_*` apply to the view.
    pub composite: LayerCommands,
    /// The layers by number; 0 is at the bottom.
    pub layers: BTreeMap<u32, LayerCommands>,
}

/// The commands of one layer, or of the composite image, and those of its effects.
#[derive(Debug, Clone, Default)]
pub struct LayerCommands {
    /// Its attributes: source, text, size, position and so on.
    pub attributes: LayerAttributes,
    /// Its `op_*` commands.
    pub ops: Ops,
    /// Effects by number: negative ones lie behind the layer, positive ones within it.
    pub effects: BTreeMap<i32, Effect>,
}

/// One command that is not an operation: a row of the table.
#[derive(Debug)]
pub struct Command {
    /// Its name as the protocol spells it.
    pub name: &'static str,
    /// Its page in the reference.
    pub doc: &'static str,
    /// Its title, its arguments, what it does, and an example.
    pub usage: Usage,
    /// How far the engine supports it.
    pub support: Support,
    /// The function that stores its value; the variant is its scope.
    pub apply: Apply,
}

/// The function that stores a command's value. The variant is the command's scope.
#[derive(Debug)]
pub enum Apply {
    /// A request attribute.
    Request(fn(&mut RequestAttributes, &Args) -> Result<()>),
    /// An attribute of the reply's encoding.
    Output(fn(&mut Output, &Args) -> Result<()>),
    /// A view attribute.
    View(fn(&mut ViewAttributes, &Args) -> Result<()>),
    /// An attribute of a layer; effects ignore it.
    Layer(OnComp, fn(&mut LayerAttributes, &Args) -> Result<()>),
    /// An attribute of a layer or an effect.
    Appearance(OnComp, fn(&mut Appearance, &Args) -> Result<()>),
    /// Not an attribute: `layer=` or `effect=`, which sets the scope of the commands after it.
    Segment,
}

/// How an attribute of layers applies if no layer is selected (decision D4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnComp {
    /// It applies to layer 0.
    Layer0,
    /// It applies to the composite image.
    Composite,
    /// It is ignored there and for layer 0.
    Ignored,
    /// It is an error there and for layer 0.
    Refused,
}

impl Request {
    /// Parses one command and stores its value at `place`, which [`Row::place`] returns.
    ///
    /// An error of the kind `Unsupported` means that the value is valid but unsupported. A reply
    /// without an image can still be sent.
    pub fn set(&mut self, row: Row, place: Place, value: &str) -> Result<()> {
        let args = Args { command: row.name(), value };
        match row {
            Row::Operation(nth, operation) => self.set_op(nth, operation, place, &args),
            Row::Command(command) => self.apply(command, place, &args),
        }
    }

    /// Parses an operation and stores it by its index in [`ALL`](crate::ops::ALL).
    fn set_op(
        &mut self,
        nth: usize,
        operation: &Operation,
        place: Place,
        args: &Args,
    ) -> Result<()> {
        let Place::In(scope) = place else { return Ok(()) };
        let op = (operation.parse)(args)?;
        if let Some(slot) = self.ops(scope).get_mut(nth) {
            *slot = op;
        }
        if op.is_none() {
            return Ok(());
        }
        if operation.support == Support::Refused {
            return Err(not_supported(args));
        }
        Ok(())
    }

    fn apply(&mut self, command: &Command, place: Place, args: &Args) -> Result<()> {
        match (&command.apply, place) {
            (Apply::Request(set), _) => set(&mut self.attributes, args),
            (Apply::Output(set), _) => set(&mut self.output, args),
            (Apply::View(set), _) => set(&mut self.view, args),
            (Apply::Layer(on_comp, set), Place::In(scope)) => {
                if *on_comp == OnComp::Refused && scope.layer.unwrap_or(0) == 0 {
                    return Err(args.wrong("another layer than layer 0 (D9)"));
                }
                set(&mut self.layer(scope).attributes, args)
            }
            (Apply::Appearance(_, set), Place::In(scope)) => {
                let layer = self.layer(scope);
                match scope.effect {
                    Some(number) => {
                        set(&mut layer.effects.entry(number).or_default().appearance, args)
                    }
                    None => set(&mut layer.attributes.appearance, args),
                }
            }
            (Apply::Layer(..) | Apply::Appearance(..), Place::Request) | (Apply::Segment, _) => {
                Ok(())
            }
        }
    }

    /// The operations of a scope. Inserts the layer or effect if it is missing.
    fn ops(&mut self, scope: Scope) -> &mut Ops {
        let layer = self.layer(scope);
        match scope.effect {
            Some(number) => &mut layer.effects.entry(number).or_default().ops,
            None => &mut layer.ops,
        }
    }

    /// The layer of a scope. Inserts it if it is missing.
    pub fn layer(&mut self, scope: Scope) -> &mut LayerCommands {
        match scope.layer {
            None => &mut self.composite,
            Some(number) => self.layers.entry(number).or_default(),
        }
    }
}

fn not_supported(args: &Args) -> Error {
    let shown: String = args.value.chars().take(60).collect();
    Error::unsupported(format!("{}={shown}: not supported yet", args.command))
}

#[cfg(test)]
mod tests;
