//! A decoded original: its rows and its pixel type.

use azulejo::{
    geometry::{Size, SourceSpace},
    pixel::PixelFormat,
    pyramid::Metadata,
};

use crate::{
    Unreadable, orientation, photoshop,
    rows::{self, InMemory, RowSource},
    xmp,
};

/// A picture whose rows can be read once.
pub(crate) struct Picture<'a> {
    /// Size of `rows`.
    pub size: Size<SourceSpace>,
    /// The pixel type of `rows`.
    pub pixel: PixelFormat,
    /// Whether the file has a palette. `rows` hold the colours, not the indexes.
    pub palette: bool,
    /// The pixels.
    pub rows: Box<dyn RowSource + 'a>,
}

impl<'a> Picture<'a> {
    /// A picture whose samples are all decoded: height × width × samples bytes in `data`. Drops an
    /// alpha channel that is opaque everywhere.
    pub fn decoded(size: Size<SourceSpace>, pixel: PixelFormat, data: Vec<u8>) -> Picture<'a> {
        let samples = pixel.samples();
        let opaque =
            pixel.alpha && data.iter().skip(samples - 1).step_by(samples).all(|&a| a == 255);
        let (pixel, data) = if opaque {
            let colors = data.chunks_exact(samples).flat_map(|pixel| &pixel[..samples - 1]);
            (PixelFormat { alpha: false, ..pixel }, colors.copied().collect())
        } else {
            (pixel, data)
        };
        let rows = InMemory { stride: size.width as usize * pixel.samples(), data };
        Picture { size, pixel, palette: false, rows: Box::new(rows) }
    }

    /// The picture with the orientation of its metadata applied. Mirroring streams row by row; all
    /// other orientations need all rows in memory.
    pub fn upright(mut self, metadata: &mut Metadata) -> Result<Self, Unreadable> {
        let orientation = metadata.orientation.take().unwrap_or(1);
        let samples = self.pixel.samples();
        if !(2..=8).contains(&orientation) {
            return Ok(self);
        }
        metadata.xmp = metadata.xmp.take().map(xmp::reset_orientation);
        let resources = metadata.photoshop.take();
        metadata.photoshop =
            resources.map(|blocks| photoshop::apply_orientation(&blocks, orientation));
        if orientation == 2 {
            self.rows = Box::new(orientation::Mirrored { rows: self.rows, samples });
            return Ok(self);
        }
        let rows = rows::into_memory(self.rows, self.size, self.pixel, &mut || {})?;
        let data = rows.in_memory().unwrap_or_default();
        let (size, data) = orientation::apply(self.size, samples, data, orientation);
        self.rows = Box::new(InMemory { stride: size.width as usize * samples, data });
        self.size = size;
        Ok(self)
    }
}
