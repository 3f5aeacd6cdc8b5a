//! `op_growMask=`: dilates or erodes the alpha channel (decision G17).

use super::{
    AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage,
    gaussian::{self, Blur},
    held::Held,
    morphology::{self, Growing},
    operation::hundred,
    points::Points,
};
use crate::{error::Result, pixel::PixelFormat, protocol::Args, support::Support, usage::Usage};

/// The row of `op_growMask=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_growMask",
    doc: "r-op-growmask",
    usage: Usage::new("Grow mask", "radius (integer −100…100 px)")
        .help(
            "Grows the mask of a layer in pixels of the original, or shrinks it with a negative \
             number, to hide fringes.",
        )
        .example("size=500,334&layer=1&src=Samples/tulips&size=300,300&op_growMask=-12"),
    support: Support::Full,
    family: Family::Layer,
    applies_to: AppliesTo::Mask,
    parse,
}];

/// A dilation, or an erosion if negative. It scales with the mask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct GrowMask {
    /// Pixels of the full-resolution mask; never 0.
    pub radius: i16,
}

fn parse(args: &Args) -> Result<Parsed> {
    Ok(hundred(args)?.map(|radius| Op::GrowMask(GrowMask { radius: radius.into() })))
}

impl GrowMask {
    /// The deviation of the blur whose colours a dilation takes: from within the radius, mostly.
    fn around(&self) -> Option<f64> {
        (self.radius > 0).then(|| f64::from(self.radius) / 2.0)
    }

    /// The most rows that wait for their mask.
    fn delay(&self) -> u64 {
        self.around().map_or(0, gaussian::delay).max(self.needs()).into()
    }
}

impl Filter for GrowMask {
    fn needs(&self) -> u32 {
        let around = self.around().map_or(0, gaussian::needs);
        around.max(self.radius.unsigned_abs().into())
    }

    fn scaled(&self, factor: f64) -> Parsed {
        morphology::scaled(self.radius, factor).map(|radius| Op::GrowMask(Self { radius }))
    }

    fn memory(&self, area: Area, samples: Samples) -> u64 {
        if !area.pixel.alpha {
            return area.samples() * 4;
        }
        let alpha = Growing::memory(self.radius, Area { pixel: PixelFormat::GRAY, ..area });
        let blur = self.around().map_or(0, |sigma| gaussian::memory(sigma, area));
        alpha + blur + Held::memory(area, samples, self.delay()) + 2 * area.samples() * 4
    }

    fn work(&self) -> u64 {
        1 + Growing::work(self.radius) + self.around().map_or(0, gaussian::work)
    }

    fn stage(&self, area: Area, samples: Samples) -> Box<dyn Stage> {
        if !area.pixel.alpha {
            return Points::stage(|_| {});
        }
        Box::new(Masking {
            samples: area.pixel.samples(),
            mask: Growing::new(self.radius, 1, area.height),
            around: self.around().map(|sigma| Blur::new(sigma, area)),
            held: Held::new(area, samples, self.delay()),
            alpha: Vec::new(),
            near: Vec::new(),
        })
    }
}

struct Masking {
    samples: usize,
    /// The alpha channel alone.
    mask: Growing,
    /// The blurred image; a dilation takes its colours.
    around: Option<Blur>,
    /// Rows that wait for their mask.
    held: Held,
    alpha: Vec<f32>,
    near: Vec<f32>,
}

impl Stage for Masking {
    fn push(&mut self, row: &mut Vec<f32>) {
        self.alpha.clear();
        self.alpha.extend(row.chunks_exact(self.samples).filter_map(<[f32]>::last));
        self.mask.push(&mut self.alpha);
        if let Some(blur) = &mut self.around {
            blur.push(row);
        }
        self.held.push(row);
    }

    fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        // A blurred row is finished after its mask, because the blur reaches farther.
        if let Some(blur) = &mut self.around {
            if !blur.pull(&mut self.near) || !self.mask.pull(&mut self.alpha) {
                return false;
            }
        } else if !self.mask.pull(&mut self.alpha) {
            return false;
        }
        if !self.held.pop(line) {
            return false;
        }
        let pixels = line.chunks_exact_mut(self.samples).zip(&self.alpha);
        if self.around.is_some() {
            for ((pixel, &alpha), near) in pixels.zip(self.near.chunks_exact(self.samples)) {
                cover(pixel, alpha, near);
            }
        } else {
            pixels.for_each(|(pixel, &alpha)| uncover(pixel, alpha));
        }
        true
    }
}

/// Raises the alpha of a pixel. What is added has the colour nearby.
fn cover(pixel: &mut [f32], alpha: f32, near: &[f32]) {
    let (Some((own, colors)), Some((around, near))) = (pixel.split_last_mut(), near.split_last())
    else {
        return;
    };
    let share = if *around > 0.0 { (alpha - *own) / around } else { 0.0 };
    for (color, near) in colors.iter_mut().zip(near) {
        *color += near * share;
    }
    *own = alpha;
}

/// Lowers the alpha of a pixel, whose colour stays.
fn uncover(pixel: &mut [f32], alpha: f32) {
    let own = pixel.last().copied().unwrap_or_default();
    let factor = if own > 0.0 { alpha / own } else { 0.0 };
    pixel.iter_mut().for_each(|sample| *sample *= factor);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::Raster;

    /// Two transparent columns, one half transparent, three opaque.
    fn masked(radius: i16, height: u32) -> Raster {
        let row = [0, 0, 128, 255, 255, 255]
            .map(|alpha: u8| if alpha == 0 { [0; 4] } else { [200, 100, 50, alpha] });
        let data = row.concat().repeat(height as usize);
        let mut raster = Raster { width: 6, height, pixel: PixelFormat::RGBA, data };
        Op::GrowMask(GrowMask { radius }).apply(&mut raster);
        raster
    }

    #[test]
    fn alpha_grows_and_takes_the_colour_nearby() {
        for height in [1, 4, 30] {
            let raster = masked(1, height);
            for y in 0..height {
                let pixels = raster.row(y).as_chunks().0;
                assert_eq!(pixels[0], [0; 4]);
                assert_eq!(pixels[1], [200, 100, 50, 128]);
                assert!(pixels[2..].iter().all(|pixel| *pixel == [200, 100, 50, 255]));
            }
        }
        let wide = masked(20, 3);
        assert!(wide.data.chunks_exact(4).all(|pixel| pixel == [200, 100, 50, 255]));
    }

    #[test]
    fn alpha_shrinks_and_colours_stay() {
        let raster = masked(-1, 4);
        let pixels = raster.row(2).as_chunks().0;
        assert_eq!(pixels[..3], [[0; 4]; 3]);
        assert_eq!(pixels[3], [200, 100, 50, 128]);
        assert_eq!(pixels[4..], [[200, 100, 50, 255]; 2]);
    }

    #[test]
    fn images_without_alpha_stay_as_they_are() {
        let data = vec![1, 200, 7, 90, 30, 60];
        let mut raster = Raster { width: 2, height: 1, pixel: PixelFormat::RGB, data };
        let before = raster.clone();
        Op::GrowMask(GrowMask { radius: 5 }).apply(&mut raster);
        assert_eq!(raster, before);
    }
}
