//! The conversion of pixels from one profile to another.

use super::{
    black_point::{self, Scaling, UNSCALED, scaled},
    clut::Numbers,
    curve::unit,
    device::{FromPcs, ToPcs},
    grid::{Color, Grid},
    matrix::{apply, diagonal, product},
    profile::Profile,
};
use crate::{
    error::Result,
    pixel::{ColorModel, PixelFormat},
    time_slice::TimeSlice,
};

/// Rendering intents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "they are the names of ICC")]
pub enum Intent {
    Perceptual,
    Relative,
    Saturation,
    Absolute,
}

impl Intent {
    /// The number of its table in a profile. Both colorimetric intents share one.
    pub fn table(self) -> usize {
        match self {
            Self::Perceptual => 0,
            Self::Relative | Self::Absolute => 1,
            Self::Saturation => 2,
        }
    }

    /// Whether it may change colours to make a pleasing picture.
    pub fn is_rendering(self) -> bool {
        matches!(self, Self::Perceptual | Self::Saturation)
    }
}

/// Converts pixels of 8 bits.
#[derive(Debug)]
pub struct Transform {
    /// The colours that it converts.
    pub from: ColorModel,
    /// The colours that it makes.
    pub to: ColorModel,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// No colour changes by more than one of 255 steps, so none is changed.
    Same,
    /// A colour for each grey.
    Gray(Vec<Color>),
    Shaper(Box<Shaper>),
    Grid(Grid),
}

/// Curves to linear light, a matrix, and curves from linear light.
#[derive(Debug)]
struct Shaper {
    to_linear: [Vec<f32>; 3],
    /// Three rows, each with what is added.
    matrix: [[f32; 4]; 3],
    from_linear: [Vec<u16>; 3],
}

/// Steps of linear light in the tables of a [`Shaper`].
const STEPS: usize = 1 << 14;

/// Where a row of pixels lies in the picture. It decides how dithering rounds each pixel, so that
/// parts of a picture equal the whole.
#[derive(Debug, Clone, Copy)]
pub struct Dither {
    /// The column of the first pixel, or the row if rows are columns of the picture.
    pub along: i64,
    /// The number of the row.
    pub down: i64,
}

/// A conversion that is computed in floats.
struct Link {
    to_pcs: ToPcs,
    scaling: Scaling,
    from_pcs: FromPcs,
}

impl Link {
    fn new(from: &Profile, to: &Profile, intent: Intent, black_point: bool) -> Result<Self> {
        let (to_pcs, from_pcs) = (from.to_pcs(intent)?, to.from_pcs(intent)?);
        // In profiles of version 4, the black of perceptual and saturation is fixed, and so it is
        // always compensated, as LittleCMS does.
        let compensates = black_point || to.version >= 4 && intent.is_rendering();
        let scaling = if intent == Intent::Absolute {
            // Relative colours are relative to the media white (ICC.1:2022, 6.3.2).
            let (from, to) = (from.white(), to.white());
            ([0, 1, 2].map(|at| from[at] / to[at]), [0.0; 3])
        } else if compensates {
            let black = black_point::of_source(from, intent)?;
            black_point::scaling(black, black_point::of_destination(to, intent)?)
        } else {
            UNSCALED
        };
        Ok(Self { to_pcs, scaling, from_pcs })
    }

    fn at(&self, numbers: Numbers) -> Numbers {
        self.from_pcs.at(scaled(&self.scaling, self.to_pcs.at(numbers)))
    }
}

impl Transform {
    /// From a profile to itself.
    pub fn unchanged(model: ColorModel) -> Self {
        Self { from: model, to: model, kind: Kind::Same }
    }

    /// Bytes of the largest transform.
    pub const MEMORY: u64 = Grid::memory(4);

    /// Bytes of what it is made from, without the profiles.
    pub const MAKING: u64 = 256 << 10;

    /// Computes the conversion. It takes some milliseconds, or some ten for CMYK.
    pub async fn new(
        from: &Profile<'_>,
        to: &Profile<'_>,
        intent: Intent,
        black_point: bool,
        slice: &mut TimeSlice<'_>,
    ) -> Result<Self> {
        let link = Link::new(from, to, intent, black_point)?;
        let kind = match (from.model, &link.to_pcs, &link.from_pcs) {
            (ColorModel::Gray, ..) => {
                let color = |gray: u16| {
                    let numbers = link.at([f64::from(gray) / 255.0, 0.0, 0.0, 0.0]);
                    numbers.map(|number| (number * 65535.0 + 0.5) as u16)
                };
                Kind::Gray((0..=255).map(color).collect())
            }
            (_, ToPcs::Shaper(..), FromPcs::Shaper(..)) => {
                slice.spend(STEPS as u64 * 8).await;
                Kind::Shaper(Box::new(Shaper::new(&link)))
            }
            (model, ..) => {
                let axes = if model == ColorModel::Cmyk { 4 } else { 3 };
                Kind::Grid(Grid::new(axes, &|numbers| link.at(numbers), slice).await)
            }
        };
        let made = Self { from: from.model, to: to.model, kind };
        let is_same = made.from == made.to && made.is_same();
        Ok(if is_same { Self { kind: Kind::Same, ..made } } else { made })
    }

    /// Whether it changes no pixel.
    pub fn changes_nothing(&self) -> bool {
        matches!(self.kind, Kind::Same)
    }

