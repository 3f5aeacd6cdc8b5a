//! Plan and tiles to the reply's pixels. All questions are settled; this only draws.

mod place;

use crate::{
    commands::Reply,
    error::Result,
    geometry::Rect,
    plan::{Draw, Plan, level},
    pyramid::{Index, Rows},
    raster::Raster,
    scene::Scene,
};

/// Draws the reply: resample, change, put on the background.
///
/// `tile` gives the stored bytes of a tile of the planned level, by its number.
pub fn render<'a>(
    scene: &Scene,
    index: &'a Index,
    plan: Plan,
    tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
) -> Result<Raster> {
    let canvas = canvas(scene, index, plan, tile)?;
    Ok(if scene.reply == Reply::Mask { canvas.alpha() } else { canvas })
}

fn canvas<'a>(
    scene: &Scene,
    index: &'a Index,
    plan: Plan,
    tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
) -> Result<Raster> {
    let Plan { reply, draw, .. } = plan;
    let reply = Rect::of(reply);
    let background = scene.view.background.rgb;
    let channels = scene.canvas_channels();
    let Some(draw) = draw else {
        let nothing = Raster::new(0, 0, channels);
        return Ok(place::place(&nothing, Rect::new(0, 0, 0, 0), reply, channels, background));
    };
    let area = draw.area;
    let mut drawn = resample(index, draw, tile)?;
    for adjust in scene.adjustments.iter().flatten() {
        adjust.apply(&mut drawn);
    }
    if area == reply && drawn.channels == channels {
        return Ok(drawn);
    }
    Ok(place::place(&drawn, area, reply, channels, background))
}

/// Streams the level's rows through the resampler; one row of tiles is decoded at a time.
fn resample<'a>(
    index: &'a Index,
    draw: Draw,
    tile: impl Fn(usize) -> Option<&'a [u8]> + 'a,
) -> Result<Raster> {
    let Draw { level: number, mut resampler, area, transposed, .. } = draw;
    let level = level(index, number)?;
    let (width, height) =
        if transposed { (area.height, area.width) } else { (area.width, area.height) };
    let mut drawn = Raster::new(width, height, level.channels());
    let mut rows = Rows::new(level, resampler.columns(), resampler.rows(), tile)?;
    while let Some(row) = rows.next_row() {
        resampler.push(row?, |y, pixels| drawn.row_mut(y as u32).copy_from_slice(pixels));
    }
    Ok(if transposed { drawn.transposed() } else { drawn })
}
