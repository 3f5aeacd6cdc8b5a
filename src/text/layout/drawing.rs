//! A text as glyphs at their places.

use std::hash::{Hash, Hasher};

use crate::{color::Color, text::font::FontHandle};

/// A text that is laid out.
#[derive(Debug, Clone, Default, Hash)]
pub struct Drawing {
    /// Its fonts.
    pub fonts: Vec<FontHandle>,
    /// What is drawn, from the bottom to the top.
    pub marks: Vec<Mark>,
}

/// A glyph or a line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Hash)]
pub struct Mark {
    /// Its shape.
    pub shape: MarkShape,
    /// The transform from the units of its shape to pixels of the layer.
    pub to_layer: Affine,
    /// Its colour.
    pub color: Color,
}

/// The shape of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MarkShape {
    /// A glyph, in units of its font with y upwards.
    Glyph {
        /// The index of its font.
        font: u16,
        /// Its number in the font.
        id: u32,
        /// Whether its outline is made bold.
        embolden: bool,
    },
    /// The square from (0, 0) to (1, 1).
    Square,
}

/// An affine transform: (x, y) becomes (a·x + c·y + e, b·x + d·y + f).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine(pub [f64; 6]);

impl Hash for Affine {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.iter().for_each(|number| number.to_bits().hash(state));
    }
}

impl Affine {
    /// Moves.
    pub const fn moved([x, y]: [f64; 2]) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// Rotates around (0, 0), clockwise where y points down; exact for multiples of 90°.
    pub fn rotated(degrees: f64) -> Self {
        let angle = degrees * (std::f64::consts::PI / 180.0);
        let exact = |part: f64| if part.abs() < 1e-15 { 0.0 } else { part };
        let (sin, cos) = (exact(libm::sin(angle)), exact(libm::cos(angle)));
        Self([cos, sin, -sin, cos, 0.0, 0.0])
    }

    /// First this transform, then another one.
    pub fn then(self, Self([a, b, c, d, e, f]): Self) -> Self {
        let Self([i, j, k, l, m, n]) = self;
        let along = |x: f64, y: f64| [a * x + c * y, b * x + d * y];
        let ([a1, b1], [c1, d1], [e1, f1]) = (along(i, j), along(k, l), along(m, n));
        Self([a1, b1, c1, d1, e1 + e, f1 + f])
    }

    /// The point that (x, y) becomes.
    pub fn apply(self, [x, y]: [f64; 2]) -> [f64; 2] {
        let Self([a, b, c, d, e, f]) = self;
        [a * x + c * y + e, b * x + d * y + f]
    }
}

impl Drawing {
    /// Its colours, each once.
    pub fn colors(&self) -> Vec<Color> {
        let mut colors = Vec::new();
        for mark in &self.marks {
            if !colors.contains(&mark.color) {
                colors.push(mark.color);
            }
        }
        colors
    }

    /// Moves all marks.
    pub fn transform(&mut self, by: Affine) {
        self.marks.iter_mut().for_each(|mark| mark.to_layer = mark.to_layer.then(by));
    }
}
