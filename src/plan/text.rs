//! The node of a text: its glyphs, and their transform to the view.

use std::rc::Rc;

use super::{content::ContentLayout, matrix::Matrix, node::Paint, view::Frame};
use crate::{
    commands::AntiAliasing,
    geometry::{Rect, ViewSpace},
    text::{
        Renderer,
        layout::{Affine, Drawing, Mark},
    },
};

/// A text in the view.
#[derive(Debug, Clone, Hash)]
pub struct TextStep {
    /// Its glyphs.
    pub drawing: Rc<Drawing>,
    /// The transform from the layer to the view.
    pub to_view: Affine,
    /// How edges are smoothed.
    pub edges: Edges,
    /// How those of its colours are drawn that are converted by profiles.
    pub paints: Vec<Paint>,
}

/// How the coverage of a pixel becomes its alpha.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edges {
    /// Pixels are covered or not.
    Hard,
    /// In 256 steps, as with `text=`.
    Smooth,
    /// In 16 steps, as with `textPs=`.
    Coarse,
}

impl Edges {
    /// The edges of a renderer with these attributes.
    pub fn new(renderer: Renderer, anti_aliasing: AntiAliasing) -> Self {
        match (anti_aliasing, renderer) {
            (AntiAliasing::Off, _) => Self::Hard,
            (_, Renderer::Text) => Self::Smooth,
            (_, Renderer::TextPs) => Self::Coarse,
        }
    }
}

/// The pixels of coverage that are computed at once.
pub const BAND: u64 = 1 << 16;

/// Bytes that the flattened outline of a glyph takes: at most so many.
const OUTLINE: u64 = 64 << 10;

impl TextStep {
    /// A text whose layer lies in the view as `content` says.
    pub fn new(
        drawing: &Rc<Drawing>,
        (edges, paints): (Edges, Vec<Paint>),
        content: &ContentLayout,
        frame: &Frame,
    ) -> Self {
        let [width, height] = content.size();
        let unit = Matrix::scale_and_move([1.0 / width, 1.0 / height], [0.0; 2]);
        let Matrix([[a, c, e], [b, d, f], _]) = frame.matrix() * content.matrix() * unit;
        let to_view = Affine([a, b, c, d, e, f]);
        Self { drawing: Rc::clone(drawing), to_view, edges, paints }
    }

    /// The transform of a mark to the view.
    pub fn transform(&self, mark: &Mark) -> Affine {
        mark.to_layer.then(self.to_view)
    }

    /// The work of drawing a part, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    /// Each glyph counts, because whether it lies in the area is known only when it is drawn.
    pub fn work(&self, area: Rect<ViewSpace>) -> u64 {
        let pixels = u64::from(area.width) * u64::from(area.height);
        let glyphs = self.drawing.marks.len() as u64;
        // A glyph fills at most the area, and usually about 600 pixels.
        pixels.saturating_add(glyphs.saturating_mul(pixels.min(600)))
    }

    /// Bytes that drawing takes besides its raster: a band of coverage, and an outline.
    pub fn memory(&self, area: Rect<ViewSpace>) -> u64 {
        let pixels = u64::from(area.width) * u64::from(area.height);
        let band = pixels.min(BAND.max(area.width.into())) + u64::from(area.height.min(1 << 16));
        8 * band + OUTLINE
    }
}
