//! The JPEG decoder: baseline, extended sequential and progressive, 8 bits, Huffman coding, one
//! to four components of any sampling factors. It computes in integers, so that an image has the
//! same bits on every machine.
//!
//! [`Decoder`] returns rows of MCUs as planes of samples; [`JpegRows`] returns rows of pixels.
//! Sequential streams of one scan are decoded while they are read; all others buffer their
//! coefficients.

mod bits;
mod block;
mod coefficients;
mod colors;
mod damage;
mod dequantised;
mod entropy;
mod header;
mod inverse_dct;
mod layout;
mod rows;
mod sequential;
mod tables;
mod upsample;

pub use bits::Segment;
pub use colors::Colors;
pub use damage::{Fault, OnDamage};
pub use header::Header;
pub use layout::{Plane, Seen};
pub use rows::{JpegRows, Transform};
pub use tables::Tables;
pub use upsample::Upsampler;

use std::ops::Range;

use coefficients::Coefficients;
use damage::Damage;
use layout::Layout;
use sequential::Sequential;

use crate::time_slice::TimeSlice;

/// Decodes a stream, one row of MCUs at a time.
pub struct Decoder<'a> {
    header: Header<'a>,
    layout: Layout,
    source: Input<'a>,
    damage: Damage,
    /// The next row of MCUs.
    next: usize,
}

/// The source of the samples.
enum Input<'a> {
    Sequential(Sequential<'a>),
    Coefficients(Coefficients),
}

impl<'a> Decoder<'a> {
    /// Decodes the stream after a header. If there are several scans, this reads all of them. The
    /// buffer `buffer` is reused.
    pub async fn new(
        mut header: Header<'a>,
        rule: OnDamage,
        buffer: Segment,
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

    /// The first damage of the stream so far, if the rule permits damage.
    pub fn damage(&self) -> Option<&'static str> {
        self.damage.found
    }

    /// Decodes the image into planes. Samples of MCUs without pixels that are `seen` are arbitrary;
    /// damage below the last of these is not found. Returns the buffer.
    pub async fn planes(
        mut self,
        planes: &mut Vec<Plane>,
        seen: &Seen,
        slice: &mut TimeSlice<'_>,
    ) -> Result<Segment, Fault> {
        planes.resize_with(self.layout.parts.len(), Plane::default);
        for (plane, part) in planes.iter_mut().zip(&self.layout.parts) {
            (plane.first, plane.above) = (0, 0);
            plane.stride = self.layout.stride(part);
            plane.samples.resize(plane.stride * self.layout.mcus[1] * part.blocks[1] * 8, 0);
        }
        let [columns, rows] = self.layout.mcus_of(seen);
        for row in 0..rows.end {
            let columns = if rows.contains(&row) { columns.clone() } else { 0..0 };
            self.next_row(planes, columns)?;
            slice.spend(self.layout.work()).await;
        }
        Ok(match self.source {
            Input::Sequential(sequential) => sequential.finish(),
            Input::Coefficients(_) => Segment::default(),
        })
    }

    /// Writes the next row of MCUs into the planes, at least those in `columns` of MCUs. Does nothing
    /// after the last row.
    fn next_row(&mut self, planes: &mut [Plane], columns: Range<usize>) -> Result<(), Fault> {
        let row = self.next;
        if row >= self.layout.mcus[1] {
            return Ok(());
        }
        match &mut self.source {
            Input::Sequential(sequential) => {
                let place = (row, columns);
                sequential.row(&self.header, &self.layout, place, planes, &mut self.damage)?;
            }
            Input::Coefficients(_) if columns.is_empty() => {}
            Input::Coefficients(coefficients) => coefficients.row(&self.layout, row, planes),
        }
        self.next += 1;
        Ok(())
    }
}

impl Header<'_> {
    /// Whether the decoder buffers all coefficients of the stream.
    pub fn is_buffered(&self) -> bool {
        !self.scan.is_all(&self.frame)
    }

    /// The size of the buffered coefficients in bytes; 0 if none are buffered.
    pub fn coefficient_bytes(&self) -> u64 {
        if self.is_buffered() { 2 * Layout::new(&self.frame).samples() } else { 0 }
    }

    /// The subsampling factors of the second and third component, across and down: 1 or 2 each.
    /// `None` if there are not three components, the first is subsampled, or the ratio is another.
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
