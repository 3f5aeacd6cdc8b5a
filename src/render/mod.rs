//! Plan and tiles to the reply's pixels. All questions are settled; this only draws.

mod place;

use std::{collections::VecDeque, rc::Rc};

use place::Target;

use crate::{
    color::ycbcr,
    commands,
    error::Result,
    geometry::Rect,
    ops::{Area, Chain, Op},
    plan::{Draw, Plan, Sampling, level},
    pyramid::{Index, Planes, Rows},
    raster::Raster,
    resample::Resampler,
    scene::Scene,
    time_slice::TimeSlice,
};

/// Gives the stored bytes of a tile of the planned level, by its number.
pub type Tile<'a> = Rc<dyn Fn(usize) -> Option<&'a [u8]> + 'a>;

/// Draws the reply's pixels, for which its tiles are needed; they may go then.
pub async fn draw<'a>(
    scene: &Scene,
    index: &'a Index,
    plan: Plan,
    tile: Tile<'a>,
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let Plan { reply, draw, ops, .. } = plan;
    let (channels, background) = (scene.canvas_channels(), scene.view.background.rgb);
    let area = draw.as_ref().map_or(Rect::new(0, 0, 0, 0), |draw| draw.area);
    let target = Target::new(area, Rect::of(reply), channels, background, slice).await;
    let Some(draw) = draw else { return Ok(target.finish()) };
    let target = target.transposed(draw.transposed);
    let channels = level(index, draw.level)?.channels();
    let mut rows = OnTarget::new(target, ops, &draw, channels);
    resample(index, draw, tile, &mut rows, slice).await?;
    Ok(rows.target.finish())
}

/// What is left to do without tiles: of a mask, its canvas goes.
pub async fn finish(scene: &Scene, raster: Raster, slice: &mut TimeSlice<'_>) -> Raster {
    if scene.reply == commands::Reply::Mask { raster.alpha(slice).await } else { raster }
}

/// Takes drawn rows, in their order or its reverse, through the operations onto the canvas.
struct OnTarget {
    target: Target,
    ops: Vec<Op>,
    area: Area,
    /// Made with the first row, which says whether rows come from the last to the first.
    chain: Option<Chain>,
    /// Numbers of the rows that are in the chain, and one that comes out of it.
    waiting: VecDeque<usize>,
    row: Vec<u8>,
}

impl OnTarget {
    fn new(target: Target, ops: Vec<Op>, draw: &Draw, channels: usize) -> Self {
        let ([x, y], Rect { width, height, .. }) = (draw.origin, draw.area);
        let (origin, [width, height]) = match draw.transposed {
            true => ([y, x], [height, width]),
            false => ([x, y], [width, height]),
        };
        let area = Area { width, height, channels, origin };
        let row = vec![0; if ops.is_empty() { 0 } else { width as usize * channels }];
        Self { target, ops, area, chain: None, waiting: VecDeque::new(), row }
    }

    /// The work of a row, in pixels of a [`TimeSlice`].
    fn work(&self) -> u64 {
        self.target.work() + Chain::work(&self.ops, self.area)
    }

    fn put(&mut self, nth: usize, row: &[u8]) {
        let channels = self.area.channels;
        if self.ops.is_empty() {
            return self.target.put(nth, row, channels);
        }
        let chain = self.chain.get_or_insert_with(|| {
            // Blocks that are averaged lie on one grid, from whichever end they are counted.
            if nth > 0 {
                self.area.origin[1] = -(self.area.origin[1] + i64::from(self.area.height));
            }
            Chain::new(&self.ops, self.area)
        });
        chain.push(row);
        self.waiting.push_back(nth);
        while chain.pull(&mut self.row) {
            let Some(nth) = self.waiting.pop_front() else { break };
            self.target.put(nth, &self.row, channels);
        }
    }
}

/// Streams the level's rows through the resampler; one row of tiles is decoded at a time.
async fn resample<'a>(
    index: &'a Index,
    draw: Draw,
    tile: Tile<'a>,
    target: &mut OnTarget,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let Draw { level: number, across, down, .. } = draw;
    let level = level(index, number)?;
    let of_planes = across.half.is_some().then(|| {
        let (columns, rows) = (across.source(level.width), down.source(level.height));
        let tile = Rc::clone(&tile);
        Planes::new(level, columns, rows, move |number| tile(number))
    });
    if let Some(planes) = of_planes.flatten() {
        resample_planes(planes, &across, &down, target, slice).await?;
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
                target.put(y, pixels);
                slice.spend(resampler.work() + turning).await;
            }
        }
    }
    Ok(())
}

/// The same for YCbCr: each component from its own grid, whose samples lie centred on the
/// pixels they stand for (as JFIF has it), and only what is drawn becomes RGB.
async fn resample_planes(
    mut planes: Planes<'_>,
    across: &Sampling,
    down: &Sampling,
    target: &mut OnTarget,
    slice: &mut TimeSlice<'_>,
) -> Result<()> {
    let mut pixels = vec![0; across.full.len() * 3];
    let mut resamplers = planes
        .subsamplings()
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
                target.put(luma.0, &pixels);
                slice.spend(target.work()).await;
            }
        }
    }
    Ok(())
}
