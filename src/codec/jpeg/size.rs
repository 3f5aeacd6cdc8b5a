//! `jpegSize=`: the JPEG of the highest quality that fits into a number of KiB (r-jpegsize).
//!
//! Lengths are first estimated from a few rows of the image. Only what may be the answer is encoded,
//! and an attempt stops where it gets too long.

use super::{
    PROGRESSIVE,
    encode::{Components, Sample, sample_memory},
    format::{encoder, file},
};
use crate::{
    codec::{EncodeOptions, trimmed},
    error::{Error, Result},
    geometry::{ReplySpace, Size},
    pixel::Raster,
    time_slice::TimeSlice,
};

/// An estimate may be wrong by as much, once it is corrected by the length of a file.
const TOLERANCE: f64 = 1.01;

/// Bytes besides the raster: two files that fit, and the sample.
pub fn memory(options: &EncodeOptions, longest: u64, size: Size<ReplySpace>) -> u64 {
    let most = u64::from(options.jpeg_size.unwrap_or_default()) << 10;
    let size = (size.width as usize, size.height as usize);
    2 * longest.min(most + (32 << 10)) + sample_memory(components(options), size)
}

fn components(options: &EncodeOptions) -> Components {
    Components::of(options.pixel.model, options.subsampling)
}

/// Encodes at the highest quality up to the requested one whose file has at most `largest` KiB.
pub async fn within(
    largest: u32,
    options: &EncodeOptions,
    mut raster: Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<Vec<u8>> {
    let limit = (largest as usize).saturating_mul(1024);
    let size = (raster.width as u16, raster.height as u16);
    let sample = Sample::new(components(options), &raster.data, size, slice).await;
    let mut search = Search { options, sample, estimates: [None; 101], correction: 1.0 };
    // The best file so far, and its quality; the least quality that is known to be too long.
    let (mut best, mut fits, mut fails) = (Vec::new(), 0, options.quality + 1);
    while fits + 1 < fails {
        let guess = search.guess(fits + 1..fails, limit, slice).await;
        let quality = match guess {
            Some(quality) => quality,
            // Nothing better fits, unless the estimate is too wrong to tell.
            None if fits > 0 && !search.is_near(fits + 1, limit, slice).await => break,
            None => fits + 1,
        };
        let (made, len) = attempt(options, quality, limit, &mut raster, slice).await;
        let actual = len as f64 / search.estimate(quality, slice).await;
        if len <= limit {
            search.correction = actual;
            (best, fits) = (made, quality);
        } else {
            // A progressive file stopped early, and would be longer than that.
            let rest = if *options.format == PROGRESSIVE { TOLERANCE } else { 1.0 };
            search.correction = search.correction.max(actual * rest);
            fails = quality;
        }
    }
    if fits == 0 {
        let least = attempt(options, 1, usize::MAX, &mut raster, slice).await.1.div_ceil(1024);
        return Err(Error::value(
            "jpegSize",
            &largest.to_string(),
            &format!("at least {least}, the KiB that this image takes at quality 1"),
        ));
    }
    let freed = raster.data.len();
    drop(raster);
    Ok(trimmed(best, freed))
}

/// Encodes at a quality, and keeps the raster. Returns the file, and the length that it has or would
/// have, of one that is too long to be complete.
async fn attempt(
    options: &EncodeOptions,
    quality: u8,
    limit: usize,
    raster: &mut Raster,
    slice: &mut TimeSlice<'_>,
) -> (Vec<u8>, usize) {
    let encoder = encoder(options, quality).up_to(limit);
    if *options.format == PROGRESSIVE {
        return file(options, &encoder, &mut raster.clone(), slice).await;
    }
    file(options, &encoder, raster, slice).await
}

/// The estimated lengths of the files.
struct Search<'a> {
    options: &'a EncodeOptions,
    sample: Sample,
    /// By quality.
    estimates: [Option<f64>; 101],
    /// The length of a file, divided by its estimate.
    correction: f64,
}

impl Search<'_> {
    async fn estimate(&mut self, quality: u8, slice: &mut TimeSlice<'_>) -> f64 {
        if let Some(Some(estimate)) = self.estimates.get(usize::from(quality)) {
            return *estimate;
        }
        let encoder = encoder(self.options, quality);
        let estimate = self.sample.estimate(&encoder, slice).await as f64;
        if let Some(slot) = self.estimates.get_mut(usize::from(quality)) {
            *slot = Some(estimate);
        }
        estimate
    }

    /// The highest of these qualities whose file is estimated to fit.
    async fn guess(
        &mut self,
        qualities: std::ops::Range<u8>,
        limit: usize,
        slice: &mut TimeSlice<'_>,
    ) -> Option<u8> {
        let (mut low, mut high) = (qualities.start - 1, qualities.end);
        loop {
            let fits = |quality: &u8| self.estimated(*quality).map(|len| len <= limit as f64);
            low = (low + 1..high).rfind(|quality| fits(quality) == Some(true)).unwrap_or(low);
            high = (low + 1..high).find(|quality| fits(quality) == Some(false)).unwrap_or(high);
            if low + 1 >= high {
                return (low >= qualities.start).then_some(low);
            }
            let next = self.between(low, high, limit as f64);
            self.estimate(next, slice).await;
        }
    }

    /// The quality between two others that probably has this length. One that is next to an end
    /// would leave a long rest.
    fn between(&self, low: u8, high: u8, limit: f64) -> u8 {
        let margin = 1 + (high - low) / 8;
        let range = f64::from(low + margin)..=f64::from((high - margin).max(low + margin));
        let Some(longest) = self.estimated(high) else { return high - 1 };
        let shortest = self.estimated(low).unwrap_or_default();
        let share = (limit - shortest) / (longest - shortest);
        let quality = f64::from(low) + share * f64::from(high - low);
        quality.floor().clamp(*range.start(), *range.end()) as u8
    }

    /// The estimate of a quality, corrected, if it was made.
    fn estimated(&self, quality: u8) -> Option<f64> {
        let estimate = self.estimates.get(usize::from(quality)).copied().flatten()?;
        Some(estimate * self.correction)
    }

    /// Whether the file of a quality may fit, in spite of its estimate.
    async fn is_near(&mut self, quality: u8, limit: usize, slice: &mut TimeSlice<'_>) -> bool {
        let estimate = self.estimate(quality, slice).await * self.correction;
        estimate <= limit as f64 * TOLERANCE
    }
}
