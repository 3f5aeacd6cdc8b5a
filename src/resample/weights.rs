//! The source pixels of each output pixel along one axis, and their weights.

use std::ops::Range;

use super::axis::{Axis, LANES, taps_of_pairs};

/// The weights of all outputs of an [`Axis`].
#[derive(Debug)]
pub struct Weights {
    /// First source pixel of each output, and how many weights it has.
    pub(super) spans: Vec<(u32, u32)>,
    /// `taps` weights per output, padded with zeros.
    pub(super) weights: Vec<f32>,
    /// The same weights as integers, in units of 1/[`FIXED_ONE`].
    pub(super) fixed: Vec<i16>,
    pub(super) taps: usize,
    flipped: bool,
    /// The source pixels that any output uses.
    pub(super) source: Range<u32>,
    /// The most pixels that an output begins before one that precedes it in source order: an
    /// output on a pixel's centre may have one weight, and the next one more at both sides.
    back: u32,
}

/// The weights of one output.
#[derive(Debug, Clone, Copy)]
pub struct Taps<'a> {
    /// The index of the output.
    pub output: usize,
    /// The first source pixel.
    pub first: u32,
    /// The weights of that pixel and the following ones.
    pub weights: &'a [f32],
    /// The same weights as integers, in units of 1/[`FIXED_ONE`].
    pub fixed: &'a [i16],
}

/// The integer weight that represents 1. It leaves headroom, because weights can exceed 1.
pub const FIXED_ONE: i16 = 1 << 14;

/// Smaller weights change no 8-bit result. Dropping them turns a 1:1 axis into a copy.
const NEGLIGIBLE: f64 = 1e-6;

impl Weights {
    /// The maximum number of weights per output.
    pub fn taps(&self) -> usize {
        self.taps
    }

    /// Computes the weights of an axis. Only this function maps positions to pixels.
    pub fn new(axis: &Axis) -> Self {
        let (widen, radius) = (axis.step.abs().max(1.0), axis.radius());
        // The plan has already refused axes whose weights exceed memory.
        let [taps, count] = [axis.taps(), axis.outputs()].map(|n| n as usize);
        let mut weights = Self {
            spans: Vec::with_capacity(count),
            weights: Vec::with_capacity(count * taps),
            fixed: Vec::new(),
            taps,
            flipped: axis.step < 0.0,
            source: 0..0,
            back: 0,
        };
        let mut line = Vec::with_capacity(taps);
        for output in axis.outputs.clone() {
            let centre = axis.start + (output as f64 + 0.5) * axis.step;
            weights.push(axis, centre, radius, widen, &mut line);
        }
        weights.complete()
    }

    fn push(&mut self, axis: &Axis, centre: f64, radius: f64, widen: f64, line: &mut Vec<f64>) {
        let (low, high) = (f64::from(axis.bounds.start), f64::from(axis.bounds.end));
        // x.max(lo).min(hi) rather than clamp, which would pass NaN through.
        let mut first = (centre - radius).floor().max(low).min(high - 1.0) as u32;
        let end = ((centre + radius).ceil().max(low).min(high) as u32).max(first + 1);
        line.clear();
        line.extend(
            (first..end).map(|pixel| axis.kernel.at((f64::from(pixel) + 0.5 - centre) / widen)),
        );
        let total: f64 = line.iter().sum();
        if total.abs() < NEGLIGIBLE {
            // The kernel lies outside the bounds: use the nearest pixel.
            first = centre.floor().max(low).min(high - 1.0) as u32;
            line.clear();
            line.push(1.0);
        } else {
            line.iter_mut().for_each(|weight| *weight /= total);
        }
        while line.len() > 1 && line.last().is_some_and(|weight| weight.abs() < NEGLIGIBLE) {
            line.pop();
        }
        let leading = line.iter().take_while(|weight| weight.abs() < NEGLIGIBLE).count();
        let leading = leading.min(line.len() - 1);
        line.drain(..leading);
        line.truncate(self.taps);
        self.spans.push((first + leading as u32, line.len() as u32));
        self.weights.extend(line.iter().map(|&weight| weight as f32));
        self.weights.resize(self.spans.len() * self.taps, 0.0);
    }

    /// Converts the weights to a subsampled axis of `count` samples, each centred between two
    /// source pixels. The result equals an interpolation to every pixel first, with ¾ of the
    /// nearer and ¼ of the farther sample.
    pub fn of_pairs(&self, count: u32) -> Self {
        let taps = taps_of_pairs(self.taps as u64) as usize;
        let last = count.saturating_sub(1);
        let mut pairs = Self {
            spans: Vec::with_capacity(self.spans.len()),
            weights: Vec::with_capacity(self.spans.len() * taps),
            fixed: Vec::new(),
            taps,
            flipped: self.flipped,
            source: 0..0,
            back: 0,
        };
        let lines = self.weights.chunks_exact(self.taps.max(1));
        for (&(pixel, len), weights) in self.spans.iter().zip(lines) {
            let nearer = |pixel: u32| (pixel / 2).min(last);
            let farther = |pixel: u32| match pixel % 2 {
                0 => (pixel / 2).saturating_sub(1).min(last),
                _ => (pixel / 2 + 1).min(last),
            };
            let first = nearer(pixel).min(farther(pixel));
            let start = pairs.weights.len();
            pairs.weights.resize(start + taps, 0.0);
            let line = &mut pairs.weights[start..];
            for (pixel, &weight) in (pixel..pixel + len).zip(weights) {
                line[(nearer(pixel) - first) as usize] += weight * 0.75;
                line[(farther(pixel) - first) as usize] += weight * 0.25;
            }
            let end = (pixel + len).saturating_sub(1);
            let end = nearer(end).max(farther(end)) + 1;
            pairs.spans.push((first, end - first));
        }
        pairs.complete()
    }

