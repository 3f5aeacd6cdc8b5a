//! Combines the alpha of rows with a mask (r-mask, r-maskuse).

use crate::{
    commands::MaskUse,
    geometry::{Rect, ViewSpace},
    pixel::{PixelFormat, Raster, luma},
    plan::{MaskStep, Node, SilhouetteStep},
};

/// A mask node at work.
pub struct Masking<'a> {
    step: MaskStep,
    from: PixelFormat,
    to: PixelFormat,
    mask: Option<&'a Raster>,
    /// The position of the first pixel of the rows in the mask.
    at: [i64; 2],
    row: Vec<u8>,
}

impl<'a> Masking<'a> {
    /// A mask for rows of the format `from`, which the node outputs in its own format. `mask` is
    /// the raster and its area; without it, the alpha of the rows is their mask.
    pub fn new(
        step: MaskStep,
        node: &Node,
        from: PixelFormat,
        mask: Option<(&'a Raster, Rect<ViewSpace>)>,
    ) -> Self {
        let area = node.area;
        let at = mask.map_or([0; 2], |(_, mask)| [area.x - mask.x, area.y - mask.y]);
        let row = vec![0; area.width as usize * node.pixel.samples()];
        Self { step, from, to: node.pixel, mask: mask.map(|(mask, _)| mask), at, row }
    }

    /// The masked row.
    pub fn masked(&mut self, nth: usize, row: &[u8]) -> &[u8] {
        let Self { step, from, to, mask, at: [x, y], row: out } = self;
        let (colors, samples) = (from.colors(), from.samples());
        let line = mask.map(|mask| {
            let y = u32::try_from(*y + nth as i64).unwrap_or(u32::MAX);
            (mask.row(y), mask.pixel)
        });
        let pixels = row.chunks_exact(samples).zip(out.chunks_exact_mut(to.samples()));
        for (column, (pixel, out)) in pixels.enumerate() {
            let (color, alpha) = pixel.split_at(colors);
            let own = alpha.first().copied().unwrap_or(255);
            let mask = match line {
                None => own,
                Some((line, pixel)) => {
                    let column = usize::try_from(*x + column as i64).ok();
                    let samples = pixel.samples();
                    column.and_then(|column| line.get(column * samples..)).map_or(0, |rest| {
                        rest.get(..samples).map_or(0, |found| value(found, pixel, step.alpha_only))
                    })
                }
            };
            let alpha = match step.mask_use {
                MaskUse::Normal if step.replaces => mask,
                MaskUse::Normal => product(own, mask),
                MaskUse::Invert if step.replaces => 255 - mask,
                MaskUse::Invert => product(own, 255 - mask),
                MaskUse::Off => 255,
            };
            out[..colors].copy_from_slice(color);
            if step.on_black {
                // What is not foreground is black (table of r-maskuse).
                let shown = if step.mask_use == MaskUse::Off { own } else { 0 };
                out[..colors].iter_mut().for_each(|color| *color = product(*color, shown));
            }
            if let Some(out) = out.get_mut(colors) {
                *out = alpha;
            }
        }
        out
    }
}

/// The value of a mask's pixel: its alpha, or else its luma (r-mask).
fn value(pixel: &[u8], format: PixelFormat, alpha_only: bool) -> u8 {
    match *pixel {
        [.., alpha] if format.alpha => alpha,
        _ if alpha_only => 255,
        [gray] => gray,
        [r, g, b] => luma([r, g, b]),
        _ => 0,
    }
}

/// Row `y` of the silhouette of a layer whose raster covers `layer` of the view.
pub fn silhouette(
    step: SilhouetteStep,
    area: Rect<ViewSpace>,
    (raster, layer): (&Raster, Rect<ViewSpace>),
    y: u32,
    row: &mut [u8],
) {
    let ([dx, dy], rect) = (step.shift, step.rect);
    let y = area.y + i64::from(y) - dy;
    let line = u32::try_from(y - layer.y).map(|line| raster.row(line)).unwrap_or_default();
    let samples = raster.pixel.samples();
    let columns = if (rect.y..rect.bottom()).contains(&y) { rect.x..rect.right() } else { 0..0 };
    for (out, x) in row.iter_mut().zip(area.x - dx..) {
        let column = usize::try_from(x - layer.x).ok();
        let pixel = column.and_then(|x| line.get(x * samples..(x + 1) * samples));
        let alpha = pixel.map_or(0, |pixel| value(pixel, raster.pixel, true));
        let inside = match step.mask_use {
            MaskUse::Normal => alpha,
            MaskUse::Invert if columns.contains(&x) => 255 - alpha,
            MaskUse::Off if columns.contains(&x) => 255,
            MaskUse::Invert | MaskUse::Off => 0,
        };
        *out = if step.inverted { 255 - inside } else { inside };
    }
}

/// Turns a grey row into pixels of one colour, whose alpha is the grey value.
pub fn tint<const N: usize>(color: &[u8; N], gray: &[u8], row: &mut Vec<u8>) {
    row.resize(gray.len() * N, 0);
    for (out, gray) in row.as_chunks_mut().0.iter_mut().zip(gray) {
        *out = *color;
        out[N - 1] = product(*gray, color[N - 1]);
    }
}

/// The product of two fractions of 255, rounded.
fn product(one: u8, other: u8) -> u8 {
    ((u32::from(one) * u32::from(other) + 127) / 255) as u8
}
