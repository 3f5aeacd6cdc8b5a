//! Decodes sequential streams of one scan directly into samples, one row of MCUs at a time. Tiles
//! and most photographs are such streams.

use std::ops::Range;

use super::{
    bits::{Bits, Segment},
    block::sequential,
    damage::{Damage, Fault},
    dequantised::Dequantised,
    entropy::{Entropy, Mcus},
    header::Header,
    inverse_dct::{flat, inverse_dct, wide_inverse_dct},
    layout::{Layout, Plane},
    tables::Huffman,
};
use crate::codec::jpeg::zigzag::ZIGZAG;

/// The only scan of a stream.
pub struct Sequential<'a> {
    entropy: Entropy<'a>,
    /// The DC coefficient of each component's previous block.
    last: [i32; 4],
}

/// The state of a row of MCUs while it is decoded.
struct McuRow<'r> {
    components: Vec<Component<'r>>,
    /// The number of the row's first MCU.
    first: usize,
    /// The columns of MCUs whose samples are needed.
    seen: Range<usize>,
}

/// One component of the row.
struct Component<'r> {
    dc: &'r Huffman,
    ac: &'r Huffman,
    steps: &'r [i32; 64],
    /// Blocks per MCU, across and down.
    blocks: [usize; 2],
    last: &'r mut i32,
    samples: &'r mut [u8],
    stride: usize,
}

impl<'a> Sequential<'a> {
    /// Starts the scan after a header. The buffer `segment` is reused.
    pub fn new(header: &Header<'a>, segment: Segment) -> Self {
        Self { entropy: Entropy::new(header.data, header.interval, segment), last: [0; 4] }
    }

    /// Decodes MCU row `row`, and writes the samples of the MCUs in `seen`. Rows must be decoded in
    /// order.
    pub fn row(
        &mut self,
        header: &Header,
        layout: &Layout,
        (row, seen): (usize, Range<usize>),
        planes: &mut [Plane],
        damage: &mut Damage,
    ) -> Result<(), Fault> {
        const NO_TABLE: Fault = Fault::Damaged("a table is missing");
        let mut components = Vec::with_capacity(planes.len());
        let parts = header.scan.parts.iter().zip(&header.frame.components).zip(&layout.parts);
        for (((part, component), layout), (plane, last)) in
            parts.zip(planes.iter_mut().zip(&mut self.last))
        {
            let tables = &header.tables;
            components.push(Component {
                dc: tables.dc.get(part.dc).and_then(Option::as_deref).ok_or(NO_TABLE)?,
                ac: tables.ac.get(part.ac).and_then(Option::as_deref).ok_or(NO_TABLE)?,
                steps: tables
                    .steps
                    .get(component.steps)
                    .and_then(Option::as_deref)
                    .ok_or(NO_TABLE)?,
                blocks: layout.blocks,
                last,
                stride: plane.stride,
                samples: plane.from_row(row * layout.blocks[1] * 8),
            });
        }
        let first = row * layout.mcus[0];
        let mcus = first..first + layout.mcus[0];
        self.entropy.decode(mcus, damage, &mut McuRow { components, first, seen })
    }

    /// Returns the buffer.
    pub fn finish(self) -> Segment {
        self.entropy.finish().1
    }
}

impl Mcus for McuRow<'_> {
    fn restart(&mut self) {
        self.components.iter_mut().for_each(|component| *component.last = 0);
    }

    #[inline(always)]
    fn mcu(&mut self, bits: &mut Bits, number: usize) -> Option<()> {
        let column = number - self.first;
        let is_seen = self.seen.contains(&column);
        for component in &mut self.components {
            if is_seen {
                component.mcu(bits, column)?;
            } else {
                component.skip(bits)?;
            }
        }
        Some(())
    }

    /// Fills a lost MCU with mid-grey, as libjpeg does.
    fn lost(&mut self, number: usize) {
        for component in &mut self.components {
            let [across, down] = component.blocks.map(|blocks| blocks * 8);
            let left = (number - self.first) * across;
            for row in component.samples.chunks_mut(component.stride.max(1)).take(down) {
                row.iter_mut().skip(left).take(across).for_each(|sample| *sample = 128);
            }
        }
    }
}

impl Component<'_> {
    /// The blocks of the MCU in column `column`.
    #[inline(always)]
    fn mcu(&mut self, bits: &mut Bits, column: usize) -> Option<()> {
        let [across, down] = self.blocks;
        for y in 0..down {
            for x in 0..across {
                let (start, last) = (bits.position(), *self.last);
                let mut block = Dequantised::ZERO;
                let is_flat = sequential(bits, self.dc, self.ac, self.last, |nth, value| {
                    block.put(nth, value.wrapping_mul(self.steps[nth & 63]));
                })?;
                let at = y * 8 * self.stride + (column * across + x) * 8;
                if is_flat {
                    let first = self.last.wrapping_mul(self.steps[0]);
                    flat(first, self.samples.get_mut(at..)?, self.stride);
                } else if block.is_narrow() {
                    inverse_dct(&block, self.samples.get_mut(at..)?, self.stride);
                } else {
                    bits.seek(start);
                    *self.last = last;
                    self.wide_block(bits, at)?;
                }
            }
        }
        Some(())
    }

    /// A block of a damaged or extreme file.
    #[inline(never)]
    fn wide_block(&mut self, bits: &mut Bits, at: usize) -> Option<()> {
        let mut block = [0; 64];
        sequential(bits, self.dc, self.ac, self.last, |nth, value| {
            let place = usize::from(ZIGZAG[nth & 63] & 63);
            block[place] = value.wrapping_mul(self.steps[nth & 63]);
        })?;
        wide_inverse_dct(&block, self.samples.get_mut(at..)?, self.stride);
        Some(())
    }

    /// Reads the blocks of an MCU without transforming them.
    #[inline(never)]
    fn skip(&mut self, bits: &mut Bits) -> Option<()> {
        for _ in 0..self.blocks[0] * self.blocks[1] {
            sequential(bits, self.dc, self.ac, self.last, |_, _| {})?;
        }
        Some(())
    }
}
