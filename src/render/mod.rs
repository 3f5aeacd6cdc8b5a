//! Plan and tiles to the reply's pixels. All questions are settled; this only draws.

mod place;

use std::{collections::VecDeque, rc::Rc};

use place::{Target, place};

use crate::{
    color::ycbcr,
    commands,
    error::Result,
    geometry::{Rect, Reply},
    ops::Adjust,
    plan::{Draw, Plan, Sampling, level},
    pyramid::{Index, Planes, Rows},
    raster::Raster,
    resample::Resampler,
    scene::Scene,
    time_slice::TimeSlice,
};

/// Gives the stored bytes of a tile of the planned level, by its number.
pub type Tile<'a> = Rc<dyn Fn(usize) -> Option<&'a [u8]> + 'a>;

/// What is drawn of a reply: all that takes tiles.
pub struct Drawn {
    raster: Raster,
    /// `None` where the raster is the reply.
    changes: Option<Changes>,
    reply: Rect<Reply>,
}

/// What is still to be done to drawn pixels, and where they lie in the view and in the reply.
struct Changes {
    adjustments: Vec<Rc<dyn Adjust>>,
    origin: [i64; 2],
    area: Rect<Reply>,
}

/// Draws the reply as far as its tiles are needed, which may go then.
pub async fn draw<'a>(
    scene: &Scene,
    index: &'a Index,
    plan: Plan,
    tile: Tile<'a>,
    slice: &mut TimeSlice<'_>,
) -> Result<Drawn> {
    let Plan { reply, draw, adjustments, .. } = plan;
    let reply = Rect::of(reply);
    let (background, channels) = (scene.view.background.rgb, scene.canvas_channels());
    let Some(draw) = draw else {
        let nowhere = Rect::new(0, 0, 0, 0);
        let nothing = Target::new(nowhere, reply, channels, background, slice).await;
        return Ok(Drawn { raster: nothing.finish(), changes: None, reply });
    };
    let (area, origin) = (draw.area, draw.origin);
    let (target, changes) = if adjustments.is_empty() {
        (Target::new(area, reply, channels, background, slice).await, None)
    } else {
        let target = Target::of(area, level(index, draw.level)?.channels());
        (target, Some(Changes { adjustments, origin, area }))
    };
    let raster = resample(index, draw, tile, target, slice).await?;
    Ok(Drawn { raster, changes, reply })
}

impl Drawn {
    /// The reply: changed, and on its background.
    pub async fn finish(self, scene: &Scene, slice: &mut TimeSlice<'_>) -> Raster {
        let Self { mut raster, changes, reply } = self;
        if let Some(Changes { adjustments, origin, area }) = changes {
            for adjust in adjustments {
                adjust.apply(&mut raster, origin, slice).await;
            }
            let channels = scene.canvas_channels();
            if area != reply || raster.channels != channels {
                let background = scene.view.background.rgb;
                raster = place(&raster, area, reply, channels, background, slice).await;
            }
        }
        if scene.reply == commands::Reply::Mask { raster.alpha(slice).await } else { raster }
    }
}

/// Streams the level's rows through the resampler; one row of tiles is decoded at a time.
async fn resample<'a>(
    index: &'a Index,
    draw: Draw,
    tile: Tile<'a>,
    target: Target,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let Draw { level: number, across, down, transposed, .. } = draw;
    let level = level(index, number)?;
    let mut target = target.transposed(transposed);
    let of_planes = across.half.is_some().then(|| {
        let (columns, rows) = (across.source(level.width), down.source(level.height));
        let tile = Rc::clone(&tile);
        Planes::new(level, columns, rows, move |number| tile(number))
    });
    if let Some(planes) = of_planes.flatten() {
        resample_planes(planes, &across, &down, &mut target, slice).await?;
    } else {
        let channels = level.channels();
        let mut resampler = Resampler::new(channels, across.full, down.full);
        let tile = move |number| tile(number);
        let mut rows = Rows::new(level, resampler.columns(), resampler.rows(), tile)?;
        let turning = target.work();
        loop {
            rows.decode(slice).await?;
            let Some(row) = rows.next_row() else { break };
            resampler.push(row?);
            while let Some((y, pixels)) = resampler.pull() {
                target.put(y, pixels, channels);
                slice.spend(resampler.work() + turning).await;
            }
        }
    }
    Ok(target.finish())
}

/// The same for YCbCr: each component from its own grid, whose samples lie centred on the
/// pixels they stand for (as JFIF has it), and only what is drawn becomes RGB.
async fn resample_planes(
    mut planes: Planes<'_>,
    across: &Sampling,
    down: &Sampling,
    target: &mut Target,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let mut pixels = vec![0; across.full.len() * 3];
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
                ycbcr::row_to_rgb([&luma.1, &cb.1, &cr.1], &mut pixels);
                target.put(luma.0, &pixels, 3);
                slice.spend(target.work()).await;
            }
        }
    }
    Ok(())
}
