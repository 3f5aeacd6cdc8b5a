//! One axis of a resampling, with closed formulas for the memory and the source range of its
//! weights.

use std::{
    hash::{Hash, Hasher},
    ops::Range,
};

use super::Kernel;

/// Lanes of a vector. The weights of an output are padded to whole vectors.
pub(super) const LANES: usize = 4;

/// At positions this close to a pixel's centre, the neighbours have a negligible weight.
const COPY: f64 = 1e-7;

/// One axis of a resampling: output pixel `i` is centred on source position
/// `start + (i + ½) · step`, where source pixel `k` covers `k..k+1`.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The kernel, which is widened to the step when reducing.
    pub kernel: Kernel,
    /// Source position of the outer edge of output pixel 0.
    pub start: f64,
    /// Source pixels per output pixel; negative flips.
    pub step: f64,
    /// The requested output pixels.
    pub outputs: Range<i64>,
    /// The available source pixels. Weights beyond them are dropped and the rest is normalised.
    pub bounds: Range<u32>,
}

impl Hash for Axis {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { kernel, start, step, outputs, bounds } = self;
        (kernel, start.to_bits(), step.to_bits(), outputs, bounds).hash(state);
    }
}

impl Axis {
    /// The number of requested output pixels.
    pub fn outputs(&self) -> u64 {
        u64::try_from(self.outputs.end - self.outputs.start).unwrap_or(0)
    }

    /// Half the kernel's width, in source pixels.
    pub(super) fn radius(&self) -> f64 {
        self.kernel.support() * self.step.abs().max(1.0)
    }

    /// The maximum number of weights per output, rounded up to whole vectors.
    pub fn taps(&self) -> u64 {
        whole_vectors((2.0 * self.radius()) as u64 + 2)
    }

    /// The size of the weights in bytes, known before they are computed.
    pub fn memory(&self) -> u64 {
        bytes(self.outputs(), self.taps())
    }

    /// The size of [`super::Weights::of_pairs`] of this axis, in bytes.
    pub fn memory_of_pairs(&self) -> u64 {
        bytes(self.outputs(), taps_of_pairs(self.taps()))
    }

    /// The size of [`super::Weights::of_output_pairs`] of weights of pairs, in bytes.
    pub fn memory_of_output_pairs(&self) -> u64 {
        let taps = taps_of_pairs(self.taps()).max(self.taps());
        // The lines of the weights that are paired up are listed for a moment.
        bytes(self.outputs().div_ceil(2), taps_of_output_pairs(taps)) + 16 * self.outputs()
    }

    /// An upper bound of the source pixels that the weights use. It contains a few more if the
    /// outermost weights are negligible and dropped.
    pub fn source(&self) -> Range<u32> {
        let centre = |output: i64| self.start + (output as f64 + 0.5) * self.step;
        let ends = [centre(self.outputs.start), centre(self.outputs.end - 1)];
        let (near, far) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        // A copy has one weight per output: the kernel is 0 at all other pixels.
        let on_pixels = |at: f64| (at - at.floor() - 0.5).abs() < COPY;
        let copies = (self.step.abs() - 1.0).abs() < COPY && on_pixels(near) && on_pixels(far);
        let radius = if copies { 0.25 } else { self.radius() };
        let (low, high) = (f64::from(self.bounds.start), f64::from(self.bounds.end));
        let first = (near - radius).floor().max(low).min(high - 1.0) as u32;
        first..((far + radius).ceil().max(low).min(high) as u32).max(first + 1)
    }
}

fn whole_vectors(taps: u64) -> u64 {
    taps.saturating_add(LANES as u64 - 1) / LANES as u64 * LANES as u64
}

/// The maximum number of weights per output for samples of two pixels each.
pub(super) fn taps_of_pairs(taps: u64) -> u64 {
    whole_vectors(taps / 2 + 2)
}

/// The maximum number of weights per mean of two outputs. Outputs of a reduced axis overlap: they lie
/// at most half a kernel apart.
pub(super) fn taps_of_output_pairs(taps: u64) -> u64 {
    whole_vectors(taps.saturating_add(taps / 2 + 2))
}

/// Bytes of the weights of `outputs` outputs: one span each, weights as floats and as integers.
fn bytes(outputs: u64, taps: u64) -> u64 {
    outputs.saturating_mul(taps.saturating_mul(6).saturating_add(8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::Weights;

    const KERNELS: [Kernel; 3] = [Kernel::Bilin, Kernel::Bicub, Kernel::Sharp2];

    /// Reductions, enlargements and copies; parts of axes, mirrored ones, subpixel shifts.
    fn axes() -> Vec<Axis> {
        let mut axes = Vec::new();
        for kernel in KERNELS {
            for (len, all) in
                [(300, 300), (300, 299), (300, 77), (300, 4), (50, 700), (1, 9), (9, 1)]
            {
                for (first, part) in [(0, all), (all / 3, (all + 1) / 2)] {
                    for (shift, flipped) in [(0.0, false), (0.25, false), (0.0, true), (-3.0, true)]
                    {
                        let step = f64::from(len) / all as f64;
                        let (start, step) =
                            if flipped { (f64::from(len), -step) } else { (0.0, step) };
                        let outputs = first..(first + part).min(all);
                        axes.push(Axis {
                            kernel,
                            start: start + shift,
                            step,
                            outputs,
                            bounds: 0..len,
                        });
                    }
                }
            }
        }
        axes
    }

    #[test]
    fn the_memory_of_weights_is_known_before_they_are() {
        let allocated = |weights: &Weights| {
            (weights.spans.capacity() * 8 + weights.weights.capacity() * 4) as u64
                + (weights.fixed.capacity() * 2) as u64
        };
        for axis in axes() {
            let weights = Weights::new(&axis);
            assert_eq!(axis.memory(), allocated(&weights), "{axis:?}");
            let pairs = weights.of_pairs(axis.bounds.end.div_ceil(2));
            assert_eq!(axis.memory_of_pairs(), allocated(&pairs), "{axis:?}");
            if axis.step.abs() > 1.0 {
                for weights in [weights, pairs] {
                    let paired = allocated(&weights.of_output_pairs());
                    assert!(paired <= axis.memory_of_output_pairs(), "{axis:?}");
                }
            }
        }
    }

    #[test]
    fn the_source_of_weights_is_known_before_they_are() {
        for axis in axes() {
            let (closed, exact) = (axis.source(), Weights::new(&axis).source());
            assert!(closed.start <= exact.start && exact.end <= closed.end, "{axis:?} {exact:?}");
            // The outermost weights of a wide kernel are negligible.
            let spare = 1 + (axis.step.abs() / 2.0) as u32;
            let [before, after] = [exact.start - closed.start, closed.end - exact.end];
            assert!(before <= spare && after <= spare, "{axis:?} {exact:?} {closed:?}");
            if axis.step == 1.0 && axis.start == 0.0 {
                assert_eq!(closed, exact);
            }
        }
    }
}
