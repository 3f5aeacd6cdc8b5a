//! Transforms a raster to the view (r-rotate, r-perspective).

use super::rows::RowSink;
use crate::{
    commands::Sampling,
    geometry::{Rect, ViewSpace},
    pixel::{Raster, clamp_row, store_row},
    plan::{Node, WarpStep},
    time_slice::TimeSlice,
};

/// The most samples of a pixel: red, green, blue and alpha.
const SAMPLES: usize = 4;

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
    for y in 0..node.area.height {
        for (out, x) in line.chunks_exact_mut(samples).zip(node.area.x..) {
            let at = [x as f64, (node.area.y + i64::from(y)) as f64];
            let pixel = input.pixel(step, at);
            // Grey is the first sample; alpha is the last one of both formats.
            out.copy_from_slice(&pixel[..samples]);
            if let Some(alpha) = out.last_mut() {
                *alpha = pixel[SAMPLES - 1];
            }
        }
        clamp_row(node.pixel, &mut line);
        store_row(node.pixel, &line, &mut row);
        sink.put(y as usize, &row);
        slice.spend(u64::from(width) * step.work() + sink.work()).await;
    }
}

impl Input<'_> {
    /// The premultiplied value of the view's pixel whose top left corner is `at`.
    fn pixel(&self, step: &WarpStep, [x, y]: [f64; 2]) -> [f32; SAMPLES] {
        let sample = |across: f64, down: f64, taps: Taps| match step.input([x + across, y + down]) {
            Some(at) => self.sample([at[0] - self.origin[0], at[1] - self.origin[1]], taps),
            None => [0.0; SAMPLES],
        };
        match step.sampling {
            None => sample(0.5, 0.5, bicubic),
            Some(Sampling::Bilinear) => sample(0.5, 0.5, bilinear),
            Some(Sampling::Nearest) => sample(0.5, 0.5, nearest),
            Some(Sampling::Super(_)) => {
                let mut sum = [0.0; SAMPLES];
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
    fn sample(&self, at: [f64; 2], taps: Taps) -> [f32; SAMPLES] {
        let mut sum = [0.0; SAMPLES];
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
                let pixel = self.premultiplied(row, x);
                let weight = weight_x * weight_y;
                sum.iter_mut().zip(pixel).for_each(|(sum, sample)| *sum += weight * sample);
            }
        }
        sum
    }

    fn premultiplied(&self, row: &[u8], x: usize) -> [f32; SAMPLES] {
        let samples = self.raster.pixel.samples();
        let pixel = row.get(x * samples..(x + 1) * samples).unwrap_or_default();
        match *pixel {
            [gray] => [f32::from(gray), 0.0, 0.0, 255.0],
            [gray, alpha] => {
                let alpha = f32::from(alpha);
                [f32::from(gray) * (alpha / 255.0), 0.0, 0.0, alpha]
            }
            [r, g, b] => [f32::from(r), f32::from(g), f32::from(b), 255.0],
            [r, g, b, alpha] => {
                let (alpha, part) = (f32::from(alpha), f32::from(alpha) / 255.0);
                [f32::from(r) * part, f32::from(g) * part, f32::from(b) * part, alpha]
            }
            _ => [0.0; SAMPLES],
        }
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
