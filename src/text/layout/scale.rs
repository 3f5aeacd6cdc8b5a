//! The sizes of a text in pixels.

use super::shape::{Cluster, Opened, Shaped, Span};
use crate::{
    error::Result,
    text::{Renderer, Script, font::Metrics},
};

/// How points become pixels of the composite.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Pixels per point.
    pub point: f64,
    /// How far copy-fitted text is enlarged: 0 is its size, 1 its largest size.
    pub fit: f64,
}

/// The size of `\super` and `\sub`, in parts of that of the text around them. Their shift is in
/// parts of that size, too. The numbers were fitted to pictures of the real server.
const SCRIPT: f64 = 2.0 / 3.0;
const SUPER: f64 = 0.24;
const SUB: f64 = -0.15;

/// The size of small capitals, as Photoshop's.
const SMALL_CAPITALS: f64 = 0.7;

/// Photoshop's automatic leading, in parts of the size (N21).
const LEADING: f64 = 1.2;

impl Scale {
    /// Twips in pixels.
    pub fn twips(self, twips: i32) -> f64 {
        f64::from(twips) / 20.0 * self.point
    }

    /// The size that a format has without `\super` and the like, in pixels.
    fn full(self, span: &Span) -> f64 {
        let (size, most) = (f64::from(span.format.size), f64::from(span.format.copy_fit));
        let fitted = if most > size { size + self.fit * (most - size) } else { size };
        fitted / 2.0 * self.point
    }

    /// The size of characters, in pixels per em.
    pub fn size(self, span: &Span) -> f64 {
        let script = if span.format.script == Script::Normal { 1.0 } else { SCRIPT };
        let small = if span.small { SMALL_CAPITALS } else { 1.0 };
        self.full(span) * script * small
    }

    /// How far the baseline of characters is raised, in whole pixels.
    pub fn raise(self, span: &Span) -> f64 {
        let script = match span.format.script {
            Script::Normal => 0.0,
            Script::Super => SUPER,
            Script::Sub => SUB,
        };
        let shift = f64::from(span.format.baseline_shift) / 2.0 * self.point;
        (shift + script * self.full(span) + 0.5).floor()
    }

    /// The width of each cluster in pixels; 0 for a tab, which depends on its place.
    pub fn widths(self, shaped: &Shaped, opened: &Opened) -> Result<Vec<f64>> {
        let width = |cluster: &Cluster| {
            let Some(span) = shaped.spans.get(cluster.span) else { return Ok(0.0) };
            if cluster.glyphs.is_empty() {
                return Ok(0.0);
            }
            let em = opened.font(cluster.font)?.metrics.em;
            let across = f64::from(span.format.scale_x).abs() / 100.0;
            let advance = cluster.advance * self.size(span) / em * across;
            Ok((advance + self.twips(span.format.tracking.into())).max(0.0))
        };
        shaped.clusters.iter().map(width).collect()
    }

    /// The room that characters need above and below the baseline of their line.
    pub fn cell(self, renderer: Renderer, span: &Span, metrics: &Metrics) -> Cell {
        let size = self.size(span);
        match renderer {
            Renderer::Text => {
                let size = size * f64::from(span.format.scale_y).abs() / 100.0;
                let [above, below] = [metrics.ascent, metrics.descent]
                    .map(|units| (units * size / metrics.em + 0.5).floor());
                let raise = self.raise(span);
                Cell { above: above + raise, below: below - raise, leading: 0.0 }
            }
            Renderer::TextPs => {
                let [above, below] = [metrics.typo_ascent, metrics.typo_descent]
                    .map(|units| (units * self.full(span) / metrics.em + 0.5).floor());
                Cell { above, below, leading: LEADING * self.full(span) }
            }
        }
    }
}

/// The height of characters or of a line, in pixels from its baseline.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Above it, in whole pixels.
    pub above: f64,
    /// Below it, in whole pixels.
    pub below: f64,
    /// The distance from the baseline above it, with `textPs=`.
    pub leading: f64,
}

impl Cell {
    /// The cell that contains both.
    pub fn max(self, other: Self) -> Self {
        Self {
            above: self.above.max(other.above),
            below: self.below.max(other.below),
            leading: self.leading.max(other.leading),
        }
    }
}
