//! What a command applies to: the request, or a layer or effect (decision D4).

use super::{Apply, OnComp, Row};
use crate::ops::AppliesTo;

/// A layer or effect that commands apply to. The order is: `layer=comp`, then layers by number,
/// each before its effects.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The layer's number; `None` is `layer=comp`, the scope at the start of every request.
    pub layer: Option<u32>,
    /// The effect's number, never 0; `None` for the layer itself.
    pub effect: Option<i32>,
}

impl Scope {
    /// `layer=comp`
    pub const COMPOSITE: Self = Self { layer: None, effect: None };
    /// `layer=0`
    pub const LAYER_0: Self = Self { layer: Some(0), effect: None };
}

/// What a command applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// The whole request, wherever the command occurs.
    Request,
    /// One scope.
    In(Scope),
}

impl Row {
    /// What this command applies to if it occurs in `scope`. The error explains why it has no
    /// effect.
    pub fn place(self, scope: Scope) -> Result<Place, &'static str> {
        const NO_EFFECT: &str = "effects do not have it";
        let (effects, on_comp) = match self {
            Row::Operation(_, operation) => match operation.applies_to {
                AppliesTo::Layer | AppliesTo::LayerOrView => (false, OnComp::Composite),
                AppliesTo::LayerOrEffect => (true, OnComp::Composite),
                AppliesTo::Mask => (false, OnComp::Layer0),
            },
            Row::Command(command) => match &command.apply {
                Apply::Layer(on_comp, _) => (false, *on_comp),
                Apply::Appearance(on_comp, _) => (true, *on_comp),
                Apply::Request(_) | Apply::Output(_) | Apply::View(_) | Apply::Segment => {
                    return Ok(Place::Request);
                }
            },
        };
        if scope.effect.is_some() {
            return if effects { Ok(Place::In(scope)) } else { Err(NO_EFFECT) };
        }
        match (on_comp, scope.layer) {
            (OnComp::Layer0, None) => Ok(Place::In(Scope::LAYER_0)),
            (OnComp::Ignored, None | Some(0)) => {
                Err("it has no meaning for layer 0 and layer=comp")
            }
            (OnComp::Layer0 | OnComp::Composite | OnComp::Ignored | OnComp::Refused, _) => {
                Ok(Place::In(scope))
            }
        }
    }

    /// Whether a nested request ignores this command (r-request-nesting-and-embedding), because
    /// only the outer request is answered.
    pub fn ignored_when_nested(self) -> bool {
        match self {
            Row::Operation(..) => false,
            Row::Command(command) => match &command.apply {
                Apply::Output(_) => command.name != "icc",
                Apply::Request(_) => command.name != "template",
                Apply::View(_) => command.name == "bgc",
                Apply::Layer(..) | Apply::Appearance(..) | Apply::Segment => false,
            },
        }
    }
}
