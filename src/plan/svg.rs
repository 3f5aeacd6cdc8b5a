//! An SVG node: where a drawing lies in the view, and the cells in which it is drawn.
//!
//! A cell lies at a fixed place of the drawing at its scale, whatever part of the view is wanted, so
//! any part of a view equals the whole. A drawing up to the size of the largest cell is one cell.

use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

use super::{axis::ViewAxis, content::ContentLayout, demand::Demand, source::length};
use crate::{
    error::{Error, Result},
    geometry::{Rect, ViewSpace},
    limits,
    svg::{Drawing, Load, SvgPixels, SvgPlace},
};

/// Sides of cells in pixels. The first that fits the limits is taken, or else the last.
const SIDES: [u32; 5] = [2048, 1024, 512, 256, 128];

/// Cells whose work is counted one by one. More are as many times the most that any takes.
const COUNTED: u64 = 64;

/// A drawing in the view.
#[derive(Debug, Clone)]
pub struct SvgStep {
    /// The drawing.
    pub drawing: Rc<Drawing>,
    /// From pixels of the drawing to pixels of the view: x is `a·x + c·y + e`, y is `b·x + d·y + f`.
    matrix: [f64; 6],
    /// All pixels of the view that show the drawing.
    bounds: Rect<ViewSpace>,
    /// The width and height of a cell.
    cell: [u32; 2],
    /// The most that a cell takes, wherever it lies.
    most: Load,
    /// The images that it shows, in the order of the node's inputs.
    pub images: Vec<SvgInput>,
}

/// An image that a drawing shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SvgInput {
    /// Its number in the drawing.
    pub number: usize,
    /// The width and height of its raster: of the picture, or less where the view is reduced.
    pub size: [u32; 2],
}

impl SvgStep {
    /// Places a drawing. Also returns the wanted pixels that show it; `None` where none does. Fails
    /// if a cell takes too long to draw.
    pub fn new(
        drawing: &Rc<Drawing>,
        content: &ContentLayout,
        demand: Demand,
    ) -> Result<Option<(Self, Rect<ViewSpace>)>> {
        let Some(area) = content.visible(demand) else { return Ok(None) };
        let across = content.across.through(&demand.frame.across);
        let down = content.down.through(&demand.frame.down);
        let everywhere = i64::MIN / 2..i64::MAX / 2;
        let whole = |axis: &ViewAxis| axis.outputs(everywhere.clone(), 0);
        let (Some(columns), Some(rows)) = (whole(&across), whole(&down)) else { return Ok(None) };
        let bounds = Rect::new(columns.start, rows.start, length(&columns), length(&rows));
        let [x, y] = [&across, &down].map(|axis| (1.0 / axis.step, -axis.start / axis.step));
        let matrix = match content.turned {
            false => [x.0, 0.0, 0.0, y.0, x.1, y.1],
            true => [0.0, y.0, x.0, 0.0, x.1, y.1],
        };
        let (cell, most) = cell(drawing, matrix, bounds);
        let images = Vec::new();
        let step = Self { drawing: Rc::clone(drawing), matrix, bounds, cell, most, images };
        step.check(area)?;
        Ok(Some((step, area)))
    }

    /// The cells that show a part of the area.
    pub fn cells(&self, area: Rect<ViewSpace>) -> impl Iterator<Item = Rect<ViewSpace>> {
        let (Rect { x, y, .. }, [width, height]) = (self.bounds, self.cell);
        let cells = |from: i64, to: i64, side: u32| {
            from.div_euclid(side.into())..(to - 1).div_euclid(side.into()) + 1
        };
        let across = cells(area.x - x, area.right() - x, width);
        cells(area.y - y, area.bottom() - y, height).flat_map(move |row| {
            across.clone().map(move |column| {
                let at = [x + column * i64::from(width), y + row * i64::from(height)];
                Rect::new(at[0], at[1], width, height)
            })
        })
    }

    /// Where the images of the drawing lie, by their numbers.
    pub fn places(&self, area: Rect<ViewSpace>) -> Result<Vec<SvgPlace>> {
        self.drawing.places(self.within(area), [area.width, area.height])
    }

    /// Draws a cell with these images: red, green, blue and alpha of its pixels.
    pub fn draw(&self, cell: Rect<ViewSpace>, images: &[Option<SvgPixels>]) -> Result<Vec<u8>> {
        self.drawing.draw(self.within(cell), [cell.width, cell.height], images)
    }

