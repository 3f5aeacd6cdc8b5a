//! Resampling across: a row of source pixels becomes a row of outputs.

use wide::f32x4;

use super::{axis::LANES, weights::Weights};

impl Weights {
    /// Resamples one premultiplied row horizontally. `line` begins at the first source pixel that
    /// any output uses; four padding samples must follow its last pixel.
    pub fn apply(&self, channels: usize, line: &[f32], out: &mut [f32]) {
        let spans = self.spans.iter().zip(self.weights.chunks_exact(self.taps));
        let spans = spans.map(|(&(first, len), weights)| {
            ((first - self.source.start) as usize, len as usize, weights)
        });
        match (channels, self.taps) {
            (1, 4) => self.apply_to_plane::<4>(line, out),
            (1, 8) => self.apply_to_plane::<8>(line, out),
            (1, 12) => self.apply_to_plane::<12>(line, out),
            (1, 16) => self.apply_to_plane::<16>(line, out),
            (1, _) => {
                for ((first, len, weights), out) in spans.zip(out) {
                    let weights = &weights[..len.next_multiple_of(LANES)];
                    *out = total(products(&line[first..], weights));
                }
            }
            (3, _) => {
                for ((first, len, weights), out) in spans.zip(out.as_chunks_mut::<3>().0) {
                    let [r, g, b, _] = weigh::<3>(line, first, &weights[..len]);
                    *out = [r, g, b];
                }
            }
            (4, _) => {
                for ((first, len, weights), out) in spans.zip(out.as_chunks_mut::<4>().0) {
                    *out = weigh::<4>(line, first, &weights[..len]);
                }
            }
            // Grey or CMYK with alpha: rare.
            _ => {
                for ((first, len, weights), out) in spans.zip(out.chunks_exact_mut(channels)) {
                    out.fill(0.0);
                    let pixels = line[first * channels..].chunks_exact(channels);
                    for (pixel, weight) in pixels.zip(&weights[..len]) {
                        for (sum, sample) in out.iter_mut().zip(pixel) {
                            *sum += weight * sample;
                        }
                    }
                }
            }
        }
    }

    /// One channel with `TAPS` weights per output. It uses all of them, so that its inner loop has a
    /// constant length; the padding is 0. Four outputs are totalled together.
    fn apply_to_plane<const TAPS: usize>(&self, line: &[f32], out: &mut [f32]) {
        let (spans, last_spans) = self.spans.as_chunks::<LANES>();
        let (weights, last_weights) = self.weights.as_chunks::<TAPS>().0.as_chunks::<LANES>();
        let (fours, last) = out.as_chunks_mut::<LANES>();
        for ((out, spans), weights) in fours.iter_mut().zip(spans).zip(weights) {
            let mut four = [f32x4::ZERO; LANES];
            for ((place, span), weights) in four.iter_mut().zip(spans).zip(weights) {
                *place = self.output(line, *span, weights);
            }
            let [a, b, c, d] = f32x4::transpose(four);
            // As `total` adds them.
            *out = ((a + b) + (c + d)).to_array();
        }
        for ((out, span), weights) in last.iter_mut().zip(last_spans).zip(last_weights) {
            *out = total(self.last_output(line, *span, weights));
        }
    }

    /// The products of an output, not totalled.
    #[inline(always)]
    fn output<const TAPS: usize>(
        &self,
        line: &[f32],
        (first, len): (u32, u32),
        weights: &[f32; TAPS],
    ) -> f32x4 {
        let samples = line.get((first - self.source.start) as usize..).unwrap_or_default();
        match samples.first_chunk::<TAPS>() {
            Some(samples) => products(samples, weights),
            None => self.last_output(line, (first, len), weights),
        }
    }

    /// The same for one of the last outputs, where the line may end before the padding.
    #[inline(never)]
    fn last_output(&self, line: &[f32], (first, len): (u32, u32), weights: &[f32]) -> f32x4 {
        let samples = line.get((first - self.source.start) as usize..).unwrap_or_default();
        products(samples, &weights[..(len as usize).next_multiple_of(LANES)])
    }
}

/// Weight × sample, each lane the sum of every fourth. Padding weights are 0.
#[inline(always)]
fn products(samples: &[f32], weights: &[f32]) -> f32x4 {
    let both = samples.as_chunks::<LANES>().0.iter().zip(weights.as_chunks::<LANES>().0);
    both.fold(f32x4::ZERO, |sum, (samples, weights)| {
        sum + f32x4::new(*weights) * f32x4::new(*samples)
    })
}

/// The sum of all lanes.
#[inline]
fn total(lanes: f32x4) -> f32 {
    let [a, b, c, d] = lanes.to_array();
    (a + b) + (c + d)
}

/// Σ weight × pixel. Three channels also load four lanes: the line is padded, and the fourth sum
/// is discarded. Four taps share one bounds check; the order of the additions is unchanged.
fn weigh<const C: usize>(line: &[f32], first: usize, weights: &[f32]) -> [f32; 4] {
    let mut sum = f32x4::ZERO;
    let (fours, rest) = weights.as_chunks::<4>();
    let mut at = first * C;
    for weights in fours {
        if let Some(samples) = line.get(at..at + 3 * C + 4) {
            for (tap, &weight) in weights.iter().enumerate() {
                if let Some(pixel) = samples[tap * C..].first_chunk() {
                    sum += f32x4::splat(weight) * f32x4::new(*pixel);
                }
            }
        }
        at += 4 * C;
    }
    for &weight in rest {
        if let Some(pixel) = line.get(at..).and_then(|rest| rest.first_chunk()) {
            sum += f32x4::splat(weight) * f32x4::new(*pixel);
        }
        at += C;
    }
    sum.to_array()
}
