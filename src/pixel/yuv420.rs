//! An image as the planes that a JPEG of subsampled chroma stores.

use crate::geometry::{ReplySpace, Size};

/// An opaque image in YCbCr as JFIF defines it. Each chroma sample covers 2 × 2 pixels.
#[derive(Debug)]
pub struct Yuv420 {
    /// The size in pixels.
    pub size: Size<ReplySpace>,
    /// The samples of Y, Cb and Cr, row by row. Chroma has half as many in each direction, rounded up.
    pub planes: [Vec<u8>; 3],
}

impl Yuv420 {
    /// An image whose samples are all 0.
    pub fn new(size: Size<ReplySpace>) -> Self {
        let [luma, chroma] = [1, 2].map(|shrink| {
            let sides = [size.width, size.height].map(|side| side.div_ceil(shrink) as usize);
            vec![0; sides[0] * sides[1]]
        });
        Self { size, planes: [luma, chroma.clone(), chroma] }
    }

    /// Row `y` of a plane, mutable; empty outside it.
    pub fn row_mut(&mut self, plane: usize, y: usize) -> &mut [u8] {
        let width = self.size.width.div_ceil(if plane == 0 { 1 } else { 2 }) as usize;
        let samples = self.planes.get_mut(plane).map_or(&mut [][..], Vec::as_mut_slice);
        samples.get_mut(y * width..(y + 1) * width).unwrap_or_default()
    }
}
