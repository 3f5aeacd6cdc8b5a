//! `op_sharpen=`: a fixed 3×3 kernel, centre 2 and the eight neighbours −⅛ (decision G9).

use std::rc::Rc;

use super::{Adjust, Operation, Parsed};
use crate::{
    error::Result,
    protocol::Args,
    raster::{Raster, load_row, store_row},
    time_slice::{TimeSlice, Work},
};

/// The row of `op_sharpen=`.
pub const OPERATION: Operation =
    Operation { name: "op_sharpen", doc: "r-op-sharpen", syntax: "0|1", parse };

#[derive(Debug)]
struct Sharpen;

/// Any number but 0 switches it on; only the first argument is read (G9).
fn parse(args: &Args) -> Result<Parsed> {
    Ok(args.switch(0)?.unwrap_or(false).then(|| Rc::new(Sharpen) as Rc<dyn Adjust>))
}

impl Adjust for Sharpen {
    fn reach(&self) -> u32 {
        1
    }

    /// Its kernel is of three pixels at any size.
    fn reduced(self: Rc<Self>, _factor: f64) -> Parsed {
        Some(self)
    }

    fn memory(&self, width: u32, channels: usize) -> u64 {
        u64::from(width) * channels as u64 * 4 * 4
    }

    fn apply<'a>(
        &'a self,
        raster: &'a mut Raster,
        _origin: [i64; 2],
        slice: &'a mut TimeSlice<'_>,
    ) -> Work<'a> {
        Box::pin(self.sharpen(raster, slice))
    }
}

impl Sharpen {
    async fn sharpen(&self, raster: &mut Raster, slice: &mut TimeSlice<'_>) {
        let channels = raster.channels;
        let [mut above, mut here, mut below, mut sharp] = [const { Vec::new() }; 4];
        load_row(channels, raster.row(0), &mut here);
        above.clone_from(&here);
        for y in 0..raster.height {
            load_row(channels, raster.row((y + 1).min(raster.height - 1)), &mut below);
            sharpen_row(channels, [&above, &here, &below], &mut sharp);
            store_row(channels, &sharp, raster.row_mut(y));
            // The row above was overwritten in the raster, but its samples are still here.
            std::mem::swap(&mut above, &mut here);
            std::mem::swap(&mut here, &mut below);
            slice.spend(raster.width.into()).await;
        }
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
    use crate::time_slice::at_once;

    #[test]
    fn a_flat_picture_is_not_changed() {
        let mut raster = Raster { width: 4, height: 3, channels: 3, data: vec![90; 36] };
        at_once(async |slice| Sharpen.sharpen(&mut raster, slice).await);
        assert!(raster.data.iter().all(|&sample| sample == 90));
    }

    #[test]
    fn a_point_grows_by_the_kernels_centre() {
        let mut data = vec![100; 25];
        data[12] = 140;
        let mut raster = Raster { width: 5, height: 5, channels: 1, data };
        at_once(async |slice| Sharpen.sharpen(&mut raster, slice).await);
        assert_eq!(raster.row(2), [100, 95, 180, 95, 100]);
        assert_eq!(raster.row(1), [100, 95, 95, 95, 100]);
    }

    #[test]
    fn zero_is_off_and_any_other_number_on() {
        let parse = |value| parse(&Args { command: "op_sharpen", value }).unwrap().is_some();
        assert!(!parse("0") && !parse("") && parse("1") && parse("2,0.3,1"));
    }
}
