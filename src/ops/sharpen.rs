//! `op_sharpen=`: a fixed 3×3 kernel with centre 2 and eight neighbours of −⅛ (decision G9).

use std::collections::VecDeque;

use super::{AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage};
use crate::{error::Result, protocol::Args, support::Support};

/// The row of `op_sharpen=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_sharpen",
    doc: "r-op-sharpen",
    syntax: "0|1",
    support: Support::Full,
    family: Family::View,
    applies_to: AppliesTo::LayerOrView,
    parse,
}];

/// Sharpening has no parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Sharpen;

/// Any number but 0 switches it on; only the first argument is read (G9).
fn parse(args: &Args) -> Result<Parsed> {
    Ok(args.switch(0)?.unwrap_or(false).then_some(Op::Sharpen(Sharpen)))
}

impl Filter for Sharpen {
    fn needs(&self) -> u32 {
        1
    }

    /// The kernel is 3 × 3 pixels at any scale.
    fn scaled(&self, _factor: f64) -> Parsed {
        Some(Op::Sharpen(*self))
    }

    fn memory(&self, area: Area, _samples: Samples) -> u64 {
        area.samples() * 4 * 4
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let (channels, height) = (area.pixel.samples(), area.height);
        Box::new(Sharpening { channels, height, rows: VecDeque::new(), pushed: 0, next: 0 })
    }
}

struct Sharpening {
    channels: usize,
    height: u32,
    /// The rows under the kernel; the last one is the row pushed last.
    rows: VecDeque<Vec<f32>>,
    pushed: u32,
    next: u32,
}

impl Stage for Sharpening {
    fn push(&mut self, row: &[f32]) {
        // Reuses the buffer of the oldest row, which is above the kernel now.
        let full = self.rows.len() == 3;
        let recycled = if full { self.rows.pop_front() } else { None };
        let mut line = recycled.unwrap_or_default();
        line.clear();
        line.extend_from_slice(row);
        self.rows.push_back(line);
        self.pushed += 1;
    }

    fn pull(&mut self, line: &mut Vec<f32>) -> bool {
        // Rows beyond an edge repeat the row at the edge.
        let below = (self.next + 1).min(self.height - 1);
        if self.next >= self.height || below >= self.pushed {
            return false;
        }
        let oldest = self.pushed - self.rows.len() as u32;
        let row = |y: u32| self.rows.get((y - oldest) as usize).map_or(&[][..], Vec::as_slice);
        let above = self.next.saturating_sub(1);
        sharpen_row(self.channels, [row(above), row(self.next), row(below)], line);
        self.next += 1;
        true
    }
}

fn sharpen_row(channels: usize, rows: [&[f32]; 3], sharp: &mut Vec<f32>) {
    let [above, here, below] = rows;
    let last = here.len() - channels;
    sharp.clear();
    sharp.extend((0..here.len()).map(|at| {
        let left = if at < channels { at } else { at - channels };
        let right = if at >= last { at } else { at + channels };
        let column = |at: usize| above[at] + here[at] + below[at];
        let neighbours = column(left) + column(right) + above[at] + below[at];
        2.0 * here[at] - neighbours * 0.125
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::{PixelFormat, Raster};

    #[test]
    fn a_flat_picture_is_not_changed() {
        let mut raster =
            Raster { width: 4, height: 3, pixel: PixelFormat::RGB, data: vec![90; 36] };
        Op::Sharpen(Sharpen).apply(&mut raster);
        assert!(raster.data.iter().all(|&sample| sample == 90));
    }

    #[test]
    fn a_point_grows_by_the_kernels_centre() {
        let mut data = vec![100; 25];
        data[12] = 140;
        let mut raster = Raster { width: 5, height: 5, pixel: PixelFormat::GRAY, data };
        Op::Sharpen(Sharpen).apply(&mut raster);
        assert_eq!(raster.row(2), [100, 95, 180, 95, 100]);
        assert_eq!(raster.row(1), [100, 95, 95, 95, 100]);
    }

    #[test]
    fn zero_is_off_and_any_other_number_on() {
        let parse = |value| parse(&Args { command: "op_sharpen", value }).unwrap().is_some();
        assert!(!parse("0") && !parse("") && parse("1") && parse("2,0.3,1"));
    }
}
