//! Blends rows onto a canvas (r-blendmode, r-opac).
//!
//! The formulas are those of Compositing and Blending Level 1 (W3C, 2024), section 9.1, in integers:
//! the blend function mixes the colours where both are opaque, and "over" combines the rest.

use crate::{
    commands::BlendMode,
    geometry::{Rect, ViewSpace},
    pixel::{ColorModel, PixelFormat, Raster},
    plan::{BlendStep, FULL},
};

/// A blend node at work: an RGBA canvas with straight alpha.
pub struct Blending {
    step: BlendStep,
    canvas: Raster,
    /// The position of the canvas in the view.
    origin: [i64; 2],
    /// The position of the rows on the canvas.
    at: [i64; 2],
    transposed: bool,
}

impl Blending {
    /// Blends rows that cover `rows` of the view onto a canvas that covers `area`.
    pub fn new(
        step: BlendStep,
        canvas: Raster,
        area: Rect<ViewSpace>,
        rows: Option<Rect<ViewSpace>>,
    ) -> Self {
        let at = rows.map_or([0; 2], |rows| [rows.x - area.x, rows.y - area.y]);
        Self { step, canvas, origin: [area.x, area.y], at, transposed: false }
    }

    /// Sets whether rows are columns of the canvas.
    pub fn transposed(self, transposed: bool) -> Self {
        Self { transposed, ..self }
    }

    /// The cost of a row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self, width: u32) -> u64 {
        u64::from(width) / if self.transposed { 2 } else { 4 }
    }

    /// Blends row `nth`. Pixels outside the canvas are dropped.
    pub fn put(&mut self, nth: usize, row: &[u8], pixel: PixelFormat) {
        let Self { step, canvas, origin, at: [x, y], transposed } = self;
        let (along, across) = if *transposed { (*y, *x) } else { (*x, *y) };
        let (len, lines) = match transposed {
            true => (canvas.height, canvas.width),
            false => (canvas.width, canvas.height),
        };
        let line = across + nth as i64;
        if !(0..i64::from(lines)).contains(&line) {
            return;
        }
        let (cut, first) = ((-along).max(0) as usize, along.max(0) as usize);
        let pixels = row.chunks_exact(pixel.samples()).skip(cut);
        let pixels = pixels.take((len as usize).saturating_sub(first));
        if *transposed {
            let stride = canvas.stride();
            let column = canvas.data.chunks_exact_mut(stride).skip(first);
            for ((target, pixel_of), y) in column.zip(pixels).zip(first as i64..) {
                let target = target.get_mut(line as usize * 4..line as usize * 4 + 4);
                let Some(target) = target.and_then(|target| target.as_mut_array()) else {
                    continue;
                };
                blend(*step, [origin[0] + line, origin[1] + y], rgba(pixel_of, pixel), target);
            }
            return;
        }
        let target = canvas.row_mut(line as u32).get_mut(first * 4..).unwrap_or_default();
        let (target, _) = target.as_chunks_mut::<4>();
        let place = [origin[0] + first as i64, origin[1] + line];
        if let (BlendMode::Normal, FULL, ColorModel::Rgb) = (step.mode, step.opacity, pixel.model) {
            let row = row.get(cut * pixel.samples()..).unwrap_or_default();
            return match pixel.alpha {
                true => over(row.as_chunks().0, target),
                false => copy(row.as_chunks().0, target),
            };
        }
        for ((target, pixel_of), x) in target.iter_mut().zip(pixels).zip(place[0]..) {
            blend(*step, [x, place[1]], rgba(pixel_of, pixel), target);
        }
    }

    /// The canvas.
    pub fn finish(self) -> Raster {
        self.canvas
    }
}

/// Opaque pixels replace those of the canvas.
fn copy(row: &[[u8; 3]], target: &mut [[u8; 4]]) {
    for (target, &[r, g, b]) in target.iter_mut().zip(row) {
        *target = [r, g, b, 255];
    }
}

fn over(row: &[[u8; 4]], target: &mut [[u8; 4]]) {
    for (target, &[r, g, b, alpha]) in target.iter_mut().zip(row) {
        match alpha {
            0 => {}
            255 => *target = [r, g, b, 255],
            _ => *target = composite([r, g, b], alpha, *target),
        }
    }
}

/// A grey or RGB pixel, with or without alpha, as RGBA.
fn rgba(pixel: &[u8], format: PixelFormat) -> [u8; 4] {
    match (pixel, format.alpha) {
        (&[gray], _) => [gray, gray, gray, 255],
        (&[gray, alpha], true) => [gray, gray, gray, alpha],
        (&[r, g, b], _) => [r, g, b, 255],
        (&[r, g, b, alpha], _) => [r, g, b, alpha],
        _ => [0; 4],
    }
}

/// Blends a pixel at a position of the view.
fn blend(step: BlendStep, at: [i64; 2], [r, g, b, alpha]: [u8; 4], target: &mut [u8; 4]) {
    let mut alpha = ((u32::from(alpha) * step.opacity + FULL / 2) / FULL) as u8;
    if step.mode == BlendMode::Dissolve {
        alpha = if noise(at, step.seed) < alpha { 255 } else { 0 };
    }
    if alpha == 0 {
        return;
    }
    let backdrop = *target;
    let source = [r, g, b];
    let mixed = match step.mode {
        BlendMode::Normal | BlendMode::Dissolve => source,
        mode => [0, 1, 2].map(|nth| {
            let both = u32::from(function(mode, backdrop[nth], source[nth]));
            let (own, under) = (u32::from(source[nth]), u32::from(backdrop[3]));
            ((own * (255 - under) + both * under + 127) / 255) as u8
        }),
    };
    *target = composite(mixed, alpha, backdrop);
}

/// Porter and Duff's "over" with straight alpha, rounded.
fn composite(source: [u8; 3], alpha: u8, [r, g, b, under]: [u8; 4]) -> [u8; 4] {
    let (own, rest) = (u32::from(alpha) * 255, u32::from(under) * (255 - u32::from(alpha)));
    let whole = own + rest;
    let mix = |front: u8, back: u8| {
        ((u32::from(front) * own + u32::from(back) * rest + whole / 2) / whole) as u8
    };
    let [red, green, blue] = source;
    [mix(red, r), mix(green, g), mix(blue, b), ((whole + 127) / 255) as u8]
}

/// The separable blend functions of section 10.1.
fn function(mode: BlendMode, backdrop: u8, source: u8) -> u8 {
    let product = || ((u32::from(backdrop) * u32::from(source) + 127) / 255) as u8;
    match mode {
        BlendMode::Normal | BlendMode::Dissolve => source,
        BlendMode::Lighten => backdrop.max(source),
        BlendMode::Darken => backdrop.min(source),
        BlendMode::Multiply => product(),
        // backdrop + source − product, which never exceeds 255.
        BlendMode::Screen => {
            255 - ((u32::from(255 - backdrop) * u32::from(255 - source) + 127) / 255) as u8
        }
    }
}

/// A pseudorandom threshold from 0 to 254 that depends only on the position in the view and the
/// layer (D26). The mixing function is that of MurmurHash3 (A. Appleby, 2011).
fn noise([x, y]: [i64; 2], seed: u32) -> u8 {
    let mut hash = (x as u32) ^ (y as u32).rotate_left(16) ^ seed.wrapping_mul(0x9e37_79b9);
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    ((hash ^ (hash >> 16)) % 255) as u8
}
