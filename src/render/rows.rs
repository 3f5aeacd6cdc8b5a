//! Passes rows from a source to the canvas.

use std::collections::VecDeque;

use super::place::Target;
use crate::{
    color,
    ops::{Area, Chain, Op},
    pixel::{ColorModel, PixelFormat, Raster},
    plan::Step,
};

/// Receives the rows of an image, from first to last or from last to first. Converts them, applies
/// operations, and writes them to the canvas.
pub struct RowSink<'a> {
    target: Target,
    /// Shape and pixel format of the rows that operations receive.
    area: Area,
    /// The pixel format before the conversion to RGB; `None` without conversion.
    converted: Option<PixelFormat>,
    rgb: Vec<u8>,
    ops: &'a [Op],
    /// Created with the first row, whose number shows the order of the rows.
    chain: Option<Chain>,
    /// Numbers of the rows inside the chain. `row` is the buffer for its output.
    waiting: VecDeque<usize>,
    row: Vec<u8>,
}

impl<'a> RowSink<'a> {
    /// A sink for rows of `area`, which applies these steps in order.
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

    /// The cost of a row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(&self) -> u64 {
        let converting = if self.converted.is_some() { u64::from(self.area.width) / 4 } else { 0 };
        self.target.work() + Chain::work(self.ops, self.area) + converting
    }

    /// Receives row `nth` of the image.
    pub fn put(&mut self, nth: usize, row: &[u8]) {
        let Some(pixel) = self.converted else { return self.put_converted(nth, row) };
        let mut rgb = std::mem::take(&mut self.rgb);
        color::row_to_rgb(pixel, row, &mut rgb);
        self.put_converted(nth, &rgb);
        self.rgb = rgb;
    }

    fn put_converted(&mut self, nth: usize, row: &[u8]) {
        let pixel = self.area.pixel;
        if self.ops.is_empty() {
            return self.target.put(nth, row, pixel);
        }
        let chain = self.chain.get_or_insert_with(|| {
            let area = if nth > 0 { self.area.from_the_bottom() } else { self.area };
            Chain::new(self.ops, area)
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
