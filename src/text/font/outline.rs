//! The outlines of glyphs, as closed contours of straight and curved pieces.

use skrifa::outline::OutlinePen;

/// A piece of a contour. Points are in units of the font, with y upwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Piece {
    /// Begins a contour.
    Move([f64; 2]),
    /// A straight line.
    Line([f64; 2]),
    /// A quadratic Bézier curve: its control point and its end.
    Quad([[f64; 2]; 2]),
    /// A cubic Bézier curve: its control points and its end.
    Cubic([[f64; 2]; 3]),
}

/// The outline of a glyph. Each contour ends where it begins. Its inside is found by the non-zero
/// rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outline {
    /// The pieces of all contours.
    pub pieces: Vec<Piece>,
    /// The left, bottom, right and top end of all points, control points too; zeros if it is empty.
    pub bounds: [f64; 4],
}

/// The most pieces of a glyph. Further ones are left out.
const PIECES: usize = 20_000;

impl Outline {
    /// Ends the outline: computes its bounds.
    pub fn finish(mut self) -> Self {
        let mut points = self.pieces.iter().flat_map(Piece::points);
        if let Some([x, y]) = points.next() {
            self.bounds = points.fold([x, y, x, y], |[left, bottom, right, top], [x, y]| {
                [left.min(x), bottom.min(y), right.max(x), top.max(y)]
            });
        }
        self
    }

    fn push(&mut self, piece: Piece) {
        let is_sound = piece.points().all(|point| point.iter().all(|at| at.is_finite()));
        if is_sound && self.pieces.len() < PIECES {
            self.pieces.push(piece);
        }
    }

    /// Bytes of its memory.
    pub fn memory(&self) -> usize {
        size_of::<Self>() + self.pieces.capacity() * size_of::<Piece>()
    }
}

impl Piece {
    fn points(&self) -> impl Iterator<Item = [f64; 2]> + use<> {
        let ([a, b, c], count) = match *self {
            Self::Move(to) | Self::Line(to) => ([to; 3], 1),
            Self::Quad([control, to]) => ([control, to, to], 2),
            Self::Cubic(points) => (points, 3),
        };
        [a, b, c].into_iter().take(count)
    }
}

impl OutlinePen for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push(Piece::Move(point(x, y)));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push(Piece::Line(point(x, y)));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.push(Piece::Quad([point(cx0, cy0), point(x, y)]));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.push(Piece::Cubic([point(cx0, cy0), point(cx1, cy1), point(x, y)]));
    }

    /// Nothing: contours are closed where the next one begins.
    fn close(&mut self) {}
}

fn point(x: f32, y: f32) -> [f64; 2] {
    [x.into(), y.into()]
}
