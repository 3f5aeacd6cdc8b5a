//! Rows on their way from a source to the canvas.

use std::collections::VecDeque;

use super::place::Target;
use crate::{
    color,
    ops::{Area, Chain, Op},
    pixel::{ColorModel, PixelFormat, Raster},
    plan::Step,
};

/// Takes the rows of a picture, from the first to the last or the other way round, through
/// conversion and operations onto the canvas.
pub struct RowSink<'a> {
    target: Target,
    /// The rows as operations get them.
    area: Area,
    /// What rows are converted from, where they are.
    converted: Option<PixelFormat>,
    rgb: Vec<u8>,
    ops: &'a [Op],
    /// Made with the first row, which says in which order rows come.
    chain: Option<Chain>,
    /// Numbers of the rows that are in the chain, and one that comes out of it.
    waiting: VecDeque<usize>,
    row: Vec<u8>,
}

impl<'a> RowSink<'a> {
    /// A sink for the rows of `area`, which these steps change in order.
    pub fn new(target: Target, steps: impl Iterator<Item = &'a Step>, mut area: Area) -> Self {
        let (mut converted, mut ops) = (None, &[][..]);
        for step in steps {
            match step {
                Step::Convert => {
                    converted = Some(area.pixel);
                    area.pixel.model = ColorModel::Rgb;
                }
                Step::Ops(all) => ops = all,
                Step::Source(_) | Step::Place(_) | Step::Encode(_) => {}
            }
        }
        let row = vec![0; if ops.is_empty() { 0 } else { area.samples() as usize }];
        let waiting = VecDeque::new();
        Self { target, area, converted, rgb: Vec::new(), ops, chain: None, waiting, row }
    }

    /// The work of a row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self) -> u64 {
        let converting = if self.converted.is_some() { u64::from(self.area.width) / 4 } else { 0 };
        self.target.work() + Chain::work(self.ops, self.area) + converting
    }

    /// Takes row `nth`.
    pub fn put(&mut self, nth: usize, row: &[u8]) {
        let Some(pixel) = self.converted else { return self.put_converted(nth, row) };
        let mut rgb = std::mem::take(&mut self.rgb);
        color::cmyk_to_rgb(pixel, row, &mut rgb);
        self.put_converted(nth, &rgb);
        self.rgb = rgb;
    }

    fn put_converted(&mut self, nth: usize, row: &[u8]) {
        let pixel = self.area.pixel;
        if self.ops.is_empty() {
            return self.target.put(nth, row, pixel);
        }
        let chain = self.chain.get_or_insert_with(|| {
            // Blocks that are averaged lie on one grid, from whichever end they are counted.
            if nth > 0 {
                self.area.origin[1] = -(self.area.origin[1] + i64::from(self.area.height));
            }
            Chain::new(self.ops, self.area)
        });
        chain.push(row);
        self.waiting.push_back(nth);
        while chain.pull(&mut self.row) {
            let Some(nth) = self.waiting.pop_front() else { break };
            self.target.put(nth, &self.row, pixel);
        }
    }

    /// The canvas.
    pub fn finish(self) -> Raster {
        self.target.finish()
    }
}
