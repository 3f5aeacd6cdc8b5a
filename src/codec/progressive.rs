//! Progressive JPEG, by a library: our own encoder writes one scan.

use jpeg_encoder::{
    Encoder, ImageBuffer, JpegColorType, PixelDensity, PixelDensityUnit, SamplingFactor,
};

use crate::{
    color::from_rgb,
    error::{Error, Result},
    jpeg::Components,
};

/// Width × height × samples.
pub struct Picture<'a> {
    pub pixels: &'a [u8],
    pub width: u16,
    pub height: u16,
    pub components: Components,
}

/// Appends the file, of so many pixels an inch.
pub fn encode(picture: Picture, quality: u8, ppi: u16, out: &mut Vec<u8>) -> Result<()> {
    let mut encoder = Encoder::new(out, quality);
    encoder.set_progressive(true);
    encoder.set_sampling_factor(match picture.components {
        Components::HalvedYCbCr => SamplingFactor::F_2_2,
        Components::Grey | Components::YCbCr | Components::Inks => SamplingFactor::F_1_1,
    });
    encoder.set_density(PixelDensity { density: (ppi, ppi), unit: PixelDensityUnit::Inches });
    let encoded = encoder.encode_image(picture);
    encoded.map_err(|error| Error::bug("the JPEG encoder failed").with_detail(error.to_string()))
}

impl Picture<'_> {
    fn row(&self, y: u16) -> &[u8] {
        let stride = usize::from(self.width) * self.components.count();
        let start = usize::from(y) * stride;
        self.pixels.get(start..start + stride).unwrap_or_default()
    }
}

impl ImageBuffer for Picture<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        match self.components {
            Components::Grey => JpegColorType::Luma,
            Components::YCbCr | Components::HalvedYCbCr => JpegColorType::Ycbcr,
            Components::Inks => JpegColorType::Cmyk,
        }
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [first, second, third, fourth]: &mut [Vec<u8>; 4]) {
        let row = self.row(y);
        match self.components {
            Components::YCbCr => {
                from_rgb::luma(row, first);
                from_rgb::chroma(row, second, third);
            }
            Components::HalvedYCbCr => {
                from_rgb::luma(row, first);
                // Of two by two samples the encoder takes the first. What it repeats below the
                // picture is the last row, which may be a second one.
                let [mut blue, mut red] = [Vec::new(), Vec::new()];
                let last = self.height - 1;
                let rows = [self.row(y & !1), self.row((y | 1).min(last))];
                from_rgb::chroma_of_four(rows, &mut blue, &mut red);
                for (plane, halved) in [(second, blue), (third, red)] {
                    plane.extend(halved.iter().flat_map(|&value| [value; 2]));
                    plane.truncate(first.len());
                }
            }
            Components::Grey | Components::Inks => {
                let planes = [first, second, third, fourth];
                for (plane, nth) in planes.into_iter().zip(0..self.components.count()) {
                    plane.extend(row.iter().skip(nth).step_by(self.components.count()));
                }
            }
        }
    }
}
