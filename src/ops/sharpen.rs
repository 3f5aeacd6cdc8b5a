//! `op_sharpen=`: a fixed 3×3 kernel with centre 2 and eight neighbours of −⅛ (decision G9).

use std::collections::VecDeque;

use wide::f32x8;

use super::{AppliesTo, Area, Family, Filter, Op, Operation, Parsed, Samples, Stage};
use crate::{error::Result, protocol::Args, support::Support, usage::Usage};

/// The row of `op_sharpen=`.
pub const ROWS: &[Operation] = &[Operation {
    name: "op_sharpen",
    doc: "r-op-sharpen",
    usage: Usage::new("Sharpen", "sharpen: 0|1")
        .help("Sharpens the picture with a fixed strength. Unsharp mask gives more control.")
        .example("wid=500&op_sharpen=1")
        .basic(),
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
        // Three rows under the kernel, the sums of their columns, and the row that is returned.
        (area.samples() * 5 + 2 * area.pixel.samples() as u64) * 4
    }

    fn stage(&self, area: Area, _samples: Samples) -> Box<dyn Stage> {
        let (channels, height) = (area.pixel.samples(), area.height);
        let (rows, columns) = (VecDeque::new(), Vec::new());
        Box::new(Sharpening { channels, height, rows, columns, pushed: 0, next: 0 })
    }
}

struct Sharpening {
    channels: usize,
    height: u32,
    /// The rows under the kernel; the last one is the row pushed last.
    rows: VecDeque<Vec<f32>>,
    columns: Vec<f32>,
    pushed: u32,
    next: u32,
}

impl Stage for Sharpening {
    fn push(&mut self, row: &mut Vec<f32>) {
        // Reuses the buffer of the oldest row, which is above the kernel now.
        let full = self.rows.len() == 3;
        let recycled = if full { self.rows.pop_front() } else { None };
        self.rows.push_back(std::mem::replace(row, recycled.unwrap_or_default()));
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
        sharpen_row(
            self.channels,
            [row(above), row(self.next), row(below)],
            &mut self.columns,
            line,
        );
        self.next += 1;
        true
    }
}

/// `columns` is a buffer for the sums of three samples below each other.
fn sharpen_row(
    channels: usize,
    [above, here, below]: [&[f32]; 3],
    columns: &mut Vec<f32>,
    sharp: &mut Vec<f32>,
) {
    let len = here.len();
    columns.resize(len + 2 * channels, 0.0);
    let sums = columns.get_mut(channels..channels + len).unwrap_or_default();
    combine(sums, [above, here, below, here, here], |[above, here, below, ..]| {
        above + here + below
    });
    // Beyond an edge, the edge pixel repeats.
    columns.copy_within(channels..2 * channels, 0);
    columns.copy_within(len..len + channels, len + channels);
    let right = columns.get(2 * channels..).unwrap_or_default();
    sharp.resize(len, 0.0);
    combine(sharp, [columns, right, above, below, here], |[left, right, above, below, here]| {
        f32x8::splat(2.0) * here - (left + right + above + below) * f32x8::splat(0.125)
    });
}

/// Writes what a formula gives for the samples of five rows, which are at least as long.
#[inline(always)]
fn combine(out: &mut [f32], rows: [&[f32]; 5], formula: impl Fn([f32x8; 5]) -> f32x8) {
    let (blocks, rest) = out.as_chunks_mut::<8>();
    let end = blocks.len() * 8;
    for (block, at) in blocks.iter_mut().zip((0..).step_by(8)) {
        let samples = rows.map(|row| row.get(at..at + 8).and_then(<[f32]>::first_chunk));
        *block = formula(samples.map(|samples| f32x8::new(samples.copied().unwrap_or_default())))
            .to_array();
    }
    for (out, at) in rest.iter_mut().zip(end..) {
        let samples = rows.map(|row| f32x8::splat(row.get(at).copied().unwrap_or_default()));
        *out = formula(samples).to_array()[0];
    }
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
