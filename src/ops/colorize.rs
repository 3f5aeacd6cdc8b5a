//! `op_colorize=`: gives an image a single hue, and preserves its shadows and highlights.
//! Unsupported.

use std::hash::{Hash, Hasher};

use super::{AppliesTo, Family, Op, Operation, Parameters, Parsed};
use crate::{color::Color, error::Result, protocol::Args, support::Support};

/// The rows of `op_colorize=` and its old name (H13).
pub const ROWS: &[Operation] = &[row("op_colorize"), row("colorize")];

const fn row(name: &'static str) -> Operation {
    Operation {
        name,
        doc: "r-op-colorize",
        syntax: "color[,off|norm[,contrast]] (0…100)",
        support: Support::Refused,
        family: Family::Layer,
        applies_to: AppliesTo::Layer,
        parse,
    }
}

/// The replacement colour, and how luma is adjusted before colorizing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colorize {
    /// The colour that replaces the image's colours.
    pub color: Color,
    /// Whether luma is first adjusted so that its median is at 50 %.
    pub compensate: bool,
    /// The target contrast, 0 to 100; 0 preserves the image's contrast. Only used with
    /// `compensate`.
    pub contrast: f64,
}

// No field is NaN, because parsing refuses it.
impl Eq for Colorize {}

impl Hash for Colorize {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { color: Color { rgb, alpha }, compensate, contrast } = self;
        (rgb, alpha, compensate, contrast.to_bits()).hash(state);
    }
}

impl Parameters for Colorize {}

/// The colour may contain commas, so it ends at the first argument that is a keyword.
fn parse(args: &Args) -> Result<Parsed> {
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
    Ok(Some(Op::Colorize(Colorize {
        color: Color::parse(args.command, &color)?,
        compensate: options.keyword(0, &words)?.unwrap_or(true),
        contrast: options.within(1, 0.0, 100.0)?.unwrap_or(0.0),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_colorize", value })
    }

    fn colorize(rgb: [u8; 3], compensate: bool, contrast: f64) -> Parsed {
        let color = Color { rgb, alpha: 255 };
        Some(Op::Colorize(Colorize { color, compensate, contrast }))
    }

    #[test]
    fn a_colour_ends_where_a_word_stands() {
        let red = [200, 0, 0];
        assert_eq!(read("200,0,0,off,50").unwrap(), colorize(red, false, 50.0));
        assert_eq!(read("200,0,0,Norm,500").unwrap(), colorize(red, true, 100.0));
    }

    #[test]
    fn a_colour_alone_compensates_and_keeps_the_contrast() {
        assert_eq!(read("a0b0c0").unwrap(), colorize([0xa0, 0xb0, 0xc0], true, 0.0));
        assert_eq!(read(" ").unwrap(), None);
    }

    #[test]
    fn a_colour_that_is_not_rgb_is_wrong() {
        for value in ["50", "0,50,50,0k", "a0b0c0,strong", "norm", "a0b0c0,off,much"] {
            assert!(read(value).is_err(), "{value}");
        }
    }
}
