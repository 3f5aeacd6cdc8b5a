//! The transform of a layer that is rotated by no multiple of 90°, or distorted.

use std::hash::{Hash, Hasher};

use super::{
    axis::pixels_between,
    content::ContentLayout,
    matrix::Matrix,
    view::{Frame, Mapping},
};
use crate::{
    commands::Sampling,
    geometry::{Rect, ViewSpace},
};

/// The transform of a raster to the view. The raster has about the resolution of the view.
#[derive(Debug, Clone)]
pub struct WarpStep {
    /// From pixels of the view to pixels of the raster.
    to_input: Matrix,
    /// How the raster is sampled; `None` for a rotation, which uses bicubic interpolation.
    pub sampling: Option<Sampling>,
    /// Pixels of the raster per pixel of the unrotated layer, across and down.
    scale: [f64; 2],
    /// The size of the whole layer in pixels of the raster.
    size: [f64; 2],
    /// Whether the third homogeneous coordinate is positive where the view shows the layer. It is
    /// not beyond the horizon of a perspective.
    is_positive: bool,
}

impl Hash for WarpStep {
    fn hash<H: Hasher>(&self, state: &mut H) {
        // `is_positive` follows from the others.
        let Self { to_input, sampling, scale, size, is_positive: _ } = self;
        (to_input, sampling, scale.map(f64::to_bits), size.map(f64::to_bits)).hash(state);
    }
}

/// The pixels on each side of a position that interpolation reads, with one to spare.
const SUPPORT: f64 = 3.0;

impl WarpStep {
    /// The transform of a layer whose unrotated pixels `matrix` maps to the composite. `None` where
    /// the layer degenerates to a line.
    pub fn new(
        matrix: &Matrix,
        content: &ContentLayout,
        frame: &Frame,
        sampling: Option<Sampling>,
    ) -> Option<Self> {
        let to_view = frame.matrix() * *matrix;
        let sides = [content.across.clip[1] as f64, content.down.clip[1] as f64];
        let [width, height] = sides;
        let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]];
        let corners = corners.map(|corner| to_view.apply(corner));
        let edge = |one: usize, other: usize| {
            let (a, b) = (corners[one], corners[other]);
            libm::hypot(b[0] - a[0], b[1] - a[1])
        };
        // As dense as the longer of two opposite edges, but not denser than the content.
        let most = [content.across, content.down].map(|axis| axis.crop / f64::from(axis.to));
        let scale = [
            (edge(0, 1).max(edge(3, 2)) / width).min(most[0].max(1.0)),
            (edge(0, 3).max(edge(1, 2)) / height).min(most[1].max(1.0)),
        ];
        if !scale.iter().all(|scale| scale.is_finite() && *scale > 0.0) {
            return None;
        }
        let unscaled = Matrix::scale_and_move(scale.map(|scale| 1.0 / scale), [0.0; 2]);
        let to_input = (to_view * unscaled).inverse()?;
        let size = [width * scale[0], height * scale[1]];
        let centre = to_view.apply([width / 2.0, height / 2.0]);
        let is_positive = to_input.depth(centre) > 0.0;
        Some(Self { to_input, sampling, scale, size, is_positive })
    }

    /// The work per pixel, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice) (measured).
    pub fn work(&self) -> u64 {
        match self.sampling {
            None => 10,
            Some(Sampling::Bilinear | Sampling::Nearest) => 8,
            Some(Sampling::Super(_)) => 60,
        }
    }

    /// How positions of the unrotated layer map to pixels of the raster.
    pub fn frame(&self) -> Frame {
        let mapping = |scale| Mapping { origin: 0.0, scale, offset: 0.0 };
        Frame { across: mapping(self.scale[0]), down: mapping(self.scale[1]) }
    }

    /// The position in the raster of a position of the view; `None` beyond the horizon of a
    /// perspective, and where the position is far outside the layer.
    pub fn input(&self, at: [f64; 2]) -> Option<[f64; 2]> {
        let input = self.to_input.apply(at);
        let near = |nth: usize| input[nth] > -SUPPORT && input[nth] < self.size[nth] + SUPPORT;
        let seen = (self.to_input.depth(at) > 0.0) == self.is_positive;
        (seen && near(0) && near(1)).then_some(input)
    }

    /// The part of `wanted` that the layer covers, and the part of the raster that it is made of.
    /// `None` where the layer covers nothing of it.
    pub fn areas(&self, wanted: Rect<ViewSpace>) -> Option<(Rect<ViewSpace>, Rect<ViewSpace>)> {
        let whole = rect([[0.0; 2], self.size], 0.0);
        // A pixel beyond the edge is partly covered.
        let covered = self.to_input.inverse()?.bounds([0.0; 2], self.size);
        let area = covered.map_or(wanted, |covered| rect(covered, 1.0).intersect(&wanted));
        if area.is_empty() {
            return None;
        }
        let corners = [[area.x as f64, area.y as f64], [area.right() as f64, area.bottom() as f64]];
        let read = self.to_input.bounds(corners[0], corners[1]);
        let input = read.map_or(whole, |read| rect(read, SUPPORT).intersect(&whole));
        (!input.is_empty()).then_some((area, input))
    }
}

/// The pixels between two corners, and a margin around them.
fn rect([low, high]: [[f64; 2]; 2], margin: f64) -> Rect<ViewSpace> {
    let side = |nth: usize| pixels_between(low[nth] - margin, high[nth] + margin);
    let (across, down) = (side(0), side(1));
    let len = |range: &std::ops::Range<i64>| u32::try_from(range.end - range.start).unwrap_or(0);
    Rect::new(across.start, down.start, len(&across), len(&down))
}
