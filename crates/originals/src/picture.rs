//! What decoding an original gives: rows of upright pixels, and what is known of them.

use azulejo::{pyramid::Metadata, raster::PixelType};

use crate::{
    Unreadable, photoshop,
    rows::{self, Rows, Whole},
    turn, xmp,
};

/// A picture whose rows are yet to be read.
pub(crate) struct Picture<'a> {
    /// Pixels across and down, as stored.
    pub size: (u32, u32),
    /// What a pixel is.
    pub pixel: PixelType,
    /// Whether its colours come from a palette.
    pub palette: bool,
    /// What is known of it; its orientation is not applied yet.
    pub metadata: Metadata,
    /// Its pixels.
    pub rows: Box<dyn Rows + 'a>,
}

impl<'a> Picture<'a> {
    /// A picture that is decoded already; an alpha that hides nothing is dropped.
    pub fn whole(
        size: (u32, u32),
        pixel: PixelType,
        data: Vec<u8>,
        metadata: Metadata,
    ) -> Picture<'a> {
        let samples = pixel.samples();
        let opaque =
            pixel.alpha && data.iter().skip(samples - 1).step_by(samples).all(|&a| a == 255);
        let (pixel, data) = if opaque {
            let colors = data.chunks_exact(samples).flat_map(|pixel| &pixel[..samples - 1]);
            (PixelType { alpha: false, ..pixel }, colors.copied().collect())
        } else {
            (pixel, data)
        };
        let rows = Whole { stride: size.0 as usize * pixel.samples(), data };
        Picture { size, pixel, palette: false, metadata, rows: Box::new(rows) }
    }

    /// The picture as it is looked at. Mirrored rows are turned as they come; anything else
    /// needs all of them at once.
    pub fn upright(mut self) -> Result<Self, Unreadable> {
        let orientation = self.metadata.orientation.take().unwrap_or(1);
        let samples = self.pixel.samples();
        if !(2..=8).contains(&orientation) {
            return Ok(self);
        }
        self.metadata.xmp = self.metadata.xmp.map(xmp::upright);
        self.metadata.photoshop =
            self.metadata.photoshop.map(|blocks| photoshop::turned(&blocks, orientation));
        if orientation == 2 {
            self.rows = Box::new(turn::Mirrored { rows: self.rows, samples });
            return Ok(self);
        }
        let rows = rows::whole(self.rows, self.size, self.pixel)?;
        let data = rows.all().unwrap_or_default();
        let (size, data) = turn::turned(self.size, samples, data, orientation);
        self.rows = Box::new(Whole { stride: size.0 as usize * samples, data });
        self.size = size;
        Ok(self)
    }
}