    /// What a cell takes.
    pub fn load(&self, cell: Rect<ViewSpace>) -> Load {
        self.drawing.load(self.within(cell), [cell.width, cell.height], false)
    }

    /// The work of drawing an area, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self, area: Rect<ViewSpace>) -> u64 {
        let count = self.count(area);
        let images = self.images_memory() / 16;
        if count > COUNTED {
            return self.most.work.saturating_mul(count).saturating_add(images);
        }
        self.cells(area).fold(images, |work: u64, cell| work.saturating_add(self.load(cell).work))
    }

    /// Bytes of memory that drawing a cell needs.
    pub fn memory(&self) -> u64 {
        self.most.memory.saturating_add(self.images_memory())
    }

    /// Bytes of the pixels of all images.
    pub fn images_memory(&self) -> u64 {
        let bytes = self.images.iter().map(|image| SvgPixels::memory(image.size));
        bytes.fold(0, u64::saturating_add)
    }

    /// The transform to pixels of a cell.
    fn within(&self, cell: Rect<ViewSpace>) -> [f64; 6] {
        let [a, b, c, d, e, f] = self.matrix;
        [a, b, c, d, e - cell.x as f64, f - cell.y as f64]
    }

    fn count(&self, area: Rect<ViewSpace>) -> u64 {
        let [width, height] = self.cell;
        let side = |len: u32, cell: u32| u64::from(len.div_ceil(cell)) + 1;
        match self.bounds.width <= width && self.bounds.height <= height {
            true => 1,
            false => side(area.width, width) * side(area.height, height),
        }
    }

    fn check(&self, area: Rect<ViewSpace>) -> Result<()> {
        let reach = self.most.reach;
        if reach > limits::SVG_REACH || reaches_too_far(self.cell, self.most, self.bounds) {
            let reach = reach.ceil();
            return Err(Error::too_large(format!(
                "the SVG has a filter that reads {reach} pixels around each at this size; request a \
                 smaller size, or a smaller filter"
            )));
        }
        let limit = limits::SVG_WORK;
        if self.most.work <= limit {
            return Ok(());
        }
        let work = match self.count(area) > COUNTED {
            true => self.most.work,
            false => self.cells(area).map(|cell| self.load(cell).work).max().unwrap_or(0),
        };
        if work <= limit {
            return Ok(());
        }
        let (work, limit) = (work.div_ceil(1_000_000), limit / 1_000_000);
        Err(Error::too_large(format!(
            "the SVG takes too long to draw at this size: {work} million pixels in one piece, the \
             limit is {limit} million; request a smaller size, or simplify its filters and groups"
        )))
    }
}

/// The size of the cells of a drawing, and the most that one takes: the largest that stays within the
/// limits. A filter must not read farther than the renderer draws around a cell, twice its sides.
fn cell(drawing: &Drawing, matrix: [f64; 6], bounds: Rect<ViewSpace>) -> ([u32; 2], Load) {
    let mut found: Option<([u32; 2], Load)> = None;
    for side in SIDES {
        let cell = [bounds.width.min(side), bounds.height.min(side)];
        if found.is_some_and(|(before, _)| before == cell) {
            continue;
        }
        let most = drawing.load(matrix, cell, true);
        // What has many points takes as long in a smaller cell, and more cells take longer.
        let helps = |before: Load| {
            let memory = before.memory > limits::SVG_CELL_MEMORY && most.memory < before.memory;
            memory || most.work <= before.work / 2
        };
        if found.is_some_and(|(_, before)| !helps(before) || reaches_too_far(cell, most, bounds)) {
            break;
        }
        found = Some((cell, most));
        if most.memory <= limits::SVG_CELL_MEMORY && most.work <= limits::SVG_CELL_WORK {
            break;
        }
    }
    found.unwrap_or(([1, 1], Load::default()))
}

/// Whether a filter reads farther around a cell than the renderer draws. What lies outside all
/// pixels of the drawing does not matter.
fn reaches_too_far(cell: [u32; 2], most: Load, bounds: Rect<ViewSpace>) -> bool {
    let is_whole = cell == [bounds.width, bounds.height];
    !is_whole && most.reach > 2.0 * f64::from(cell[0].min(cell[1]))
}

impl Hash for SvgStep {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let Self { drawing, matrix, bounds, cell, most: _, images } = self;
        (drawing.hash(), matrix.map(f64::to_bits), bounds, cell).hash(state);
        if !images.is_empty() {
            images.hash(state);
        }
    }
}
