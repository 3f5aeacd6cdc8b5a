//! One axis at a time: from view pixels back through composite and source to a level's pixels.

use std::{ops::Range, rc::Rc};

use super::view::Mapping;
use crate::{
    pyramid::Index,
    resample::{Axis, Kernel, Weights},
};

/// The layer's side of one axis: a cropped source stretched over the composite.
#[derive(Debug, Clone, Copy)]
pub struct LayerAxis {
    /// Source pixels on this axis, upright.
    pub len: u32,
    /// First source pixel of the crop; may be negative.
    pub from: i64,
    /// Source pixels of the crop, at least 1.
    pub crop: i64,
    /// Composite pixels that the crop is scaled to, at least 1.
    pub to: u32,
    /// Composite position of their first one; negative where the composite cuts them off.
    pub at: i64,
    /// Composite pixels in all.
    pub canvas: u32,
    /// Whether the axis is mirrored.
    pub flipped: bool,
}

/// Source position as a line over view position: `start + step · v`; and what lies where.
#[derive(Debug, Clone, Copy)]
pub struct ViewAxis {
    start: f64,
    step: f64,
    len: u32,
    /// The part of the source that the crop leaves: what kernels may see.
    low: f64,
    high: f64,
    /// The part of it that the composite does not cut off.
    visible: [f64; 2],
}

impl LayerAxis {
    /// Looks at the axis through the view.
    pub fn through(&self, view: &Mapping) -> ViewAxis {
        let (from, crop, at) = (self.from as f64, self.crop as f64, self.at as f64);
        // composite = view.origin + (v − view.offset) / view.scale, then the layer's own scale.
        let ratio = crop / f64::from(self.to);
        let at_zero = (view.origin - view.offset / view.scale - at) * ratio;
        let step = ratio / view.scale;
        let (start, step) =
            if self.flipped { (from + crop - at_zero, -step) } else { (from + at_zero, step) };
        let len = f64::from(self.len);
        let (low, high) = (from.max(0.0), (from + crop).min(len));
        // What the composite cuts off of the picture, in source pixels at its two ends.
        let cut = [-self.at, self.at + i64::from(self.to) - i64::from(self.canvas)];
        let [near, far] = cut.map(|pixels| pixels.max(0) as f64 * ratio);
        let (near, far) = if self.flipped { (far, near) } else { (near, far) };
        let visible = [low.max(from + near), high.min(from + crop - far)];
        ViewAxis { start, step, len: self.len, low, high, visible }
    }
}

impl ViewAxis {
    /// The view pixels that show the source, out of `wanted` grown by `reach`.
    pub fn outputs(&self, wanted: Range<i64>, reach: i64) -> Option<Range<i64>> {
        let [low, high] = self.visible;
        if low >= high {
            return None;
        }
        let ends = [low, high].map(|at| (at - self.start) / self.step);
        let (first, last) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        // A pixel belongs to the image when its centre does. Positions are a little inexact.
        let edge = |at: f64| (at + 0.5 - 1e-7).floor().max(-1e9).min(1e9) as i64;
        let (first, last) = (edge(first), edge(last));
        let visible = first.max(wanted.start)..last.min(wanted.end);
        if visible.is_empty() {
            return None;
        }
        Some(first.max(wanted.start - reach)..last.min(wanted.end + reach))
    }

    /// The axis as the pixels are stored, still in full-resolution pixels.
    pub fn axis(&self, outputs: Range<i64>, mirrored: bool) -> StoredAxis {
        let len = f64::from(self.len);
        let (start, step, low, high) = if mirrored {
            (len - self.start, -self.step, len - self.high, len - self.low)
        } else {
            (self.start, self.step, self.low, self.high)
        };
        StoredAxis { start, step, low, high, outputs }
    }
}

/// An axis over the stored full-resolution pixels.
#[derive(Debug, Clone)]
pub struct StoredAxis {
    start: f64,
    /// Source pixels per view pixel; negative when mirrored.
    pub step: f64,
    low: f64,
    high: f64,
    outputs: Range<i64>,
}

impl StoredAxis {
    /// The same axis over a level of `len` pixels, `ratio` for each of the full image.
    pub fn on_level(self, kernel: Kernel, ratio: f64, len: u32) -> Axis {
        let first = (self.low * ratio + 1e-6).floor().max(0.0) as u32;
        let first = first.min(len.saturating_sub(1));
        let end = ((self.high * ratio - 1e-6).ceil().max(0.0) as u32).min(len).max(first + 1);
        Axis {
            kernel,
            start: self.start * ratio,
            step: self.step * ratio,
            outputs: self.outputs,
            bounds: first..end,
        }
    }
}

/// The weights of one axis over a level, and over its planes where some may be half as large.
#[derive(Debug, Clone)]
pub struct Sampling {
    /// For the level's own pixels.
    pub full: Rc<Weights>,
    /// For samples of two pixels each.
    pub half: Option<Rc<Weights>>,
}

impl Sampling {
    /// The weights of an axis of `len` pixels; with those of half as large planes if `planes`
    /// says so.
    pub fn new(axis: &Axis, len: u32, planes: bool) -> Self {
        let full = Weights::new(axis);
        let half = planes.then(|| Rc::new(full.of_pairs(len.div_ceil(2))));
        Self { full: Rc::new(full), half }
    }

    /// The weights for samples of `shrink` pixels each.
    pub fn of(&self, shrink: u32) -> Rc<Weights> {
        let half = self.half.as_ref().filter(|_| shrink == 2);
        Rc::clone(half.unwrap_or(&self.full))
    }

    /// The pixels of the level that any of the weights uses; `len` there are.
    pub fn source(&self, len: u32) -> Range<u32> {
        let full = self.full.source();
        self.half.as_ref().map_or(full.clone(), |half| {
            let half = half.source();
            full.start.min(half.start * 2)..full.end.max(half.end * 2).min(len)
        })
    }
}

/// The smallest level that is not smaller than what is wanted, on either axis (G4).
pub fn level(index: &Index, step_across: f64, step_down: f64) -> usize {
    let Some(full) = index.levels.first() else { return 0 };
    let enough = |step: f64, full: u32, len: u32| {
        step.abs() * f64::from(len) / f64::from(full) >= 1.0 - 1e-6
    };
    index
        .levels
        .iter()
        .rposition(|level| {
            enough(step_across, full.width, level.width)
                && enough(step_down, full.height, level.height)
        })
        .unwrap_or(0)
}
