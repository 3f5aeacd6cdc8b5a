//! Where a command belongs: to the request, or to a layer or effect (decision D4).

use super::{Apply, OnComp, Row};

/// A layer or effect that commands belong to. Scopes are ordered as they are said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scope {
    /// The layer's number; `None` is `layer=comp`, where every request begins.
    pub layer: Option<u32>,
    /// The effect's number, 0 excepted, when it is one of the layer's effects.
    pub effect: Option<i32>,
}

impl Scope {
    /// `layer=comp`
    pub const COMPOSITE: Self = Self { layer: None, effect: None };
    /// `layer=0`
    pub const LAYER_0: Self = Self { layer: Some(0), effect: None };
}

/// Where a command takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In the whole request, wherever it stands.
    Request,
    /// In one scope.
    In(Scope),
}

impl Row {
    /// Where this command takes effect when it stands in `scope`; the error says why nowhere.
    pub fn place(self, scope: Scope) -> Result<Place, &'static str> {
        const NO_EFFECT: &str = "effects do not have it";
        let command = match self.target() {
            Row::Operation(_) if scope.effect.is_some() => return Err(NO_EFFECT),
            Row::Operation(_) => return Ok(Place::In(scope)),
            Row::Command(command) => command,
        };
        let on_comp = match &command.apply {
            Apply::Layer(..) if scope.effect.is_some() => return Err(NO_EFFECT),
            Apply::Appearance(..) if scope.effect.is_some() => return Ok(Place::In(scope)),
            Apply::Layer(on_comp, _) | Apply::Appearance(on_comp, _) => *on_comp,
            Apply::Request(_)
            | Apply::Output(_)
            | Apply::View(_)
            | Apply::Segment
            | Apply::As(_) => return Ok(Place::Request),
        };
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

    /// Whether a nested request takes no notice of it (r-request-nesting-and-embedding): it is
    /// the outer request that is answered.
    pub fn ignored_when_nested(self) -> bool {
        match self.target() {
            Row::Operation(_) => false,
            Row::Command(command) => match &command.apply {
                Apply::Output(_) => command.name != "icc",
                Apply::Request(_) => command.name != "template",
                Apply::View(_) => command.name == "bgc",
                Apply::Layer(..) | Apply::Appearance(..) | Apply::Segment | Apply::As(_) => false,
            },
        }
    }
}
