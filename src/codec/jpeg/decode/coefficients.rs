//! Buffers all coefficients of an image, for progressive files and files of several scans.

use super::{
    bits::{Bits, Segment},
    block::{Band, Block, dc_first, dc_refine, sequential},
    damage::{Damage, ENDS_EARLY, Fault},
    dequantised::Dequantised,
    entropy::{Entropy, Mcus},
    header::{Header, Next, Scan},
    inverse_dct::{flat, inverse_dct, wide_inverse_dct},
    layout::{Layout, PartLayout, Plane},
    tables::{Huffman, Tables},
};
use crate::{codec::jpeg::zigzag::ZIGZAG, limits, time_slice::TimeSlice};

/// The buffered coefficients of all components.
pub struct Coefficients {
    parts: Vec<Part>,
}

/// The coefficients of one component.
struct Part {
    /// Blocks per row, padded to whole MCUs.
    across: usize,
    blocks: Vec<Block>,
    /// The quantisation steps, column by column; `None` before the component's first scan.
    steps: Option<[i32; 64]>,
    /// The number of missing low bits of each coefficient, in zigzag order; [`NONE`] before its
    /// first scan.
    missing: [u8; 64],
}

const NONE: u8 = u8::MAX;
const NO_TABLE: Fault = Fault::Damaged("a table is missing");
const NO_SCAN: &str = "a component has no scan";

impl Coefficients {
    /// Reads all scans of a stream.
    pub async fn read(
        header: &mut Header<'_>,
        layout: &Layout,
        mut segment: Segment,
        damage: &mut Damage,
        slice: &mut TimeSlice<'_>,
    ) -> Result<Self, Fault> {
        let part = |part: &PartLayout| {
            let across = layout.mcus[0] * part.blocks[0];
            let blocks = vec![[0; 64]; across * layout.mcus[1] * part.blocks[1]];
            Part { across, blocks, steps: None, missing: [NONE; 64] }
        };
        let mut all = Self { parts: layout.parts.iter().map(part).collect() };
        for _ in 0..limits::JPEG_SCANS {
            let rest;
            (rest, segment) = all.scan(header, layout, segment, damage, slice).await?;
            match header.advance(rest) {
                Ok(Next::Scan) => {}
                Ok(Next::End) => return all.checked(false, damage),
                Ok(Next::Nothing) => return all.checked(header.frame.progressive, damage),
                Err(Fault::Damaged(wrong)) => {
                    damage.note(wrong)?;
                    return Ok(all);
                }
                Err(other) => return Err(other),
            }
        }
        Err(Fault::Damaged("it has too many scans"))
    }

    /// Notes a component without a scan as damage. If the stream was `cut` short, also notes
    /// coefficients without full precision.
    fn checked(self, cut: bool, damage: &mut Damage) -> Result<Self, Fault> {
        if self.parts.iter().any(|part| part.missing[0] == NONE) {
            damage.note(NO_SCAN)?;
        } else if cut && self.parts.iter().any(|part| part.missing != [0; 64]) {
            damage.note(ENDS_EARLY)?;
        }
        Ok(self)
    }

    /// Reads the scan after a header. Returns the bytes after the scan, and the buffer.
    async fn scan<'a>(
        &mut self,
        header: &Header<'a>,
        layout: &Layout,
        segment: Segment,
        damage: &mut Damage,
        slice: &mut TimeSlice<'_>,
    ) -> Result<(&'a [u8], Segment), Fault> {
        let scan = &header.scan;
        for part in &scan.parts {
            let steps = header.frame.components.get(part.component).map(|one| one.steps);
            let steps = steps.and_then(|steps| header.tables.steps.get(steps)?.as_deref());
            if let Some(part) = self.parts.get_mut(part.component) {
                part.begin(scan, steps)?;
            }
        }
        // A scan of one component contains ungrouped blocks, without MCU padding (A.2.2).
        let (across, mcus) = match scan.parts.as_slice() {
            [part] => {
                let size = layout.parts.get(part.component).map_or([0; 2], |part| part.size);
                let [across, down] = size.map(|size| size.div_ceil(8));
                (across, across * down)
            }
            _ => (layout.mcus[0], layout.mcus[0] * layout.mcus[1]),
        };
        let band =
            Band { start: scan.start.into(), end: scan.end.into(), low: scan.low.into(), run: 0 };
        let mut entropy = Entropy::new(header.data, header.interval, segment);
        let tables = &header.tables;
        let mut blocks = Blocks {
            all: self,
            layout,
            scan,
            tables,
            progressive: header.frame.progressive,
            across,
            last: [0; 4],
            band,
        };
        blocks.check()?;
        for row in (0..mcus).step_by(across.max(1)) {
            entropy.decode(row..mcus.min(row + across), damage, &mut blocks)?;
            slice.spend(across as u64 * 64).await;
        }
        Ok(entropy.finish())
    }

    /// Writes the samples of MCU row `row`.
    pub fn row(&self, layout: &Layout, row: usize, planes: &mut [Plane]) {
        for ((part, layout), plane) in self.parts.iter().zip(&layout.parts).zip(planes) {
            for y in row * layout.blocks[1]..(row + 1) * layout.blocks[1] {
                let stride = plane.stride;
                let samples = plane.from_row(y * 8);
                let blocks = part.blocks.chunks_exact(part.across).nth(y).unwrap_or_default();
                for (x, block) in blocks.iter().enumerate() {
                    let Some(samples) = samples.get_mut(x * 8..) else { break };
                    let steps = part.steps.as_ref().unwrap_or(&[0; 64]);
                    let mut values = [0_i32; 64];
                    for ((value, step), of) in values.iter_mut().zip(steps).zip(block) {
                        *value = i32::from(*of).wrapping_mul(*step);
                    }
                    if values[1..] == [0; 63] {
                        flat(values[0], samples, stride);
                        continue;
                    }
                    let mut narrow = Dequantised::ZERO;
                    let in_order = ZIGZAG.iter().map(|place| values[usize::from(place & 63)]);
                    for (nth, value) in in_order.enumerate().filter(|(_, value)| *value != 0) {
                        narrow.put(nth, value);
                    }
                    if narrow.is_narrow() {
                        inverse_dct(&narrow, samples, stride);
                    } else {
                        wide_inverse_dct(&values, samples, stride);
                    }
                }
            }
        }
    }
}

