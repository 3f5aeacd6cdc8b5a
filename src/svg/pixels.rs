//! The pixels of the images that a document embeds.

use crate::pixel::{ColorModel, Raster};

/// An image that a document embeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SvgImage {
    /// The value of its `href`.
    pub href: String,
    /// The width and height of its picture, in pixels.
    pub size: [u32; 2],
}

/// Where an image of a document is drawn.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct SvgPlace {
    /// Pixels of the view for a pixel of the image, where it is largest.
    pub scale: f64,
    /// Whether it may be visible.
    pub visible: bool,
}

/// The pixels of an image, in red, green, blue and alpha. The colours are premultiplied.
#[derive(Debug, Clone)]
pub struct SvgPixels {
    /// The width and height.
    pub size: [u32; 2],
    /// Rows from the top to the bottom.
    pub data: Vec<u8>,
}

impl SvgPixels {
    /// The pixels of an image of this size, of which a raster at a place shows a part.
    pub fn new(size: [u32; 2], raster: &Raster, [x, y]: [i64; 2]) -> Self {
        let [width, height] = size.map(|side| side as usize);
        let mut data = vec![0; width * height * 4];
        let samples = raster.pixel.samples();
        let rows = data.chunks_exact_mut(width * 4).skip(y.max(0) as usize);
        for (row, line) in rows.zip(raster.data.chunks_exact(raster.width as usize * samples)) {
            let pixels = row.as_chunks_mut::<4>().0.iter_mut().skip(x.max(0) as usize);
            for (pixel, from) in pixels.zip(line.chunks_exact(samples)) {
                let [r, g, b, alpha] = match (raster.pixel.model, from) {
                    (ColorModel::Gray, &[gray]) => [gray, gray, gray, 255],
                    (ColorModel::Gray, &[gray, alpha]) => [gray, gray, gray, alpha],
                    (ColorModel::Rgb, &[r, g, b]) => [r, g, b, 255],
                    (ColorModel::Rgb, &[r, g, b, alpha]) => [r, g, b, alpha],
                    _ => [0; 4],
                };
                let color = |color: u8| ((u32::from(color) * u32::from(alpha) + 127) / 255) as u8;
                *pixel = [color(r), color(g), color(b), alpha];
            }
        }
        Self { size, data }
    }

    /// Bytes of memory of the pixels of an image of this size.
    pub fn memory([width, height]: [u32; 2]) -> u64 {
        u64::from(width) * u64::from(height) * 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixel::PixelFormat;

    #[test]
    fn a_raster_is_placed_in_its_image_and_premultiplied() {
        let mut raster = Raster::new(1, 2, PixelFormat { model: ColorModel::Gray, alpha: true });
        raster.data = vec![200, 255, 100, 51];
        let pixels = SvgPixels::new([2, 3], &raster, [1, 1]).data;
        let rows = [[0; 8], [0, 0, 0, 0, 200, 200, 200, 255], [0, 0, 0, 0, 20, 20, 20, 51]];
        assert_eq!(pixels, rows.concat());
        let mut raster = Raster::new(2, 1, PixelFormat { model: ColorModel::Rgb, alpha: false });
        raster.data = vec![1, 2, 3, 4, 5, 6];
        assert_eq!(SvgPixels::new([2, 1], &raster, [0, 0]).data, [1, 2, 3, 255, 4, 5, 6, 255]);
    }
}
