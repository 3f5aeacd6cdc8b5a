//! JPEG, read: baseline, extended sequential and progressive, of 8 bits, with Huffman coding; one
//! to four components of any sampling factors. In integers, so that a picture is the same to the
//! bit on every machine.
//!
//! A [`Decoder`] gives rows of MCUs as planes of samples, [`JpegRows`] gives rows of pixels. Sequential
//! streams of one scan are decoded as they are read; of others all coefficients are held.

mod bits;
mod block;
mod coefficients;
mod colors;
mod damage;
mod entropy;
mod header;
mod inverse_dct;
mod layout;
mod rows;
mod sequential;
mod tables;
mod upsample;

pub use colors::Colors;
pub use damage::{Fault, OnDamage};
pub use header::Header;
pub use layout::Plane;
pub use rows::{JpegRows, Transform};
pub use tables::Tables;
pub use upsample::Upsampler;

use coefficients::Coefficients;
use damage::Damage;
use layout::Layout;
use sequential::Sequential;

use crate::time_slice::TimeSlice;

/// Decodes a stream, a row of MCUs at a time.
pub struct Decoder<'a> {
    header: Header<'a>,
    layout: Layout,
    source: Input<'a>,
    damage: Damage,
    /// The row of MCUs that comes next.
    next: usize,
}

/// Where samples come from.
enum Input<'a> {
    Sequential(Sequential<'a>),
    Coefficients(Coefficients),
}

impl<'a> Decoder<'a> {
    /// A decoder of the stream after a header; scans are read now where there are several. The
    /// buffer is used again.
    pub async fn new(
        mut header: Header<'a>,
        rule: OnDamage,
        buffer: Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) -> Result<Self, Fault> {
        let layout = Layout::new(&header.frame);
        let mut damage = Damage::new(rule);
        let source = if header.scan.is_all(&header.frame) {
            Input::Sequential(Sequential::new(&header, buffer))
        } else {
            let all = Coefficients::read(&mut header, &layout, buffer, &mut damage, slice).await?;
            Input::Coefficients(all)
        };
        Ok(Self { header, layout, source, damage, next: 0 })
    }

    /// What was wrong with the stream so far, where that is no error.
    pub fn damage(&self) -> Option<&'static str> {
        self.damage.found
    }

    /// Decodes all of it into planes; gives the buffer back.
    pub async fn planes(
        mut self,
        planes: &mut Vec<Plane>,
        slice: &mut TimeSlice<'_>,
    ) -> Result<Vec<u8>, Fault> {
        planes.resize_with(self.layout.parts.len(), Plane::default);
        for (plane, part) in planes.iter_mut().zip(&self.layout.parts) {
            (plane.first, plane.above) = (0, 0);
            plane.stride = self.layout.stride(part);
            plane.samples.resize(plane.stride * self.layout.mcus[1] * part.blocks[1] * 8, 0);
        }
        while self.next_row(planes)? {
            slice.spend(self.layout.work()).await;
        }
        Ok(match self.source {
            Input::Sequential(sequential) => sequential.finish(),
            Input::Coefficients(_) => Vec::new(),
        })
    }

    /// Writes the next row of MCUs; whether there was one.
    fn next_row(&mut self, planes: &mut [Plane]) -> Result<bool, Fault> {
        let row = self.next;
        if row >= self.layout.mcus[1] {
            return Ok(false);
        }
        match &mut self.source {
            Input::Sequential(sequential) => {
                sequential.row(&self.header, &self.layout, row, planes, &mut self.damage)?;
            }
            Input::Coefficients(coefficients) => coefficients.row(&self.layout, row, planes),
        }
        self.next += 1;
        Ok(true)
    }
}

impl Header<'_> {
    /// Whether all coefficients are held while the stream is decoded.
    pub fn is_buffered(&self) -> bool {
        !self.scan.is_all(&self.frame)
    }

    /// Bytes of the coefficients that are held, or 0.
    pub fn coefficient_bytes(&self) -> u64 {
        if self.is_buffered() { 2 * Layout::new(&self.frame).samples() } else { 0 }
    }

    /// How much smaller than the first component both others are, across and down: 1 or 2.
    /// `None` where there are not three, the first is subsampled, or the ratio is another.
    pub fn subsampling(&self) -> Option<[u8; 2]> {
        let most = self.frame.factors();
        let [first, cb, cr] = self.frame.components.as_slice() else { return None };
        let whole = [0, 1].iter().all(|&axis| most[axis].is_multiple_of(cb.factors[axis]));
        (first.factors == most && cb.factors == cr.factors && whole)
            .then(|| [0, 1].map(|axis| most[axis] / cb.factors[axis]))
            .filter(|ratio| ratio.iter().all(|by| (1..=2).contains(by)))
    }
}

#[cfg(test)]
mod tests;
