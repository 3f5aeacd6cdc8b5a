//! Attributes that effects share with all layers (r-layer-effects).

use super::{Apply, Command, Measure, OnComp, Support};
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
    Overlay,
    HardLight,
    SoftLight,
    ColorDodge,
    ColorBurn,
    Difference,
    Exclusion,
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

/// The modes of the reference, then further ones of Photoshop under names of our own.
const BLENDS: [(&str, BlendMode); 13] = [
    ("norm", BlendMode::Normal),
    ("dissolve", BlendMode::Dissolve),
    ("lighten", BlendMode::Lighten),
    ("darken", BlendMode::Darken),
    ("mult", BlendMode::Multiply),
    ("screen", BlendMode::Screen),
    ("overlay", BlendMode::Overlay),
    ("hardlight", BlendMode::HardLight),
    ("softlight", BlendMode::SoftLight),
    ("dodge", BlendMode::ColorDodge),
    ("burn", BlendMode::ColorBurn),
    ("difference", BlendMode::Difference),
    ("exclusion", BlendMode::Exclusion),
];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "effect",
        doc: "r-effect",
        syntax: "n (below 0: behind the layer, above 0: within it)",
        support: Support::Full,
        apply: Apply::Segment,
    },
    Command {
        name: "effectMask",
        doc: "r-effectmask",
        syntax: "0|1",
        support: Support::Full,
        apply: Apply::View(|view, args| {
            view.effect_mask = args.switch(0)?;
            Ok(())
        }),
    },
    Command {
        name: "maskUse",
        doc: "r-maskuse",
        syntax: "norm|invert|off",
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Layer0, |appearance, args| {
            let keywords =
                [("norm", MaskUse::Normal), ("invert", MaskUse::Invert), ("off", MaskUse::Off)];
            appearance.mask_use = args.keyword(0, &keywords)?.unwrap_or(MaskUse::Normal);
            Ok(())
        }),
    },
    Command {
        name: "color",
        doc: "r-color-commandref",
        syntax: "color",
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Layer0, |appearance, args| {
            appearance.color = Color::optional(args.command, args.value)?;
            Ok(())
        }),
    },
    Command {
        name: "opac",
        doc: "r-opac",
        syntax: "opacity[,fillOpacity] (0…100)",
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Composite, |appearance, args| {
            let percent = |nth| args.int_within(nth, 0, 100).map(|p| p.unwrap_or(100) as u8);
            (appearance.opacity, appearance.fill_opacity) = (percent(0)?, percent(1)?);
            Ok(())
        }),
    },
    Command {
        name: "blendMode",
        doc: "r-blendmode",
        syntax: "norm|dissolve|lighten|darken|mult|screen|overlay|hardlight|softlight|dodge|burn|difference|exclusion",
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.blend = args.keyword(0, &BLENDS)?.unwrap_or(BlendMode::Normal);
            Ok(())
        }),
    },
    Command {
        name: "pos",
        doc: "r-pos",
        syntax: "x,y",
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.position = args.offsets("x,y")?.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "posN",
        doc: "r-pos",
        syntax: "x,y (parts of layer 0)",
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.position = args.numbers("x,y")?.map(Measure::Normalized);
            Ok(())
        }),
    },
];
