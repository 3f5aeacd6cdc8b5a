//! Plan and tiles to the reply's pixels. All questions are settled; this only draws.

mod place;

use std::{collections::VecDeque, rc::Rc};

use crate::{
    color::ycbcr,
    commands::Reply,
    error::Result,
    geometry::Rect,
    plan::{Draw, Plan, Sampling, level},
    pyramid::{Index, Planes, Rows},
    raster::Raster,
    resample::Resampler,
    scene::Scene,
    time_slice::TimeSlice,
};

/// Draws the reply: resample, change, put on the background.
///
/// `tile` gives the stored bytes of a tile of the planned level, by its number.
pub async fn render<'a>(
    scene: &Scene,
    index: &'a Index,
    plan: Plan,
    tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let canvas = canvas(scene, index, plan, tile, slice).await?;
    Ok(if scene.reply == Reply::Mask { canvas.alpha(slice).await } else { canvas })
}

async fn canvas<'a>(
    scene: &Scene,
    index: &'a Index,
    plan: Plan,
    tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let Plan { reply, draw, adjustments, .. } = plan;
    let reply = Rect::of(reply);
    let background = scene.view.background.rgb;
    let channels = scene.canvas_channels();
    let Some(draw) = draw else {
        let nothing = Raster::new(0, 0, channels);
        let nowhere = Rect::new(0, 0, 0, 0);
        return Ok(place::place(&nothing, nowhere, reply, channels, background, slice).await);
    };
    let (area, origin) = (draw.area, draw.origin);
    let mut drawn = resample(index, draw, tile, slice).await?;
    for adjust in adjustments {
        adjust.apply(&mut drawn, origin, slice).await;
    }
    if area == reply && drawn.channels == channels {
        return Ok(drawn);
    }
    Ok(place::place(&drawn, area, reply, channels, background, slice).await)
}

/// Streams the level's rows through the resampler; one row of tiles is decoded at a time.
async fn resample<'a>(
    index: &'a Index,
    draw: Draw,
    tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let Draw { level: number, across, down, area, transposed, .. } = draw;
    let level = level(index, number)?;
    let (width, height) =
        if transposed { (area.height, area.width) } else { (area.width, area.height) };
    let mut drawn = Raster::new(width, height, level.channels());
    let tile = Rc::new(tile);
    let of_planes = across.half.is_some().then(|| {
        let (columns, rows) = (across.source(level.width), down.source(level.height));
        let tile = Rc::clone(&tile);
        Planes::new(level, columns, rows, move |number| tile(number))
    });
    if let Some(planes) = of_planes.flatten() {
        resample_planes(planes, &across, &down, &mut drawn, slice).await?;
    } else {
        let mut resampler = Resampler::new(level.channels(), across.full, down.full);
        let tile = move |number| tile(number);
        let mut rows = Rows::new(level, resampler.columns(), resampler.rows(), tile)?;
        loop {
            rows.decode(slice).await?;
            let Some(row) = rows.next_row() else { break };
            resampler.push(row?);
            while let Some((y, pixels)) = resampler.pull() {
                drawn.row_mut(y as u32).copy_from_slice(pixels);
                slice.spend(resampler.work()).await;
            }
        }
    }
    Ok(if transposed { drawn.transposed(slice).await } else { drawn })
}

/// The same for YCbCr: each component from its own grid, whose samples lie centred on the
/// pixels they stand for (as JFIF has it), and only what is drawn becomes RGB.
async fn resample_planes(
    mut planes: Planes<'_>,
    across: &Sampling,
    down: &Sampling,
    drawn: &mut Raster,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let mut resamplers = planes
        .shrinks()
        .map(|[width, height]| Resampler::new(1, across.of(width), down.of(height)));
    // Rows that are made, and wait for the same row of the other components.
    let mut made = [const { VecDeque::new() }; 3];
    while let Some(bands) = planes.next_bands(slice).await {
        let bands = bands?;
        // In step, so that few rows wait.
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
                ycbcr::row_to_rgb([&luma.1, &cb.1, &cr.1], drawn.row_mut(luma.0 as u32));
            }
        }
    }
    Ok(())
}
