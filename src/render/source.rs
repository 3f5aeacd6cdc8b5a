//! A source node: decodes the tiles of a level and resamples their rows.

use std::{collections::VecDeque, rc::Rc};

use super::rows::RowSink;
use crate::{
    color::ycbcr,
    error::Result,
    pixel::PixelFormat,
    plan::{PlannedSource, Sampling},
    pyramid::{Planes, Rows},
    resample::Resampler,
    store::Object,
    time_slice::TimeSlice,
};

/// Streams the level's rows through the resampler into the sink. One row of tiles is decoded at a
/// time.
pub async fn draw(
    source: &PlannedSource,
    object: Option<&Object>,
    sink: &mut RowSink<'_>,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let level = source.step.level()?;
    let tile = move |number: usize| object?.get(level.tile(number)?.into());
    let (across, down) = (&source.across, &source.down);
    let of_planes = across.half.is_some().then(|| {
        let (columns, rows) = (across.source(level.width), down.source(level.height));
        Planes::new(level, columns, rows, tile)
    });
    if let Some(planes) = of_planes.flatten() {
        return draw_planes(planes, across, down, sink, slice).await;
    }
    let (across, down) = (Rc::clone(&across.full), Rc::clone(&down.full));
    let mut resampler = Resampler::new(level.drawn_type(), across, down);
    let mut rows = Rows::new(level, resampler.columns(), resampler.rows(), tile)?;
    let putting = sink.work();
    loop {
        rows.decode(slice).await?;
        let Some(row) = rows.next_row() else { return Ok(()) };
        resampler.push(row?);
        while let Some((y, pixels)) = resampler.pull() {
            sink.put(y, pixels);
            slice.spend(resampler.work() + putting).await;
        }
    }
}

/// The same for YCbCr planes. Each component is resampled from its own grid, whose samples are
/// centred on the pixels that they cover (as in JFIF). Only resampled rows are converted to RGB.
async fn draw_planes(
    mut planes: Planes<'_>,
    across: &Sampling,
    down: &Sampling,
    sink: &mut RowSink<'_>,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let mut pixels = vec![0; across.full.len() * 3];
    let mut resamplers = planes.subsamplings().map(|[width, height]| {
        Resampler::new(PixelFormat::GRAY, across.of(width), down.of(height))
    });
    // Resampled rows that wait for the same row of the other components.
    let mut made = [const { VecDeque::new() }; 3];
    while let Some(bands) = planes.next_bands(slice).await {
        let bands = bands?;
        // Feed the component with the fewest waiting rows, so that few rows wait.
        while let Some(nth) = (0..3)
            .filter(|&nth| {
                let rows = resamplers[nth].rows();
                rows.start < rows.end.min(bands[nth].bottom())
            })
            .min_by_key(|&nth| made[nth].len())
        {
            let resampler = &mut resamplers[nth];
            let row = bands[nth].row(resampler.rows().start, resampler.columns());
            resampler.push(row);
            while let Some((y, line)) = resampler.pull_unrounded() {
                made[nth].push_back((y, line.to_vec()));
                slice.spend(resampler.work() / 2).await;
            }
            while made.iter().all(|rows| !rows.is_empty()) {
                let [luma, cb, cr] =
                    made.each_mut().map(|rows| rows.pop_front().unwrap_or_default());
                ycbcr::row_to_rgb([&luma.1, &cb.1, &cr.1], &mut pixels);
                sink.put(luma.0, &pixels);
                slice.spend(sink.work()).await;
            }
        }
    }
    Ok(())
}
