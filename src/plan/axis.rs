//! Transforms of one axis: from view pixels back through the composite and the source to the pixels
//! of a level.

use std::{ops::Range, rc::Rc};

use super::view::Mapping;
use crate::{
    pyramid::Index,
    resample::{Axis, Kernel, Weights},
};

/// One axis of the layer transform: a crop of the content, scaled and placed on the composite.
#[derive(Debug, Clone, Copy)]
pub struct LayerAxis {
    /// Length of the upright content, in pixels.
    pub len: f64,
    /// Where the crop starts, in pixels of the content; may be negative.
    pub from: f64,
    /// Length of the crop in pixels of the content, greater than 0.
    pub crop: f64,
    /// Composite pixels that the crop is scaled to, at least 1.
    pub to: u32,
    /// Composite position of the first of these; negative where the composite cuts them off.
    pub at: i64,
    /// The composite pixels in which the content may be visible: the first one and the end.
    pub clip: [i64; 2],
    /// Whether the axis is mirrored.
    pub flipped: bool,
}

/// Maps view position `v` to source position `start + step · v`, and holds the range of the source
/// that is visible.
#[derive(Debug, Clone, Copy)]
pub struct ViewAxis {
    pub start: f64,
    pub step: f64,
    len: f64,
    /// The cropped part of the source, from `low` to `high` in pixels. Kernels read nothing outside
    /// it.
    low: f64,
    high: f64,
    /// The part of it that lies inside the composite.
    visible: [f64; 2],
}

impl LayerAxis {
    /// Combines this axis with the view transform.
    pub fn through(&self, view: &Mapping) -> ViewAxis {
        let (from, crop, at) = (self.from, self.crop, self.at as f64);
        // composite = view.origin + (v − view.offset) / view.scale, then the layer's own scale.
        let ratio = crop / f64::from(self.to);
        let at_zero = (view.origin - view.offset / view.scale - at) * ratio;
        let step = ratio / view.scale;
        let (start, step) =
            if self.flipped { (from + crop - at_zero, -step) } else { (from + at_zero, step) };
        let (low, high) = (from.max(0.0), (from + crop).min(self.len));
        // Content pixels that the clip cuts off at each end of the image.
        let end = self.at.saturating_add(self.to.into());
        let cut = [self.clip[0].saturating_sub(self.at), end.saturating_sub(self.clip[1])];
        let [near, far] = cut.map(|pixels| pixels.max(0) as f64 * ratio);
        let (near, far) = if self.flipped { (far, near) } else { (near, far) };
        let visible = [low.max(from + near), high.min(from + crop - far)];
        ViewAxis { start, step, len: self.len, low, high, visible }
    }

    /// The composite position of a position of the content.
    pub fn map(&self, position: f64) -> f64 {
        let scaled = (position - self.from) * f64::from(self.to) / self.crop;
        let at = self.at as f64;
        if self.flipped { at + f64::from(self.to) - scaled } else { at + scaled }
    }

    /// Mirrors the axis within a canvas of `len` composite pixels.
    pub fn mirror(&mut self, len: u32) {
        let len = i64::from(len);
        self.at = len - self.at - i64::from(self.to);
        self.clip = [len - self.clip[1], len - self.clip[0]];
        self.flipped = !self.flipped;
    }
}

impl ViewAxis {
    /// The view pixels that show the source, within `wanted` grown by `reach` pixels at each end.
    /// `None` where no pixel of `wanted` shows it.
    pub fn outputs(&self, wanted: Range<i64>, reach: i64) -> Option<Range<i64>> {
        let [low, high] = self.visible;
        if low >= high {
            return None;
        }
        let ends = [low, high].map(|at| (at - self.start) / self.step);
        let (first, last) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
        let Range { start: first, end: last } = pixels_between(first, last);
        let visible = first.max(wanted.start)..last.min(wanted.end);
        if visible.is_empty() {
            return None;
        }
        Some(first.max(wanted.start - reach)..last.min(wanted.end + reach))
    }

    /// The axis over the stored pixels of the full-resolution level. `mirrored` reverses it.
    pub fn axis(&self, outputs: Range<i64>, mirrored: bool) -> StoredAxis {
        let len = self.len;
        let (start, step, low, high) = if mirrored {
            (len - self.start, -self.step, len - self.high, len - self.low)
        } else {
            (self.start, self.step, self.low, self.high)
        };
        StoredAxis { start, step, low, high, outputs }
    }
}

/// An axis over the stored pixels of the full-resolution level.
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
    /// The same axis over a level of `len` pixels; `ratio` is level pixels per full-resolution
    /// pixel.
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

/// The resampling weights of one axis of a level. Subsampled chroma planes have weights of their
/// own.
#[derive(Debug, Clone)]
pub struct Sampling {
    /// Weights for the level's own pixels.
    pub full: Rc<Weights>,
    /// Weights for subsampled planes, whose samples span two pixels each; `None` where no planes
    /// are drawn.
    pub half: Option<Rc<Weights>>,
}

impl Sampling {
    /// Computes the weights of an axis over `len` pixels; with those of subsampled planes if
    /// `planes` is true.
    pub fn new(axis: &Axis, len: u32, planes: bool) -> Self {
        let full = Weights::new(axis);
        let half = planes.then(|| Rc::new(full.of_pairs(len.div_ceil(2))));
        Self { full: Rc::new(full), half }
    }

    /// The weights for samples that span `shrink` pixels each: 1, or 2 in subsampled planes.
    pub fn of(&self, shrink: u32) -> Rc<Weights> {
        let half = self.half.as_ref().filter(|_| shrink == 2);
        Rc::clone(half.unwrap_or(&self.full))
    }

    /// The same for outputs that are subsampled, too: each is the mean of two.
    pub fn of_output_pairs(&self, shrink: u32) -> Rc<Weights> {
        Rc::new(self.of(shrink).of_output_pairs())
    }

    /// The range of level pixels that the weights use. `len` is the length of the level.
    pub fn source(&self, len: u32) -> Range<u32> {
        let full = self.full.source();
        self.half.as_ref().map_or(full.clone(), |half| {
            let half = half.source();
            full.start.min(half.start * 2)..full.end.max(half.end * 2).min(len)
        })
    }
}

/// The pixels whose centres lie between two positions. 1e-7 allows for rounding errors.
pub fn pixels_between(first: f64, last: f64) -> Range<i64> {
    let edge = |at: f64| (at + 0.5 - 1e-7).floor().max(-1e9).min(1e9) as i64;
    edge(first)..edge(last)
}

/// The number of the smallest level that need not be enlarged on either axis (G4); 0, the largest,
/// where there is none. Steps are full-resolution pixels per view pixel.
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