    /// Whether no colour on a grid of nine steps, and no grey, changes by more than one step of 255.
    fn is_same(&self) -> bool {
        let pixel = PixelFormat { model: self.from, alpha: false };
        let count = pixel.colors();
        let mut row = Vec::new();
        let steps: [u8; 9] = std::array::from_fn(|step| (step * 255 / 8) as u8);
        for at in 0..usize::pow(9, count as u32) {
            row.extend((0..count as u32).map(|axis| steps[at / usize::pow(9, axis) % 9]));
        }
        if self.from != ColorModel::Cmyk {
            row.extend((0..=255).flat_map(|gray| std::iter::repeat_n(gray, count)));
        }
        let mut made = Vec::new();
        self.convert(pixel, &row, None, &mut made);
        row.iter().zip(&made).all(|(before, after)| before.abs_diff(*after) <= 1)
    }

    /// Converts a row of pixels with or without alpha, which is kept. With `dither`, colours between
    /// two of 255 steps are rounded up at some places and down at others.
    /// Grey can be given as RGB, whose first number counts.
    pub fn convert(
        &self,
        from: PixelFormat,
        row: &[u8],
        dither: Option<Dither>,
        made: &mut Vec<u8>,
    ) {
        made.clear();
        let to = PixelFormat { model: self.to, ..from };
        let shape = (from.samples(), to.colors(), from.alpha);
        match &self.kind {
            Kind::Same => made.extend_from_slice(row),
            Kind::Gray(colors) => {
                let color = |pixel: &[u8]| {
                    let gray = pixel.first().copied().unwrap_or_default();
                    colors.get(usize::from(gray)).copied().unwrap_or_default()
                };
                each(row, shape, dither, made, color);
            }
            Kind::Shaper(shaper) => each(row, shape, dither, made, |pixel| match *pixel {
                [r, g, b, ..] => shaper.at([r, g, b]),
                _ => [0; 4],
            }),
            Kind::Grid(grid) if self.from == ColorModel::Cmyk => {
                each(row, shape, dither, made, |pixel| match *pixel {
                    [c, m, y, k, ..] => grid.at_4([c, m, y, k]),
                    _ => [0; 4],
                });
            }
            Kind::Grid(grid) => each(row, shape, dither, made, |pixel| match *pixel {
                [r, g, b, ..] => grid.at_3([r, g, b]),
                _ => [0; 4],
            }),
        }
    }
}

/// Converts each pixel. A pixel that equals the one before it becomes the same colour.
#[inline(always)]
fn each(
    row: &[u8],
    (samples, colors, alpha): (usize, usize, bool),
    dither: Option<Dither>,
    made: &mut Vec<u8>,
    color: impl Fn(&[u8]) -> Color,
) {
    let Some(first) = row.get(..samples) else { return };
    let (mut before, mut last) = (first, color(first));
    let out = colors + usize::from(alpha);
    made.resize(row.len() / samples * out, 0);
    let pixels = made.chunks_exact_mut(out).zip(row.chunks_exact(samples));
    for (nth, (made, pixel)) in pixels.enumerate() {
        if pixel != before {
            (before, last) = (pixel, color(pixel));
        }
        let threshold = dither.map_or(32768, |dither| dither.threshold(nth));
        for (made, number) in made.iter_mut().take(colors).zip(last) {
            *made = ((u32::from(number) * 255 + threshold) / 65535) as u8;
        }
        if alpha && let (Some(made), Some(alpha)) = (made.last_mut(), pixel.last()) {
            *made = *alpha;
        }
    }
}

impl Dither {
    /// What is added before the fraction is cut off: 64 values, evenly spread, from Bayer's matrix
    /// (B. E. Bayer, An optimum method for two-level rendition of continuous-tone pictures, 1973).
    fn threshold(self, nth: usize) -> u32 {
        let (x, y) = ((self.along + nth as i64) as u32, self.down as u32);
        let mixed = x ^ y;
        let bit = |of: u32, at: u32| of >> at & 1;
        let rank = bit(mixed, 0) << 5
            | bit(y, 0) << 4
            | bit(mixed, 1) << 3
            | bit(y, 1) << 2
            | bit(mixed, 2) << 1
            | bit(y, 2);
        rank * 1024 + 512
    }
}

impl Shaper {
    fn new(link: &Link) -> Self {
        let (ToPcs::Shaper(curves, first), FromPcs::Shaper(inverses, second)) =
            (&link.to_pcs, &link.from_pcs)
        else {
            return Self {
                to_linear: Default::default(),
                matrix: Default::default(),
                from_linear: Default::default(),
            };
        };
        let (scale, offset) = link.scaling;
        let matrix = product(second, &product(&diagonal(scale), first));
        let offset = apply(second, offset);
        let step = |at: usize| at as f64 / STEPS as f64;
        Self {
            to_linear: [0, 1, 2].map(|nth: usize| {
                (0..=255).map(|byte| curves[nth].at(f64::from(byte) / 255.0) as f32).collect()
            }),
            matrix: [0, 1, 2].map(|nth: usize| {
                let [a, b, c] = matrix[nth];
                [a, b, c, offset[nth]].map(|number| (number * STEPS as f64) as f32)
            }),
            from_linear: [0, 1, 2].map(|nth: usize| {
                let number = |at| unit(inverses[nth].at(step(at))) * 65535.0 + 0.5;
                (0..=STEPS).map(|at| number(at) as u16).collect()
            }),
        }
    }

    #[inline]
    fn at(&self, pixel: [u8; 3]) -> Color {
        let linear = |nth: usize| {
            self.to_linear[nth].get(usize::from(pixel[nth])).copied().unwrap_or_default()
        };
        let [r, g, b] = [linear(0), linear(1), linear(2)];
        let number = |nth: usize| {
            let [of_r, of_g, of_b, offset] = self.matrix[nth];
            let place = r * of_r + g * of_g + b * of_b + offset;
            let place = ((place + 0.5) as i32).clamp(0, STEPS as i32);
            self.from_linear[nth].get(place as usize).copied().unwrap_or_default()
        };
        [number(0), number(1), number(2), 0]
    }
}
