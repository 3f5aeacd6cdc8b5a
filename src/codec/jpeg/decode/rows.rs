//! Decodes rows of pixels, top to bottom. Only the necessary rows of MCUs are in memory.

use super::{
    Decoder, Fault, Header, OnDamage, Segment,
    colors::Colors,
    layout::{Layout, Plane},
    upsample::Upsampler,
};
use crate::{color::ycbcr, time_slice::at_once};

/// The colour transform of a pixel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// The samples stay unchanged.
    Identity,
    /// The first three samples are YCbCr and become RGB.
    YCbCr,
    /// The samples are inverted CMYK and become CMYK.
    Cmyk,
    /// The samples are inverted CMYK, with CMY stored as YCbCr, and become CMYK.
    Ycck,
}

impl From<Colors> for Transform {
    fn from(colors: Colors) -> Self {
        match colors {
            Colors::Gray | Colors::Rgb => Self::Identity,
            Colors::YCbCr => Self::YCbCr,
            Colors::Cmyk => Self::Cmyk,
            Colors::Ycck => Self::Ycck,
        }
    }
}

impl Transform {
    /// Interleaves lines of samples into pixels, and transforms their colours.
    pub fn pixels(self, lines: [&[u8]; 4], samples: usize, pixels: &mut [u8]) {
        let [first, second, third, fourth] = lines;
        match (self, samples) {
            (_, 1) => pixels.iter_mut().zip(first).for_each(|(pixel, sample)| *pixel = *sample),
            (Self::YCbCr, 3) => return ycbcr::lines_to_rgb([first, second, third], pixels),
            (_, 3) => {
                let lines = first.iter().zip(second).zip(third);
                for (pixel, ((a, b), c)) in pixels.as_chunks_mut::<3>().0.iter_mut().zip(lines) {
                    *pixel = [*a, *b, *c];
                }
            }
            _ => {
                for (nth, line) in [first, second, third, fourth].iter().take(samples).enumerate() {
                    let targets = pixels.iter_mut().skip(nth).step_by(samples);
                    targets.zip(*line).for_each(|(pixel, sample)| *pixel = *sample);
                }
            }
        }
        match self {
            Self::Identity => {}
            Self::YCbCr | Self::Ycck => {
                for pixel in pixels.as_chunks_mut::<4>().0 {
                    let [y, cb, cr, other] = *pixel;
                    let [r, g, b] = ycbcr::rgb([y, cb, cr]);
                    // The stored cyan is 255 − R, and it is inverted, so the cyan is R.
                    let other = if self == Self::Ycck { 255 - other } else { other };
                    *pixel = [r, g, b, other];
                }
            }
            Self::Cmyk => pixels.iter_mut().for_each(|sample| *sample = 255 - *sample),
        }
    }
}

/// Decodes the pixels of a file, row by row.
pub struct JpegRows<'a> {
    decoder: Decoder<'a>,
    planes: Vec<Plane>,
    upsampler: Upsampler,
    transform: Transform,
    size: [usize; 2],
    /// The next row.
    next: usize,
    ready: usize,
    row: Vec<u8>,
}

impl<'a> JpegRows<'a> {
    /// Decodes the pixels after the header of a file.
    pub fn new(header: Header<'a>, rule: OnDamage) -> Result<Self, Fault> {
        let transform = header.colors()?.into();
        let size = [header.frame.width, header.frame.height].map(usize::from);
        let upsampler = Upsampler::new(&header.frame, size);
        let decoder =
            at_once(async |slice| Decoder::new(header, rule, Segment::default(), slice).await)?;
        let layout = &decoder.layout;
        let planes = layout.parts.iter().enumerate().map(|(nth, part)| {
            let (stride, above) = (layout.stride(part), Upsampler::above(layout, nth));
            let samples = vec![0; stride * (above + part.blocks[1] * 8)];
            Plane { samples, stride, first: 0, above }
        });
        let (planes, row) = (planes.collect(), vec![0; size[0] * layout.parts.len()]);
        Ok(Self { decoder, planes, upsampler, transform, size, next: 0, ready: 0, row })
    }

    /// Peak memory in bytes, for a stream of `len` bytes.
    pub fn memory(header: &Header, len: u64) -> u64 {
        let layout = Layout::new(&header.frame);
        let rows = layout.samples() / (layout.mcus[1] as u64).max(1);
        let width = u64::from(header.frame.width);
        // The stream, and its longest segment without stuffed zeros; rows of MCUs, and the rows
        // stored above them, which need at most as much again; a row of pixels.
        2 * len + header.coefficient_bytes() + 2 * rows + Upsampler::memory(width) + 4 * width
    }

    /// Returns the next row, `None` after the last.
    pub fn next_row(&mut self) -> Option<Result<&[u8], Fault>> {
        if self.next >= self.size[1] {
            return None;
        }
        while self.next >= self.ready {
            if let Err(fault) = self.decode() {
                self.next = usize::MAX;
                return Some(Err(fault));
            }
        }
        let lines = self.upsampler.row(&self.planes, self.next, self.size[0]);
        self.transform.pixels(lines, self.planes.len(), &mut self.row);
        self.next += 1;
        Some(Ok(&self.row))
    }

    /// The first damage of the file so far, if the rule permits damage.
    pub fn damage(&self) -> Option<&'static str> {
        self.decoder.damage()
    }

    /// Decodes the next row of MCUs, below the last decoded rows.
    fn decode(&mut self) -> Result<(), Fault> {
        let row = self.decoder.next;
        let layout = &self.decoder.layout;
        for (plane, part) in self.planes.iter_mut().zip(&layout.parts) {
            let below = part.blocks[1] * 8;
            if row > 0 {
                plane.samples.copy_within(below * plane.stride.., 0);
            }
            plane.first = row * below;
        }
        let last = row + 1 >= layout.mcus[1];
        let most = layout.parts.iter().map(|part| part.blocks[1]).max().unwrap_or(1);
        self.decoder.next_row(&mut self.planes, 0..usize::MAX)?;
        // The lowest rows of subsampled components depend on the rows below them.
        self.ready = if last { self.size[1] } else { (row + 1) * 8 * most - most };
        Ok(())
    }
}
