//! Transforms a raster to the view (r-rotate, r-perspective).

use std::slice::ChunksExactMut;

use super::rows::RowSink;
use crate::{
    commands::Sampling,
    geometry::{Rect, ViewSpace},
    pixel::{ColorModel, Raster, clamp_row, store_row},
    plan::{Node, WarpStep},
    time_slice::TimeSlice,
};

/// Super-sampling averages the interpolated values of a grid of as many columns and rows.
const GRID: u32 = 3;

/// A raster that is sampled at any position. What lies outside it is transparent.
struct Input<'a> {
    raster: &'a Raster,
    /// The position of its first pixel in the coordinates of the transform.
    origin: [f64; 2],
}

/// Makes the rows of a warp node from its input raster, which covers `area`.
pub async fn draw(
    step: &WarpStep,
    node: &Node,
    (raster, area): (&Raster, Rect<ViewSpace>),
    sink: &mut RowSink<'_>,
    slice: &mut TimeSlice<'_>,
) {
    let input = Input { raster, origin: [area.x as f64, area.y as f64] };
    let (samples, width) = (node.pixel.samples(), node.area.width);
    let mut line = vec![0.0; width as usize * samples];
    let mut row = vec![0; width as usize * samples];
    let fill = match node.pixel.model {
        ColorModel::Cmyk => Input::row::<5>,
        ColorModel::Gray | ColorModel::Rgb => Input::row::<4>,
    };
    for y in 0..node.area.height {
        let start = [node.area.x, node.area.y + i64::from(y)];
        fill(&input, step, start, line.chunks_exact_mut(samples));
        clamp_row(node.pixel, &mut line);
        store_row(node.pixel, &line, &mut row);
        sink.put(y as usize, &row);
        slice.spend(u64::from(width) * step.work() + sink.work()).await;
    }
}

impl Input<'_> {
    /// The premultiplied values of the pixels of the view from `start` on. A pixel has at most `N`
    /// samples.
    fn row<const N: usize>(
        &self,
        step: &WarpStep,
        [x, y]: [i64; 2],
        line: ChunksExactMut<'_, f32>,
    ) {
        for (out, x) in line.zip(x..) {
            let pixel = self.pixel::<N>(step, [x as f64, y as f64]);
            // Grey is the first sample; alpha is the last one of all formats.
            out.copy_from_slice(&pixel[..out.len()]);
            if let Some(alpha) = out.last_mut() {
                *alpha = pixel[N - 1];
            }
        }
    }

    /// The premultiplied value of the view's pixel whose top left corner is `at`.
    fn pixel<const N: usize>(&self, step: &WarpStep, [x, y]: [f64; 2]) -> [f32; N] {
        let sample = |across: f64, down: f64, taps: Taps| match step.input([x + across, y + down]) {
            Some(at) => self.sample([at[0] - self.origin[0], at[1] - self.origin[1]], taps),
            None => [0.0; N],
        };
        match step.sampling {
            None => sample(0.5, 0.5, bicubic),
            Some(Sampling::Bilinear) => sample(0.5, 0.5, bilinear),
            Some(Sampling::Nearest) => sample(0.5, 0.5, nearest),
            Some(Sampling::Super(_)) => {
                let mut sum = [0.0; N];
                let part = |nth: u32| (f64::from(nth) + 0.5) / f64::from(GRID);
                for nth in 0..GRID * GRID {
                    let one = sample(part(nth % GRID), part(nth / GRID), bilinear);
                    sum.iter_mut().zip(one).for_each(|(sum, one)| *sum += one);
                }
                sum.map(|sum| sum / (GRID * GRID) as f32)
            }
        }
    }

    /// Interpolates at a position of the raster, in pixels from its top left corner.
    fn sample<const N: usize>(&self, at: [f64; 2], taps: Taps) -> [f32; N] {
        let mut sum = [0.0; N];
        // Pixel centres lie at halves.
        let floor = at.map(|at| (at - 0.5).floor());
        let [across, down] = [0, 1].map(|axis: usize| taps((at[axis] - 0.5 - floor[axis]) as f32));
        for (weight_y, y) in down.into_iter().zip(floor[1] as i64 - 1..) {
            if weight_y == 0.0 {
                continue;
            }
            let row = u32::try_from(y).map(|y| self.raster.row(y)).unwrap_or_default();
            for (weight_x, x) in across.into_iter().zip(floor[0] as i64 - 1..) {
                let Ok(x) = usize::try_from(x) else { continue };
                let pixel: [f32; N] = self.premultiplied(row, x);
                let weight = weight_x * weight_y;
                sum.iter_mut().zip(pixel).for_each(|(sum, sample)| *sum += weight * sample);
            }
        }
        sum
    }

    fn premultiplied<const N: usize>(&self, row: &[u8], x: usize) -> [f32; N] {
        let format = self.raster.pixel;
        let samples = format.samples();
        let Some(pixel) = row.get(x * samples..(x + 1) * samples) else { return [0.0; N] };
        let alpha = if format.alpha { f32::from(pixel[samples - 1]) } else { 255.0 };
        let (mut made, part) = ([0.0; N], alpha / 255.0);
        for (made, color) in made.iter_mut().zip(pixel).take(N - 1) {
            *made = f32::from(*color) * part;
        }
        made[N - 1] = alpha;
        made
    }
}

/// The weights of the pixel before a position, the two pixels around it and the one after, from
/// its distance to the pixel before it, 0 to 1.
type Taps = fn(f32) -> [f32; 4];

/// Cubic convolution with a = −0.5 (R. Keys, "Cubic Convolution Interpolation for Digital Image
/// Processing", 1981).
fn bicubic(t: f32) -> [f32; 4] {
    let (t2, t3) = (t * t, t * t * t);
    [
        0.5 * (2.0 * t2 - t3 - t),
        0.5 * (3.0 * t3 - 5.0 * t2 + 2.0),
        0.5 * (4.0 * t2 - 3.0 * t3 + t),
        0.5 * (t3 - t2),
    ]
}

fn bilinear(t: f32) -> [f32; 4] {
    [0.0, 1.0 - t, t, 0.0]
}

fn nearest(t: f32) -> [f32; 4] {
    if t < 0.5 { [0.0, 1.0, 0.0, 0.0] } else { [0.0, 0.0, 1.0, 0.0] }
}