impl Part {
    /// Prepares for a scan of the component.
    fn begin(&mut self, scan: &Scan, steps: Option<&[i32; 64]>) -> Result<(), Fault> {
        if self.steps.is_none() {
            let mut in_place = [0; 64];
            for (place, step) in ZIGZAG.iter().zip(steps.ok_or(NO_TABLE)?) {
                in_place[usize::from(place & 63)] = *step;
            }
            self.steps = Some(in_place);
        }
        for missing in &mut self.missing[usize::from(scan.start)..=usize::from(scan.end & 63)] {
            *missing = scan.low;
        }
        Ok(())
    }
}

/// The state of a scan while its blocks are decoded.
struct Blocks<'s> {
    all: &'s mut Coefficients,
    layout: &'s Layout,
    scan: &'s Scan,
    tables: &'s Tables,
    progressive: bool,
    /// MCUs per row.
    across: usize,
    /// The DC coefficient of each component's previous block.
    last: [i32; 4],
    band: Band,
}

impl Mcus for Blocks<'_> {
    fn restart(&mut self) {
        self.last = [0; 4];
        self.band.run = 0;
    }

    fn mcu(&mut self, bits: &mut Bits, number: usize) -> Option<()> {
        let [column, row] = [number % self.across, number / self.across];
        let scan = self.scan;
        for part in &scan.parts {
            let blocks = match scan.parts.len() {
                1 => [1, 1],
                _ => self.layout.parts.get(part.component)?.blocks,
            };
            let tables = (self.table(part.dc, false), self.table(part.ac, true));
            let coefficients = self.all.parts.get_mut(part.component)?;
            let last = self.last.get_mut(part.component)?;
            for y in row * blocks[1]..(row + 1) * blocks[1] {
                for x in column * blocks[0]..(column + 1) * blocks[0] {
                    let block = coefficients.blocks.get_mut(y * coefficients.across + x)?;
                    match (self.progressive, scan.start, scan.refines) {
                        (false, ..) => {
                            let put = |nth: usize, value| {
                                block[usize::from(ZIGZAG[nth & 63] & 63)] = value as i16;
                            };
                            sequential(bits, tables.0?, tables.1?, last, put)?;
                        }
                        (_, 0, false) => dc_first(bits, tables.0?, last, self.band.low, block)?,
                        (_, 0, true) => dc_refine(bits, self.band.low, block)?,
                        (_, _, false) => self.band.first(bits, tables.1?, block)?,
                        (_, _, true) => self.band.refine(bits, tables.1?, block)?,
                    }
                }
            }
        }
        Some(())
    }
}

impl<'s> Blocks<'s> {
    fn table(&self, number: usize, ac: bool) -> Option<&'s Huffman> {
        let tables: &'s Tables = self.tables;
        let class = if ac { &tables.ac } else { &tables.dc };
        class.get(number)?.as_deref()
    }

    /// Fails if a table that the scan needs is missing.
    fn check(&self) -> Result<(), Fault> {
        let (first, refines) = (self.scan.start == 0, self.scan.refines);
        let lacks = |number: usize, ac: bool| self.table(number, ac).is_none();
        let lacks = self.scan.parts.iter().any(|part| {
            let dc = first && !(self.progressive && refines) && lacks(part.dc, false);
            dc || (!self.progressive || !first) && lacks(part.ac, true)
        });
        if lacks { Err(NO_TABLE) } else { Ok(()) }
    }
}
