//! The area that lines of text fill.

use std::cell::Cell;

use super::path::{Polyline, both, inside, without};
use crate::error::{Error, Result};

/// An area, in pixels.
#[derive(Debug, Clone)]
pub struct Area {
    /// The vertical position at which the first line begins.
    pub top: f64,
    /// The vertical position at which lines end; infinite where nothing limits them.
    pub bottom: f64,
    /// Where lines begin and end.
    pub sides: Sides,
    /// The points of polygons that may still be measured.
    budget: Cell<u64>,
}

/// The horizontal limits of lines.
#[derive(Debug, Clone)]
pub enum Sides {
    /// Lines are as long as they are. They are aligned at x 0.
    Free,
    /// From one x to another.
    Straight([f64; 2]),
    /// Within some polygons, and outside of others.
    Shape {
        /// The polygons that lines fill.
        within: Vec<Polyline>,
        /// The polygons that they leave free.
        outside: Vec<Polyline>,
    },
}

/// The horizontal lines at which the room in a shape is measured, for each line of text.
const SAMPLES: u32 = 16;

/// How many points of polygons are measured for one text: about half a second in wasm.
const BUDGET: u64 = 50_000_000;

impl Area {
    /// An area between two vertical positions.
    pub fn new([top, bottom]: [f64; 2], sides: Sides) -> Self {
        Self { top, bottom, sides, budget: Cell::new(BUDGET) }
    }

    /// The area of polygons, without those of others.
    pub fn of_shape(within: Vec<Polyline>, outside: Vec<Polyline>) -> Self {
        let ends = within.iter().flat_map(|line| &line.points).map(|[_, y]| *y);
        let [top, bottom] = ends.fold([f64::INFINITY, f64::NEG_INFINITY], |[top, bottom], y| {
            [top.min(y), bottom.max(y)]
        });
        let (top, bottom) = if top < bottom { (top, bottom) } else { (0.0, 0.0) };
        Self::new([top, bottom], Sides::Shape { within, outside })
    }

    /// Fails if there was too much to measure.
    pub fn check(&self) -> Result<()> {
        if self.budget.get() > 0 {
            return Ok(());
        }
        Err(Error::too_large("textFlowPath= or textFlowXPath=: the path is too long for its text"))
    }

    /// Whether nothing limits the length of lines.
    pub fn is_free(&self) -> bool {
        matches!(self.sides, Sides::Free)
    }

    /// Whether its lines have different lengths.
    pub fn is_shape(&self) -> bool {
        matches!(self.sides, Sides::Shape { .. })
    }

    /// The intervals in which a line between two vertical positions may lie, from left to right:
    /// their beginnings and their lengths.
    pub fn intervals(&self, [above, below]: [f64; 2]) -> Vec<[f64; 2]> {
        match &self.sides {
            Sides::Free => vec![[0.0, f64::INFINITY]],
            Sides::Straight([left, right]) => vec![[*left, right - left]],
            Sides::Shape { within, outside } => {
                let points = within.iter().chain(outside).map(|line| line.points.len() as u64);
                let work = u64::from(SAMPLES) * points.sum::<u64>();
                self.budget.set(self.budget.get().saturating_sub(work));
                if self.budget.get() == 0 {
                    return Vec::new();
                }
                let at = |nth: u32| {
                    let part = (f64::from(nth) + 0.5) / f64::from(SAMPLES);
                    let y = above + part * (below - above);
                    without(&inside(within, y), &inside(outside, y))
                };
                let all = (1..SAMPLES).fold(at(0), |all, nth| both(&all, &at(nth)));
                all.into_iter().map(|[from, to]| [from, to - from]).collect()
            }
        }
    }
}
