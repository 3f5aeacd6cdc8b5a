//! Draws an image in the planes that its reply is encoded from. No pixel is converted to RGB and back,
//! and chroma is resampled to the size that it is stored in.

use crate::{
    error::Result,
    pixel::{PixelFormat, Yuv420},
    plan::{ImageAlone, Plan},
    pyramid::Planes,
    resample::Resampler,
    store::Fetched,
    time_slice::TimeSlice,
};

/// The planes of a reply that shows one resampled image. `None` for other replies, and where the tiles
/// have no such planes.
pub async fn draw(
    image: ImageAlone<'_>,
    plan: &Plan,
    fetched: &Fetched,
    slice: &mut TimeSlice<'_>,
) -> Result<Option<Yuv420>> {
    if !image.is_encoded_from_planes() {
        return Ok(None);
    }
    let (source, level) = (image.source, image.level);
    let (across, down) = (&source.across, &source.down);
    let object = fetched.object(source.key());
    let tile = move |number: usize| object?.get(level.tile(number)?.into());
    let (columns, rows) = (across.source(level.width), down.source(level.height));
    let Some(mut planes) = Planes::new(level, columns, rows, tile) else { return Ok(None) };
    let [[width, height], chroma, _] = planes.subsamplings();
    let gray = |across, down| Resampler::new(PixelFormat::GRAY, across, down);
    let [chroma_across, chroma_down] =
        [across.of_output_pairs(chroma[0]), down.of_output_pairs(chroma[1])];
    let mut resamplers = [
        gray(across.of(width), down.of(height)),
        gray(chroma_across.clone(), chroma_down.clone()),
        gray(chroma_across, chroma_down),
    ];
    let mut picture = Yuv420::new(plan.sizes.reply);
    while let Some(bands) = planes.next_bands(slice).await {
        for (nth, (resampler, band)) in resamplers.iter_mut().zip(bands?).enumerate() {
            while !resampler.rows().is_empty() && resampler.rows().start < band.bottom() {
                resampler.push(band.row(resampler.rows().start, resampler.columns()));
                while let Some((y, row)) = resampler.pull() {
                    let target = picture.row_mut(nth, y).iter_mut();
                    target.zip(row).for_each(|(target, sample)| *target = *sample);
                    slice.spend(resampler.work() / 2).await;
                }
            }
        }
    }
    Ok(Some(picture))
}
