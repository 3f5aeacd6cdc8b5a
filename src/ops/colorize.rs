//! `op_colorize=`: gives an image a single colour and keeps its shadows and highlights (decision
//! G13).

use std::hash::{Hash, Hasher};

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage, Tone,
    points::{Points, greater, lesser, rgb},
};
use crate::{color::Color, error::Result, protocol::Args, support::Support, usage::Usage};

/// The rows of `op_colorize=` and its old name (H13).
pub const ROWS: &[Operation] = &[
    row(
        "op_colorize",
        Usage::new("Colorize", SYNTAX)
            .help(
                "Paints the picture in one colour and keeps its light and shade. With norm its \
                 brightness is brought to the middle first; a contrast of 30 to 70 is usual.",
            )
            .example("wid=500&op_colorize=8a5a2b,norm,50"),
    ),
    row(
        "colorize",
        Usage::new("Colorize (old name)", SYNTAX)
            .help("The old name of op_colorize=, with the same arguments.")
            .example("wid=500&colorize=8a5a2b"),
    ),
];

const SYNTAX: &str = "color[,compensation: off|norm[,contrast (0…100)]]";

const fn row(name: &'static str, usage: Usage) -> Operation {
    Operation {
        name,
        doc: "r-op-colorize",
        usage,
        support: Support::Full,
        family: Family::Layer,
        applies_to: AppliesTo::Layer,
        parse,
    }
}

/// The steepest adjustment, so that an image of nearly one tone is not torn apart.
const SLOPE_MAX: f32 = 8.0;

/// The replacement colour, and how luma is adjusted before colorizing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colorize {
    /// The colour that replaces the image's colours. Its alpha has no meaning.
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
        let Self { color, compensate, contrast } = self;
        (color, compensate, contrast.to_bits()).hash(state);
    }
}

impl Filter for Colorize {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Colorize(*self))
    }

    fn needs_tone(&self) -> bool {
        self.compensate
    }

    fn makes_color(&self) -> bool {
        true
    }

    fn work(&self) -> u64 {
        2
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let (color, curve) = (self.color.rgb().map(f32::from), self.curve(area.tone));
        Points::stage(move |row| {
            rgb(area.pixel, row, |pixel, white| colorize(color, curve, pixel, white));
        })
    }
}

/// The adjustment of luma: `slope · luma + offset`, of a white of 1.
#[derive(Clone, Copy)]
struct Curve {
    slope: f32,
    offset: f32,
}

impl Colorize {
    /// Maps the median to middle grey, and the range to the requested part of black to white.
    fn curve(&self, Tone { median, range }: Tone) -> Curve {
        if !self.compensate {
            return Curve { slope: 1.0, offset: 0.0 };
        }
        let slope = match self.contrast as f32 {
            0.0 => 1.0,
            contrast => lesser(contrast * 2.55 / greater(range, 1.0), SLOPE_MAX),
        };
        Curve { slope, offset: 0.5 - slope * median / 255.0 }
    }
}

/// W3C's blend mode `hard-light` of the luma above the colour (Compositing and Blending Level 1):
/// black and white stay, middle grey becomes the colour.
#[inline(always)]
fn colorize(color: [f32; 3], curve: Curve, [r, g, b]: [f32; 3], white: f32) -> [f32; 3] {
    let luma = 0.299 * r + 0.587 * g + 0.114 * b;
    let luma = greater(lesser(curve.slope * luma + curve.offset * white, white), 0.0);
    let (dark, light) = (lesser(luma * 2.0, white), greater(luma * 2.0 - white, 0.0));
    color.map(|color| {
        let share = color * (1.0 / 255.0);
        share * dark + (1.0 - share) * light
    })
}

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
    let color = Color::parse_rgb(&color).ok_or_else(|| args.wrong(wanted))?;
    let options = options.join(",");
    let options = Args { command: args.command, value: &options };
    Ok(Some(Op::Colorize(Colorize {
        color,
        compensate: options.keyword(0, &words)?.unwrap_or(true),
        contrast: options.within(1, 0.0, 100.0)?.unwrap_or(0.0),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        color::Components,
        pixel::{PixelFormat, Raster},
    };

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_colorize", value })
    }

    fn colorize(rgb: [u8; 3], compensate: bool, contrast: f64) -> Parsed {
        let color = Color::new(Components::Rgb(rgb), 255);
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

    fn colored(value: &str, data: Vec<u8>, pixel: PixelFormat) -> Vec<u8> {
        let width = (data.len() / pixel.samples()) as u32;
        let mut raster = Raster { width, height: 1, pixel, data };
        read(value).unwrap().unwrap().apply(&mut raster);
        raster.data
    }

    #[test]
    fn black_and_white_stay_and_middle_grey_becomes_the_colour() {
        let grey = [0, 64, 128, 191, 255].map(|grey| [grey; 3]).concat();
        let row = colored("200,100,0,off", grey, PixelFormat::RGB);
        assert_eq!(row[..6], [0, 0, 0, 100, 50, 0]);
        assert_eq!(row[6..9], [200, 101, 1]);
        assert_eq!(row[9..], [227, 177, 127, 255, 255, 255]);
    }

    #[test]
    fn an_image_in_memory_is_compensated_by_its_own_median() {
        let grey = [180, 200, 220].map(|grey| [grey; 3]).concat();
        let row = colored("200,100,0", grey.clone(), PixelFormat::RGB);
        assert_eq!(row[3..6], [200, 100, 0]);
        assert!(row[0] < 200 && row[6] > 200, "{row:?}");
        assert_eq!(colored("808080,norm,100", grey, PixelFormat::RGB)[3..6], [128; 3]);
    }

    #[test]
    fn only_luma_counts_and_alpha_stays() {
        // Both have the luma of red.
        let data = vec![255, 0, 0, 51, 76, 76, 76, 51];
        let row = colored("0,20,100,off", data, PixelFormat::RGBA);
        assert_eq!(row[..4], row[4..]);
        assert_eq!(row[3], 51);
    }

    #[test]
    fn the_median_becomes_middle_grey_and_the_range_is_the_one_asked_for() {
        let curve = |value: &str, median, range| {
            let Some(Op::Colorize(colorize)) = read(value).unwrap() else { panic!("{value}") };
            let Curve { slope, offset } = colorize.curve(Tone { median, range });
            move |luma: f32| slope * luma + offset * 255.0
        };
        let near = |a: f32, b: f32| assert!((a - b).abs() < 1e-3, "{a} {b}");
        near(curve("808080", 200.0, 90.0)(200.0), 127.5);
        near(curve("808080", 200.0, 90.0)(210.0), 137.5);
        let stretched = curve("808080,norm,60", 50.0, 90.0);
        near(stretched(50.0), 127.5);
        near(stretched(90.0) - stretched(0.0), 153.0);
        near(curve("808080,off,60", 50.0, 90.0)(33.0), 33.0);
        near(curve("808080,norm,100", 50.0, 0.0)(51.0), 135.5);
    }
}
