//! A rotation by 90° or 270° of what cannot be drawn turned: a nested picture (D13).

use super::{
    matrix::Matrix,
    view::{Frame, Mapping},
};
use crate::geometry::{Rect, ViewSpace};

/// Moves whole pixels: input columns become rows of the view, and input rows its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TurnStep {
    columns: Line,
    rows: Line,
}

/// How the columns or rows of the input lie in the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Line {
    /// They have the numbers of the rows or columns of the view.
    Along,
    /// They run against them. The first one ends at this position of the view.
    Against(i64),
}

/// How far a position may be from the edge of a pixel by rounding errors.
const TOLERANCE: f64 = 1e-7;

impl TurnStep {
    /// The step that turns a layer by a matrix, from the layer to the composite; also how the layer
    /// lies in the input. `None` if the matrix is no such rotation, mirrored or not.
    pub fn new(matrix: &Matrix, frame: &Frame) -> Option<(Self, Frame)> {
        let [[0.0, from_down, left], [from_across, 0.0, top], [0.0, 0.0, 1.0]] = matrix.0 else {
            return None;
        };
        if from_down.abs() != 1.0 || from_across.abs() != 1.0 {
            return None;
        }
        let (columns, across) = line(from_across, top, &frame.down);
        let (rows, down) = line(from_down, left, &frame.across);
        Some((Self { columns, rows }, Frame { across, down }))
    }

    /// The pixels of the input that make pixels of the view.
    pub fn input(&self, Rect { x, y, width, height, .. }: Rect<ViewSpace>) -> Rect<ViewSpace> {
        Rect::new(self.columns.other(y, height), self.rows.other(x, width), height, width)
    }

    /// The pixels of the view that pixels of the input make.
    pub fn output(&self, Rect { x, y, width, height, .. }: Rect<ViewSpace>) -> Rect<ViewSpace> {
        Rect::new(self.rows.other(y, height), self.columns.other(x, width), height, width)
    }
}

/// One axis of the input: position `p` of the layer is `sign · p + start` of the composite.
fn line(sign: f64, start: f64, view: &Mapping) -> (Line, Mapping) {
    let (scale, offset) = (sign * view.scale, view.map(start));
    if scale > 0.0 {
        return (Line::Along, Mapping { origin: 0.0, scale, offset });
    }
    let end = (offset + 0.5).floor();
    let rest = end - offset;
    let offset = if rest.abs() < TOLERANCE { 0.0 } else { rest };
    (Line::Against(end as i64), Mapping { origin: 0.0, scale: -scale, offset })
}

impl Line {
    /// The first of some pixels of the input, from the first pixel in the view; or the reverse.
    fn other(self, first: i64, len: u32) -> i64 {
        match self {
            Self::Along => first,
            Self::Against(end) => end - first - i64::from(len),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{commands::Flip, geometry::Size};

    fn frame(scale: f64) -> Frame {
        let mapping = Mapping { origin: 0.0, scale, offset: 0.0 };
        Frame { across: mapping, down: mapping }
    }

    /// A clockwise rotation of a layer that is 30 pixels high.
    fn clockwise() -> Matrix {
        Matrix::moved([30.0, 0.0]) * Matrix::rotated(90.0)
    }

    #[test]
    fn a_clockwise_turn_makes_columns_of_rows_from_the_right() {
        let (turn, frame) = TurnStep::new(&clockwise(), &frame(0.5)).unwrap();
        assert_eq!((frame.across.scale, frame.down.scale), (0.5, 0.5));
        assert_eq!((frame.across.offset, frame.down.offset), (0.0, 0.0));
        let area = Rect::new(2, 4, 3, 7);
        assert_eq!(turn.input(area), Rect::new(4, 10, 7, 3));
        assert_eq!(turn.output(turn.input(area)), area);
    }

    #[test]
    fn every_quarter_turn_is_one_and_no_other_matrix() {
        let mirrored = Matrix::mirrored(Flip { left_right: true, up_down: false }, Size::new(9, 9));
        for matrix in [Matrix::rotated(270.0), mirrored * clockwise(), clockwise()] {
            assert!(TurnStep::new(&matrix, &frame(1.0)).is_some(), "{matrix:?}");
        }
        let scaled = Matrix::scale_and_move([2.0, 1.0], [0.0; 2]) * clockwise();
        for matrix in [Matrix::rotated(180.0), Matrix::rotated(89.9), mirrored, scaled] {
            assert!(TurnStep::new(&matrix, &frame(1.0)).is_none(), "{matrix:?}");
        }
    }
}
