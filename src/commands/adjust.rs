//! The `op_*` commands of layers that no effect has; those of the view have a file each in `ops`.

use super::{Apply, Command, OnComp, Support, undrawn};
use crate::{color::Color, error::Result, protocol::Args};

/// What is done to a layer's colours and to its mask.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Corrections {
    /// `op_invert=`
    pub invert: bool,
    /// `op_brightness=`: −100 to 100.
    pub brightness: i8,
    /// `op_contrast=`: −100 to 100 %.
    pub contrast: i8,
    /// `op_hue=`: −180 to 180 degrees.
    pub hue: i16,
    /// `op_saturation=`: −100 to 100.
    pub saturation: i8,
    /// `op_colorbalance=`: red, green and blue, −100 to 100.
    pub color_balance: [i8; 3],
    /// `op_colorize=`
    pub colorize: Option<Colorize>,
    /// `op_growMask=`: −100 to 100 pixels of the full-resolution mask.
    pub grow_mask: i8,
    /// `op_growMaskR=`: −100 to 100 pixels of the mask as it is drawn.
    pub grow_mask_drawn: i8,
}

/// `op_colorize=color,compensation,contrast`
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colorize {
    /// The colour that takes the place of the image's.
    pub color: Color,
    /// Whether the image's brightness is first made even.
    pub compensate: bool,
    /// The contrast wanted, 0 to 100; 0 keeps the image's.
    pub contrast: f64,
}

/// A row whose one number is brought into `−most..=most`.
macro_rules! adjustment {
    ($name:literal, $doc:literal, $syntax:literal, $comp:ident, $field:ident, $most:literal) => {
        undrawn(
            $name,
            $doc,
            $syntax,
            Apply::Layer(OnComp::$comp, |layer, args| {
                layer.corrections.$field = args.int_within(0, -$most, $most)?.unwrap_or(0) as _;
                Ok(())
            }),
        )
    };
}

pub(super) const COMMANDS: &[Command] = &[
    undrawn(
        "op_invert",
        "r-op-invert",
        "0|1",
        Apply::Layer(OnComp::Composite, |layer, args| {
            layer.corrections.invert = args.switch(0)?.unwrap_or(false);
            Ok(())
        }),
    ),
    adjustment!("op_brightness", "r-op-brightness", "adj (−100…100)", Composite, brightness, 100),
    adjustment!("op_contrast", "r-op-contrast", "adj (−100…100)", Composite, contrast, 100),
    adjustment!("op_hue", "r-op-hue", "adj (−180…180)", Composite, hue, 180),
    adjustment!("op_saturation", "r-op-saturation", "adj (−100…100)", Composite, saturation, 100),
    undrawn(
        "op_colorbalance",
        "r-op-colorbalance",
        "red,green,blue (−100…100)",
        Apply::Layer(OnComp::Composite, |layer, args| {
            for (nth, part) in layer.corrections.color_balance.iter_mut().enumerate() {
                *part = args.int_within(nth, -100, 100)?.unwrap_or(0) as i8;
            }
            Ok(())
        }),
    ),
    undrawn(
        "op_colorize",
        "r-op-colorize",
        "color[,off|norm[,contrast]] (0…100)",
        Apply::Layer(OnComp::Composite, |layer, args| {
            layer.corrections.colorize = colorize(args)?;
            Ok(())
        }),
    ),
    Command {
        name: "colorize",
        doc: "r-op-colorize",
        syntax: "color[,off|norm[,contrast]] (0…100)",
        support: Support::Refused,
        apply: Apply::As("op_colorize"),
    },
    adjustment!("op_growMask", "r-op-growmask", "radius (−100…100)", Layer0, grow_mask, 100),
    adjustment!(
        "op_growMaskR",
        "r-op-growmaskr",
        "radius (−100…100)",
        Layer0,
        grow_mask_drawn,
        100
    ),
    Command {
        name: "op_usmR",
        doc: "r-op-usmr",
        syntax: "amount[,radius[,threshold[,monochrome]]]",
        support: Support::Partial("as op_usm: both take the radius as given"),
        apply: Apply::As("op_usm"),
    },
];

/// The colour ends where a word stands, since it has commas of its own.
fn colorize(args: &Args) -> Result<Option<Colorize>> {
    if args.is_empty() {
        return Ok(None);
    }
    let wanted = "an RGB colour such as a0b0c0 or 200,0,0, then off or norm, then a contrast";
    let words = [("off", false), ("norm", true)];
    let is_word = |part: &str| words.iter().any(|(word, _)| part.trim().eq_ignore_ascii_case(word));
    let parts: Vec<&str> = args.value.split([',', ';']).collect();
    let end = parts.iter().position(|part| is_word(part)).unwrap_or(parts.len());
    let (color, options) = parts.split_at_checked(end).unwrap_or_default();
    let color = color.join(",");
    if !Color::is_rgb(&color) {
        return Err(args.wrong(wanted));
    }
    let options = options.join(",");
    let options = Args { command: args.command, value: &options };
    Ok(Some(Colorize {
        color: Color::parse(args.command, &color)?,
        compensate: options.keyword(0, &words)?.unwrap_or(true),
        contrast: options.within(1, 0.0, 100.0)?.unwrap_or(0.0),
    }))
}
