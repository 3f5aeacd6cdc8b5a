//! Attributes that effects share with all layers (r-layer-effects).

use super::{Apply, Command, Measure, OnComp, Support};
use crate::{color::Color, ops::Ops, usage::Usage};

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
        usage: Usage::new("Effect", "effect (integer)")
            .help(
                "Selects an effect of the layer that the commands after it change. A number below \
                 0 lies behind the layer, like a shadow, one above 0 within it.",
            )
            .example(
                "size=500,334&layer=1&src=Samples/tulips&size=200,200&effect=-1&color=000000&\
                 pos=8,8&op_blur=8",
            ),
        support: Support::Full,
        apply: Apply::Segment,
    },
    Command {
        name: "effectMask",
        doc: "r-effectmask",
        usage: Usage::new("Effect mask", "masked: 0|1")
            .help(
                "With 1, which is the default, effects are hidden where the layer covers them. \
                 With 0 they show through transparent layers.",
            )
            .example(
                "size=500,334&effectMask=0&layer=1&src=Samples/tulips&size=200,200&opac=100,40&\
                 effect=-1&color=ff0000&pos=20,20",
            ),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            view.effect_mask = args.switch(0)?;
            Ok(())
        }),
    },
    Command {
        name: "maskUse",
        doc: "r-maskuse",
        usage: Usage::new("Use of mask", "use: norm|invert|off")
            .help(
                "Which part of an image its mask leaves visible: the foreground, the background \
                 (invert), or all of it (off).",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&size=300,300&maskUse=invert"),
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
        usage: Usage::new("Colour", "color")
            .help(
                "The colour of a layer without an image, or of an effect. In an image it fills \
                 the transparent parts.",
            )
            .example("size=500,334&layer=1&color=255,128,0,160&size=500,80"),
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Layer0, |appearance, args| {
            appearance.color = Color::optional(args.command, args.value)?;
            Ok(())
        }),
    },
    Command {
        name: "opac",
        doc: "r-opac",
        usage: Usage::new("Opacity", "opacity (integer 0…100 %)[,fillOpacity (integer 0…100 %)]")
            .help(
                "How opaque a layer is, from 0, invisible, to 100. The second number is for its \
                 content alone, without its effects.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&size=200,200&opac=50"),
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
        usage: Usage::new(
            "Blend mode",
            "mode: norm|dissolve|lighten|darken|mult|screen|overlay|hardlight|softlight|dodge|\
             burn|difference|exclusion",
        )
        .help(
            "How a layer mixes with those below it, as in Photoshop. The modes after screen \
                 are an extension of this server.",
        )
        .example("size=500,334&layer=1&src=Samples/tulips&size=300,300&blendMode=screen"),
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.blend = args.keyword(0, &BLENDS)?.unwrap_or(BlendMode::Normal);
            Ok(())
        }),
    },
    Command {
        name: "pos",
        doc: "r-pos",
        usage: Usage::new("Position", "x (integer px),y (integer px)")
            .help(
                "Moves a layer to the right and down from the origin of the bottom layer, or an \
                 effect from its layer. Negative numbers move left and up.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&size=150,150&pos=120,40"),
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.position = args.offsets("x,y")?.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "posN",
        doc: "r-pos",
        usage: Usage::new("Position by parts", "x (number),y (number)")
            .help("Moves a layer in parts of the width and height of the bottom layer.")
            .example("size=500,334&layer=1&src=Samples/tulips&size=150,150&posN=0.25,0.1"),
        support: Support::Full,
        apply: Apply::Appearance(OnComp::Ignored, |appearance, args| {
            appearance.position = args.numbers("x,y")?.map(Measure::Normalized);
            Ok(())
        }),
    },
];