    /// Pairs up the outputs: each output of the result is the mean of two, as chroma is subsampled. An
    /// odd last one stays alone.
    pub fn of_output_pairs(&self) -> Self {
        let count = self.spans.len().div_ceil(2);
        let of_both = |spans: &[(u32, u32)]| {
            let first = spans.iter().map(|span| span.0).min().unwrap_or(0);
            first..spans.iter().map(|span| span.0 + span.1).max().unwrap_or(0)
        };
        let taps = self.spans.chunks(2).map(|spans| of_both(spans).len()).max().unwrap_or(0);
        let taps = taps.next_multiple_of(LANES);
        let mut pairs = Self {
            spans: Vec::with_capacity(count),
            weights: Vec::with_capacity(count * taps),
            fixed: Vec::new(),
            taps,
            flipped: self.flipped,
            source: 0..0,
            back: 0,
        };
        let lines: Vec<_> = self.weights.chunks_exact(self.taps.max(1)).collect();
        for (spans, lines) in self.spans.chunks(2).zip(lines.chunks(2)) {
            let source = of_both(spans);
            let start = pairs.weights.len();
            pairs.weights.resize(start + taps, 0.0);
            for (&(first, len), line) in spans.iter().zip(lines) {
                let places = pairs.weights.iter_mut().skip(start + (first - source.start) as usize);
                let shares = line.iter().take(len as usize);
                places.zip(shares).for_each(|(sum, share)| *sum += share / spans.len() as f32);
            }
            pairs.spans.push((source.start, source.len() as u32));
        }
        pairs.complete()
    }

    /// The number of outputs.
    pub fn len(&self) -> usize {
        self.spans.len()
    }

    /// Whether there are no outputs.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The source pixels that any output uses.
    pub fn source(&self) -> Range<u32> {
        self.source.clone()
    }

    /// Whether the outputs are the source pixels as they are, in their order.
    pub fn is_copy(&self) -> bool {
        !self.flipped && (self.source.start..).zip(&self.spans).all(|(at, span)| *span == (at, 1))
    }

    /// Computes the source range and the integer weights, after all outputs are added.
    fn complete(mut self) -> Self {
        self.fixed.reserve_exact(self.weights.len());
        for weights in self.weights.chunks_exact(self.taps.max(1)) {
            push_fixed(weights, &mut self.fixed);
        }
        let first = self.spans.iter().map(|span| span.0).min().unwrap_or(0);
        let end = self.spans.iter().map(|span| span.0 + span.1).max().unwrap_or(0);
        self.source = first..end;
        let firsts = (0..self.len()).filter_map(|nth| Some(self.in_order(nth)?.first));
        let (_, back) = firsts.fold((0, 0), |(most, back): (u32, u32), first| {
            let most = most.max(first);
            (most, back.max(most - first))
        });
        self.back = back;
        self
    }

    /// The first source pixel that the `nth` output in source order and those after it use; `None`
    /// after the last one.
    pub fn needed_from(&self, nth: usize) -> Option<u32> {
        Some(self.in_order(nth)?.first.saturating_sub(self.back))
    }

    /// The weights of the `nth` output in source order; `None` after the last one.
    pub fn in_order(&self, nth: usize) -> Option<Taps<'_>> {
        let last = self.spans.len().checked_sub(1)?;
        let output = if self.flipped { last.checked_sub(nth)? } else { nth };
        let &(first, len) = self.spans.get(output)?;
        let all = output * self.taps..output * self.taps + len as usize;
        let (weights, fixed) = (self.weights.get(all.clone())?, self.fixed.get(all)?);
        Some(Taps { output, first, weights, fixed })
    }
}

/// Rounds weights to integers whose sum is exactly [`FIXED_ONE`], so that a flat image stays
/// flat. The largest weight absorbs the rounding error.
fn push_fixed(weights: &[f32], fixed: &mut Vec<i16>) {
    let start = fixed.len();
    let one = f32::from(FIXED_ONE);
    fixed.extend(weights.iter().map(|weight| libm::rintf(weight * one) as i16));
    let fixed = fixed.get_mut(start..).unwrap_or_default();
    let sum: i32 = fixed.iter().map(|&weight| i32::from(weight)).sum();
    if let Some(largest) = fixed.iter_mut().max_by_key(|weight| **weight) {
        let whole = i32::from(*largest) + i32::from(FIXED_ONE) - sum;
        *largest = whole.clamp(i16::MIN.into(), i16::MAX.into()) as i16;
    }
}
