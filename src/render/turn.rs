//! Turns a raster by 90° or 270° (r-rotate).

use super::rows::RowSink;
use crate::{
    geometry::{Rect, ViewSpace},
    pixel::Raster,
    plan::{Node, TurnStep},
    time_slice::TimeSlice,
};

/// Makes the rows of a turn node from its input raster, which covers `area`.
pub async fn draw(
    step: &TurnStep,
    node: &Node,
    (raster, area): (&Raster, Rect<ViewSpace>),
    sink: &mut RowSink<'_>,
    slice: &mut TimeSlice<'_>,
) {
    let (samples, Rect { x, width, .. }) = (node.pixel.samples(), node.area);
    let mut row = vec![0; width as usize * samples];
    for y in 0..node.area.height {
        for (out, x) in row.chunks_exact_mut(samples).zip(x..) {
            let at = step.input(Rect::new(x, node.area.y + i64::from(y), 1, 1));
            if let Some(pixel) = pixel(raster, at.x - area.x, at.y - area.y) {
                out.copy_from_slice(pixel);
            }
        }
        sink.put(y as usize, &row);
        slice.spend(u64::from(width) + sink.work()).await;
    }
}

fn pixel(raster: &Raster, x: i64, y: i64) -> Option<&[u8]> {
    let samples = raster.pixel.samples();
    let start = usize::try_from(x).ok()? * samples;
    raster.row(u32::try_from(y).ok()?).get(start..start + samples)
}
