//! An SVG node: draws the cells of a drawing into a raster, with the rasters of its images.

use crate::{
    error::Result,
    geometry::{Rect, ViewSpace},
    pixel::{PixelFormat, Raster},
    plan::{SvgInput, SvgStep},
    svg::SvgPixels,
    time_slice::TimeSlice,
};

/// The pixels of the images of a step, by their numbers. `inputs` are the rasters of its inputs in
/// order, each with the part of its image that it shows.
pub async fn images<'a>(
    step: &SvgStep,
    inputs: impl Iterator<Item = (&'a Raster, Rect<ViewSpace>)>,
    slice: &mut TimeSlice<'_>,
) -> Vec<Option<SvgPixels>> {
    let mut images = Vec::new();
    for (SvgInput { number, size }, (raster, area)) in step.images.iter().zip(inputs) {
        let pixels = SvgPixels::new(*size, raster, [area.x, area.y]);
        images.resize(images.len().max(number + 1), None);
        if let Some(image) = images.get_mut(*number) {
            *image = Some(pixels);
        }
        slice.spend(SvgPixels::memory(*size) / 16).await;
    }
    images
}

/// Draws an area with these images. Only between two cells can it pause.
pub async fn draw(
    step: &SvgStep,
    area: Rect<ViewSpace>,
    images: &[Option<SvgPixels>],
    slice: &mut TimeSlice<'_>,
) -> Result<Raster> {
    let mut raster = Raster::new(area.width, area.height, PixelFormat::RGBA);
    let bytes = PixelFormat::RGBA.samples();
    let row = area.width as usize * bytes;
    for cell in step.cells(area) {
        let part = cell.intersect(&area);
        if part.is_empty() {
            continue;
        }
        let pixels = step.draw(cell, images)?;
        let len = part.width as usize * bytes;
        let lines = pixels.chunks_exact(cell.width as usize * bytes);
        let lines = lines.skip((part.y - cell.y) as usize).take(part.height as usize);
        let targets = raster.data.chunks_exact_mut(row).skip((part.y - area.y) as usize);
        let (from, to) = ((part.x - cell.x) as usize * bytes, (part.x - area.x) as usize * bytes);
        for (line, target) in lines.zip(targets) {
            if let (Some(line), Some(target)) =
                (line.get(from..from + len), target.get_mut(to..to + len))
            {
                target.copy_from_slice(line);
            }
        }
        slice.spend(step.load(cell).work).await;
    }
    Ok(raster)
}
