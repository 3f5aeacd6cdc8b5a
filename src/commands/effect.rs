//! Attributes that effects share with all layers (r-layer-effects).

use super::{Apply, Command, Measure, OnComp, Support, unsupported};
use crate::{color::Color, ops::Ops};

/// An effect of a layer.
#[derive(Debug, Clone, Default)]
pub struct Effect {
    /// Its attributes.
    pub appearance: Appearance,
    /// Its `op_*` commands.
    pub ops: Ops,
}

/// The attributes that layers and effects share.
#[derive(Debug, Clone, PartialEq)]
pub struct Appearance {
    /// `color=`: the colour of a solid layer or an effect. In other layers it fills transparent
    /// parts.
    pub color: Option<Color>,
    /// `opac=`, its first argument: opacity of the layer with its effects, 0 to 100.
    pub opacity: u8,
    /// `opac=`, its second argument: opacity of the layer's own content, 0 to 100.
    pub fill_opacity: u8,
    /// `blendMode=`
    pub blend: BlendMode,
    /// `maskUse=`
    pub mask_use: MaskUse,
    /// `pos=`: offset from layer 0's origin to this layer's, or from the parent to the effect.
    pub position: Option<Measure<2>>,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            color: None,
            opacity: 100,
            fill_opacity: 100,
            blend: BlendMode::Normal,
            mask_use: MaskUse::Normal,
            position: None,
        }
    }
}

/// The modes of `blendMode=`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are Photoshop's names")]
pub enum BlendMode {
    #[default]
    Normal,
    Dissolve,
    Lighten,
    Darken,
    Multiply,
    Screen,
}

/// The part of an image that its mask leaves visible (`maskUse=`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum MaskUse {
    /// The foreground.
    #[default]
    Normal,
    /// The background.
    Invert,
    /// All of it.
    Off,
}

const BLENDS: [(&str, BlendMode); 6] = [
    ("norm", BlendMode::Normal),
    ("dissolve", BlendMode::Dissolve),
    ("lighten", BlendMode::Lighten),
    ("darken", BlendMode::Darken),
    ("mult", BlendMode::Multiply),
    ("screen", BlendMode::Screen),
];

const UPPER_LAYERS_ONLY: &str = "ignored for layer 0 and layer=comp; other layers are unsupported";

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "effect",
        doc: "r-effect",
        syntax: "n (below 0: behind the layer, above 0: within it)",
        support: Support::Refused,
        apply: Apply::Segment,
    },
    Command {
        name: "effectMask",
        doc: "r-effectmask",
        syntax: "0|1",
        support: Support::Accepted("only for effects, which are unsupported"),
        apply: Apply::View(|view, args| {
            view.effect_mask = args.switch(0)?;
            Ok(())
        }),
    },
    unsupported(
        "maskUse",
        "r-maskuse",
        "norm|invert|off",
        Apply::Appearance(OnComp::Layer0, |appearance, args| {
            let keywords =
                [("norm", MaskUse::Normal), ("invert", MaskUse::Invert), ("off", MaskUse::Off)];
            appearance.mask_use = args.keyword(0, &keywords)?.unwrap_or(MaskUse::Normal);
            Ok(())
        }),
    ),
    unsupported(
        "color",
        "r-color-commandref",
        "color",
        Apply::Appearance(OnComp::Layer0, |appearance, args| {
            appearance.color = Color::optional(args.command, args.value)?;
            Ok(())
        }),
    ),
    unsupported(
        "opac",
        "r-opac",
        "opacity[,fillOpacity] (0…100)",
        Apply::Appearance(OnComp::Composite, |appearance, args| {
            let percent = |nth| args.int_within(nth, 0, 100).map(|p| p.unwrap_or(100) as u8);
            (appearance.opacity, appearance.fill_opacity) = (percent(0)?, percent(1)?);
            Ok(())
        }),
    ),
    Command {
        name: "blendMode",
        doc: "r-blendmode",
        syntax: "norm|dissolve|lighten|darken|mult|screen",
        support: Support::Accepted(UPPER_LAYERS_ONLY),
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.blend = args.keyword(0, &BLENDS)?.unwrap_or(BlendMode::Normal);
            Ok(())
        }),
    },
    Command {
        name: "pos",
        doc: "r-pos",
        syntax: "x,y",
        support: Support::Accepted(UPPER_LAYERS_ONLY),
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.position = args.offsets("x,y")?.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "posN",
        doc: "r-pos",
        syntax: "x,y (parts of layer 0)",
        support: Support::Accepted(UPPER_LAYERS_ONLY),
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.position = args.numbers("x,y")?.map(Measure::Normalized);
            Ok(())
        }),
    },
];
