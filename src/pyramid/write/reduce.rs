//! Halves the rows of a level, whatever their pixels are.
//!
//! The resampler knows grey, RGB and RGBA. Inks are resampled as three and one; alpha goes with
//! every part, since colours count as much as they cover.

use std::rc::Rc;

use crate::{
    error::{Error, Result},
    raster::{ColorModel, PixelType},
    resample::{Axis, Kernel, Resampler, Weights},
};

/// The kernel that makes a level of the one above it: the best of those that do not ring.
const KERNEL: Kernel = Kernel::Bicub;

/// Makes the rows of one level of those of the level above it.
pub struct Reducer {
    samples: usize,
    parts: Vec<Part>,
    /// A finished row for each part, while the others are made.
    row: Vec<u8>,
}

/// Some of the samples.
struct Part {
    resampler: Resampler,
    /// The sample that each channel of the resampler takes, and gives back.
    samples: &'static [usize],
    source: Vec<u8>,
    made: Vec<Vec<u8>>,
}

impl Reducer {
    /// From `width` × `height` pixels to `to`.
    pub fn new(pixel: PixelType, (width, height): (u32, u32), to: (u32, u32)) -> Self {
        let parts: &[&[usize]] = match (pixel.model, pixel.alpha) {
            (ColorModel::Grey, false) => &[&[0]],
            (ColorModel::Grey, true) => &[&[0, 0, 0, 1]],
            (ColorModel::Rgb, false) => &[&[0, 1, 2]],
            (ColorModel::Rgb, true) => &[&[0, 1, 2, 3]],
            (ColorModel::Cmyk, false) => &[&[0, 1, 2], &[3]],
            (ColorModel::Cmyk, true) => &[&[0, 1, 2, 4], &[3, 3, 3, 4]],
        };
        let weights = |len, outputs| Rc::new(Weights::new(&axis(len, outputs)));
        let (across, down) = (weights(width, to.0), weights(height, to.1));
        let part = |samples: &&'static [usize]| Part {
            resampler: Resampler::new(samples.len(), Rc::clone(&across), Rc::clone(&down)),
            samples,
            source: Vec::new(),
            made: Vec::new(),
        };
        let row = vec![0; to.0 as usize * pixel.samples()];
        Self { samples: pixel.samples(), parts: parts.iter().map(part).collect(), row }
    }

    /// Takes a row of the larger level, and hands on those it completes of the smaller.
    pub fn push(&mut self, row: &[u8], mut emit: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        if let [Part { resampler, samples, .. }] = self.parts.as_mut_slice()
            && samples.len() == self.samples
        {
            resampler.push(row);
            while let Some((_, row)) = resampler.pull() {
                emit(row)?;
            }
            return Ok(());
        }
        for Part { resampler, samples, source, made } in &mut self.parts {
            source.clear();
            for pixel in row.chunks_exact(self.samples) {
                source.extend(samples.iter().filter_map(|&sample| pixel.get(sample)));
            }
            made.clear();
            resampler.push(source);
            while let Some((_, row)) = resampler.pull() {
                made.push(row.to_vec());
            }
        }
        // All parts have the same axes: each row completes as many rows in each.
        for nth in 0..self.parts.first().map_or(0, |part| part.made.len()) {
            for Part { samples, made, .. } in &self.parts {
                let made = made.get(nth).ok_or_else(|| Error::bug("a part of a row is missing"))?;
                let pixels = made.chunks_exact(samples.len());
                for (out, pixel) in self.row.chunks_exact_mut(self.samples).zip(pixels) {
                    for (&sample, &value) in samples.iter().zip(pixel) {
                        out[sample] = value;
                    }
                }
            }
            emit(&self.row)?;
        }
        Ok(())
    }
}

fn axis(len: u32, outputs: u32) -> Axis {
    Axis {
        kernel: KERNEL,
        start: 0.0,
        step: f64::from(len) / f64::from(outputs),
        outputs: 0..i64::from(outputs),
        bounds: 0..len,
    }
}
