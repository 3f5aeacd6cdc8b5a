//! Passes rows through several operations in turn; samples are rounded once, at the end.

use super::{Area, Op, Samples, Stage};
use crate::pixel::{PixelFormat, clamp_row, load_row, store_row};

/// The running operations of one image.
pub struct Chain {
    pixel: PixelFormat,
    stages: Vec<Box<dyn Stage>>,
    line: Vec<f32>,
}

impl Chain {
    /// The operations on the rows of an area; the first operation gets 8-bit samples.
    pub fn new(ops: &[Op], area: Area) -> Self {
        let filters = ops.iter().map(Op::filter);
        let stages = filters.zip(kinds()).map(|(filter, rows)| filter.stage(area, rows));
        Self { pixel: area.pixel, stages: stages.collect(), line: Vec::new() }
    }

    /// The peak memory of the operations, in bytes.
    pub fn memory(ops: &[Op], area: Area) -> u64 {
        let filters = ops.iter().map(Op::filter);
        let stages = filters.zip(kinds()).map(|(filter, rows)| filter.memory(area, rows));
        let line = area.samples() * 4;
        stages.fold(line, u64::saturating_add)
    }

    /// The work per row, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).
    pub fn work(ops: &[Op], area: Area) -> u64 {
        let filters = ops.iter().map(Op::filter);
        filters.map(|filter| filter.work() * u64::from(area.width)).sum()
    }

    /// Accepts the next row of 8-bit samples. Pull all finished rows before the next call.
    pub fn push(&mut self, row: &[u8]) {
        load_row(self.pixel, row, &mut self.line);
        if let Some(first) = self.stages.first_mut() {
            first.push(&mut self.line);
        }
    }

    /// Writes the next finished row to `row`; false if none is finished.
    pub fn pull(&mut self, row: &mut [u8]) -> bool {
        let done = pull(self.pixel, &mut self.stages, &mut self.line);
        if done {
            store_row(self.pixel, &self.line, row);
        }
        done
    }
}

fn kinds() -> impl Iterator<Item = Samples> {
    std::iter::once(Samples::Bytes).chain(std::iter::repeat(Samples::Floats))
}

/// Pulls the next finished row of the last stage.
fn pull(pixel: PixelFormat, stages: &mut [Box<dyn Stage>], line: &mut Vec<f32>) -> bool {
    let Some((last, before)) = stages.split_last_mut() else { return false };
    loop {
        if last.pull(line) {
            return true;
        }
        if !pull(pixel, before, line) {
            return false;
        }
        // The input of every operation stays in the valid range of samples.
        clamp_row(pixel, line);
        last.push(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ops::{Parsed, find},
        pixel::Raster,
        protocol::Args,
    };

    fn op(name: &str, value: &str) -> Parsed {
        (find(name).unwrap().parse)(&Args { command: "op", value }).unwrap()
    }

    fn picture(width: u32, height: u32, pixel: PixelFormat) -> Raster {
        let mut raster = Raster::new(width, height, pixel);
        let samples = raster.data.iter_mut().zip(0_u32..);
        samples.for_each(|(sample, at)| *sample = (at * at / 7 + at * 13) as u8);
        raster
    }

    fn through(ops: &[Op], raster: &Raster) -> Raster {
        let Raster { width, height, pixel, .. } = *raster;
        let mut chain = Chain::new(ops, Area::new(width, height, pixel));
        let mut out = Raster::new(width, height, pixel);
        let mut done = 0;
        for y in 0..height {
            chain.push(raster.row(y));
            while chain.pull(out.row_mut(done)) {
                done += 1;
            }
        }
        assert_eq!(done, height, "as many rows as were pushed");
        out
    }

    #[test]
    fn every_row_comes_out_whatever_the_size_and_the_radius() {
        for (width, height) in [(1, 1), (1, 40), (40, 1), (9, 3), (33, 70)] {
            for pixel in [PixelFormat::GRAY, PixelFormat::RGB, PixelFormat::RGBA] {
                let raster = picture(width, height, pixel);
                for radius in ["0.3", "2", "5", "31", "250"] {
                    let mask = op("op_usm", &format!("1,{radius}")).unwrap();
                    through(&[mask], &raster);
                    through(&[op("op_sharpen", "1").unwrap(), mask], &raster);
                }
                for radius in ["1", "-1", "7", "-12", "60"] {
                    let names = ["op_growMask", "op_grow", "op_blur", "op_noise", "op_invert"];
                    let ops: Vec<Op> = names.iter().filter_map(|name| op(name, radius)).collect();
                    through(&ops, &raster);
                    ops.iter().for_each(|op| drop(through(&[*op], &raster)));
                }
            }
        }
    }

    #[test]
    fn two_operations_round_once() {
        let raster = picture(40, 30, PixelFormat::GRAY);
        let (sharpen, mask) = (op("op_sharpen", "1").unwrap(), op("op_usm", "1.5,1").unwrap());
        let at_once = through(&[sharpen, mask], &raster);
        let in_turn = through(&[mask], &through(&[sharpen], &raster));
        let apart = at_once.data.iter().zip(&in_turn.data).map(|(a, b)| a.abs_diff(*b));
        let most = apart.max().unwrap();
        assert!((1..=3).contains(&most), "{most}");
    }

    #[test]
    fn a_picture_in_memory_is_changed_in_place() {
        for value in ["1,1", "2,9"] {
            let mask = op("op_usm", value).unwrap();
            let mut raster = picture(50, 41, PixelFormat::RGB);
            let wanted = through(&[mask], &raster);
            mask.apply(&mut raster);
            assert!(raster == wanted, "{value}");
        }
    }
}
