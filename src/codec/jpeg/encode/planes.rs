//! Splits an image into component planes, one row of units (MCUs) at a time.

use super::Components;
use crate::{codec::Subsampling, color::from_rgb};

/// The samples of an image that is encoded.
#[derive(Clone, Copy)]
pub enum Samples<'a> {
    /// Width × height × samples, in the colour model of the image.
    Interleaved(&'a [u8]),
    /// Y, Cb and Cr. Cb and Cr have half as many samples in each direction, rounded up.
    Yuv420([&'a [u8]; 3]),
}

impl<'a> From<&'a [u8]> for Samples<'a> {
    fn from(pixels: &'a [u8]) -> Self {
        Self::Interleaved(pixels)
    }
}

/// The planes of one row of units.
pub struct Band {
    components: Components,
    planes: Vec<Plane>,
    /// Units across.
    units: usize,
}

/// The plane of one component. Its rows are padded to whole units with their last sample.
struct Plane {
    samples: Vec<u8>,
    /// Samples per row.
    stride: usize,
    /// Blocks per unit, in each direction.
    blocks: usize,
}

/// The width and height of a block, in samples.
const BLOCK: usize = 8;

impl Band {
    /// A band for images of this width, in pixels.
    pub fn new(components: Components, width: usize) -> Self {
        let units = width.div_ceil(BLOCK * components.blocks(0));
        let planes = (0..components.count()).map(|component| {
            let blocks = components.blocks(component);
            let stride = units * blocks * BLOCK;
            Plane { samples: Vec::with_capacity(stride * blocks * BLOCK), stride, blocks }
        });
        Self { components, planes: planes.collect(), units }
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        BLOCK * self.components.blocks(0)
    }

    /// Units across.
    pub fn units(&self) -> usize {
        self.units
    }

    /// Fills the band with the rows from `top` on of an image of width × height pixels. The last row
    /// is repeated below the image.
    pub fn fill(&mut self, samples: Samples, size: (usize, usize), top: usize) {
        match samples {
            Samples::Interleaved(pixels) => self.fill_from_pixels(pixels, size, top),
            Samples::Yuv420(planes) => self.fill_from_planes(planes, size, top),
        }
    }

    fn fill_from_planes(
        &mut self,
        planes: [&[u8]; 3],
        (width, height): (usize, usize),
        top: usize,
    ) {
        for ((plane, samples), shrink) in self.planes.iter_mut().zip(planes).zip([1, 2, 2]) {
            let (width, height) = (width.div_ceil(shrink), height.div_ceil(shrink));
            plane.samples.clear();
            let first = top / shrink;
            for y in first..first + BLOCK * plane.blocks {
                let start = y.min(height - 1) * width;
                let row = samples.get(start..start + width).unwrap_or_default();
                plane.samples.extend_from_slice(row);
                plane.fill_up();
            }
        }
    }

    fn fill_from_pixels(&mut self, pixels: &[u8], (width, height): (usize, usize), top: usize) {
        let stride = width * self.components.count();
        let row = |y: usize| {
            let start = y.min(height - 1) * stride;
            pixels.get(start..start + stride).unwrap_or_default()
        };
        for plane in &mut self.planes {
            plane.samples.clear();
        }
        for y in top..top + self.height() {
            match (self.components, self.planes.as_mut_slice()) {
                (Components::Gray, [grey]) => grey.samples.extend_from_slice(row(y)),
                (Components::YCbCr(Subsampling::Yuv444), [luma, blue, red]) => {
                    from_rgb::luma(row(y), &mut luma.samples);
                    from_rgb::chroma(row(y), &mut blue.samples, &mut red.samples);
                }
                (Components::YCbCr(Subsampling::Yuv420), [luma, blue, red]) => {
                    from_rgb::luma(row(y), &mut luma.samples);
                    if y.is_multiple_of(2) {
                        // Pairs begin at even rows; the last row may be the second of its pair.
                        let above = row(y.min(height - 1) & !1);
                        let (blue, red) = (&mut blue.samples, &mut red.samples);
                        from_rgb::chroma_of_four([above, row(y.min(height - 1) | 1)], blue, red);
                    }
                }
                (_, planes) => {
                    for pixel in row(y).chunks_exact(planes.len()) {
                        planes.iter_mut().zip(pixel).for_each(|(p, &value)| p.samples.push(value));
                    }
                }
            }
            for plane in &mut self.planes {
                plane.fill_up();
            }
        }
    }

    /// The blocks of a component in a unit, in scan order.
    #[inline(always)]
    pub fn blocks(
        &self,
        component: usize,
        unit: usize,
    ) -> impl Iterator<Item = [[u8; BLOCK]; BLOCK]> {
        self.planes.get(component).into_iter().flat_map(move |plane| {
            let Plane { samples, stride, blocks } = plane;
            (0..blocks * blocks).map(move |nth| {
                let (down, across) = (nth / blocks, nth % blocks);
                let start = down * BLOCK * stride + (unit * blocks + across) * BLOCK;
                std::array::from_fn(|y| {
                    let row = samples.get(start + y * stride..).unwrap_or_default();
                    row.first_chunk().copied().unwrap_or_default()
                })
            })
        })
    }
}

impl Plane {
    /// Repeats the last sample to the end of the current row.
    fn fill_up(&mut self) {
        if let Some(&last) = self.samples.last() {
            self.samples.resize(self.samples.len().next_multiple_of(self.stride), last);
        }
    }
}
