//! `op_hue=`: rotates the hue of each pixel in the hexagon of HSV and HSL (decision G12).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    points::{Points, greater, lesser, rgb},
};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_hue=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_hue",
    doc: "r-op-hue",
    usage: Usage::new("Hue", "adjustment (integer −180…180 degrees)")
        .help("Turns all colours around the colour wheel.")
        .example("wid=500&op_hue=90"),
    support: Support::Full,
    family: Family::Layer,
    applies_to: AppliesTo::Layer,
    parse,
}];

/// A rotation of the hue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hue {
    /// −180 to 180, never 0.
    pub degrees: i16,
}

fn parse(args: &Args) -> Result<Parsed> {
    let degrees = args.int_within(0, -180, 180)?.unwrap_or(0) as i16;
    Ok((degrees != 0).then_some(Op::Hue(Hue { degrees })))
}

impl Filter for Hue {
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Hue(*self))
    }

    fn work(&self) -> u64 {
        2
    }

    fn needs_rgb(&self) -> bool {
        true
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let sixths = f32::from(self.degrees) / 60.0;
        Points::stage(move |row| rgb(area.pixel, row, |color, _| rotate(color, sixths)))
    }
}

/// Rotates the hue by so many sixths of a turn. The largest and the smallest component stay (A. R.
/// Smith, "Color gamut transform pairs", 1978), so it is the same in HSV and in HSL.
#[inline(always)]
fn rotate([r, g, b]: [f32; 3], sixths: f32) -> [f32; 3] {
    let (low, high) = (lesser(lesser(r, g), b), greater(greater(r, g), b));
    let chroma = high - low;
    if chroma <= 0.0 {
        return [r, g, b];
    }
    let hue = if high == r {
        (g - b) / chroma
    } else if high == g {
        (b - r) / chroma + 2.0
    } else {
        (r - g) / chroma + 4.0
    };
    // A component is full within one sixth of its own hue, and lowest from two sixths on.
    let component = |own: f32| {
        let mut away = hue + sixths - own;
        if away < -3.0 {
            away += 6.0;
        } else if away > 3.0 {
            away -= 6.0;
        }
        low + chroma * greater(lesser(2.0 - away.abs(), 1.0), 0.0)
    };
    [component(0.0), component(2.0), component(4.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

    fn read(value: &str) -> Result<Parsed> {
        parse(&Args { command: "op_hue", value })
    }

    fn degrees(value: &str) -> Option<i16> {
        let Some(Op::Hue(Hue { degrees })) = read(value).unwrap() else { return None };
        Some(degrees)
    }

    #[test]
    fn a_turn_is_a_whole_number_brought_into_range() {
        assert_eq!([degrees("30"), degrees("-7.5")], [Some(30), Some(-7)]);
        assert_eq!([degrees("999"), degrees("-999")], [Some(180), Some(-180)]);
        assert!(read("much").is_err());
    }

    #[test]
    fn a_turn_of_zero_or_none_has_no_effect() {
        assert_eq!([degrees(""), degrees("0"), degrees("0.4")], [None; 3]);
    }

    fn turned(degrees: i16, color: [u8; 3]) -> Vec<u8> {
        let data = color.to_vec();
        let mut raster = Raster { width: 1, height: 1, pixel: PixelFormat::RGB, data };
        Op::Hue(Hue { degrees }).apply(&mut raster);
        raster.data
    }

    /// Degrees, a colour, and what Python's `colorsys` makes of it:
    /// `hsv_to_rgb((h + degrees / 360) % 1, s, v)`, rounded half up.
    const HUES: [(i16, [u8; 3], [u8; 3]); 10] = [
        (31, [255, 0, 0], [255, 132, 0]),
        (-90, [200, 100, 50], [175, 50, 200]),
        (120, [10, 20, 30], [30, 10, 20]),
        (180, [77, 180, 33], [136, 33, 180]),
        (-180, [77, 180, 33], [136, 33, 180]),
        (1, [5, 250, 249], [5, 247, 250]),
        (-1, [128, 127, 126], [128, 127, 126]),
        (60, [0, 0, 255], [255, 0, 255]),
        (-44, [255, 255, 0], [255, 68, 0]),
        (100, [240, 122, 17], [17, 240, 48]),
    ];

    #[test]
    fn hues_turn_as_in_colorsys() {
        for (degrees, color, wanted) in HUES {
            assert_eq!(turned(degrees, color), wanted, "{degrees} {color:?}");
        }
    }

    #[test]
    fn grey_stays_and_half_a_turn_twice_is_none() {
        assert_eq!(turned(77, [90, 90, 90]), [90, 90, 90]);
        for color in [[1, 2, 3], [200, 30, 90], [255, 0, 128], [12, 250, 13]] {
            let half = turned(180, color);
            assert_eq!(turned(-180, [half[0], half[1], half[2]]), color);
        }
    }

    #[test]
    fn colours_behind_alpha_turn_alike() {
        let data = vec![200, 40, 40, 51];
        let mut raster = Raster { width: 1, height: 1, pixel: PixelFormat::RGBA, data };
        Op::Hue(Hue { degrees: 120 }).apply(&mut raster);
        assert_eq!(raster.data, [40, 200, 40, 51]);
    }
}
