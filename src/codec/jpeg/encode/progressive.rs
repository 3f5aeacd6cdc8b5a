//! Encodes an image in several scans, coarse ones first (ITU-T T.81, G.1.1: spectral selection). Each
//! scan has Huffman tables of its own, so its symbols are counted first.

use std::{iter, ops::RangeInclusive};

use super::{
    Encoder,
    entropy::Entropy,
    forward_dct::forward_dct,
    planes::Band,
    tables::{Codes, Specification},
    tokens::Tokens,
    write_huffman,
};
use crate::time_slice::TimeSlice;

/// The quantised blocks of a component.
struct Coefficients {
    blocks: Vec<[[i16; 8]; 8]>,
    /// Blocks across, including the padding to whole units.
    stride: usize,
    /// Blocks across and down that contain image pixels.
    shown: (usize, usize),
}

/// The first component's low AC frequencies, which give a first impression.
const COARSE: RangeInclusive<u8> = 1..=5;
/// The first component's other AC frequencies.
const FINE: RangeInclusive<u8> = 6..=63;

/// The AC frequencies of each pass after the first, for `pscan=` 3, 4 and 5.
const PASSES: [&[RangeInclusive<u8>]; 3] =
    [&[1..=5, 6..=63], &[1..=2, 3..=9, 10..=63], &[1..=2, 3..=5, 6..=14, 15..=63]];

/// The scans after the first: a component, and its AC coefficients. A number of passes refines all
/// components with each; otherwise the first component's coarse ones come first, then the colours,
/// then the rest.
fn scans(count: usize, passes: Option<u8>) -> Vec<(usize, RangeInclusive<u8>)> {
    let passes = passes.and_then(|passes| PASSES.get(usize::from(passes).checked_sub(3)?));
    match passes {
        Some(passes) => {
            let pass = |range: &RangeInclusive<u8>| {
                let range = range.clone();
                (0..count).map(move |component| (component, range.clone()))
            };
            passes.iter().flat_map(pass).collect()
        }
        None => {
            let colors = (1..count).map(|nth| (nth, *COARSE.start()..=*FINE.end()));
            iter::once((0, COARSE)).chain(colors).chain([(0, FINE)]).collect()
        }
    }
}

impl Encoder {
    /// Appends all scans: the DC coefficients of all components, then their AC coefficients.
    pub(super) async fn progressive_scans(
        &self,
        mut pixels: Vec<u8>,
        size: (usize, usize),
        passes: Option<u8>,
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) {
        let planes = self.coefficients(&pixels, size, slice).await;
        pixels.clear();
        pixels.append(out);
        *out = pixels;
        self.first_scan(&planes, out, slice).await;
        for (component, range) in scans(self.components.count(), passes) {
            if let Some(plane) = planes.get(component).filter(|_| out.len() <= self.longest) {
                self.other_scan(component, plane, range, out, slice).await;
            }
        }
    }

    async fn coefficients(
        &self,
        pixels: &[u8],
        size: (usize, usize),
        slice: &mut TimeSlice<'_>,
    ) -> Vec<Coefficients> {
        let mut band = Band::new(self.components, size.0);
        let rows = size.1.div_ceil(band.height());
        let count = self.components.count();
        let plane = |component| {
            let blocks = self.components.blocks(component);
            // The width and height that a block covers, in pixels.
            let covered = 8 * self.components.blocks(0) / blocks;
            let stride = band.units() * blocks;
            Coefficients {
                blocks: vec![[[0; 8]; 8]; stride * rows * blocks],
                stride,
                shown: (size.0.div_ceil(covered), size.1.div_ceil(covered)),
            }
        };
        let mut planes: Vec<Coefficients> = (0..count).map(plane).collect();
        for row in 0..rows {
            band.fill(pixels.into(), size, row * band.height());
            for (component, plane) in planes.iter_mut().enumerate() {
                let divisors = &self.divisors[self.components.class(component)];
                for unit in 0..band.units() {
                    for (at, block) in plane
                        .unit(row, unit, self.components.blocks(component))
                        .zip(band.blocks(component, unit))
                    {
                        plane.blocks[at] = forward_dct(&block, divisors);
                    }
                }
            }
            slice.spend((size.0 * band.height()) as u64).await;
        }
        planes
    }

    /// Appends the DC coefficients of all blocks, unit by unit, with their tables.
    async fn first_scan(
        &self,
        planes: &[Coefficients],
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) {
        let mut tokens = Tokens::counting();
        let symbols = [0, 1].map(Codes::symbols);
        self.firsts(planes, &symbols, Entropy::collecting(&mut tokens, out), slice).await;
        let tables = [0, 1].map(|class| tokens.table(class, 0));
        let classes = self.components.classes();
        write_huffman(classes.zip(&tables).map(|(class, table)| (class as u8, table)), out);
        self.scan_header(0..self.components.count(), 0..=0, out);
        let codes = tables.map(|table| Codes::new(&table, &Specification::EMPTY));
        self.firsts(planes, &codes, Entropy::new(out), slice).await;
    }

    async fn firsts(
        &self,
        planes: &[Coefficients],
        codes: &[Codes; 2],
        mut entropy: Entropy<'_>,
        slice: &mut TimeSlice<'_>,
    ) {
        let mut last = [0; 4];
        let units = planes.first().map_or((0, 0), |plane| {
            let blocks = self.components.blocks(0);
            (plane.stride / blocks, plane.blocks.len() / plane.stride.max(1) / blocks)
        });
        for unit in 0..units.0 * units.1 {
            for (component, (plane, last)) in planes.iter().zip(&mut last).enumerate() {
                let codes = &codes[self.components.class(component)];
                let blocks = self.components.blocks(component);
                for at in plane.unit(unit / units.0, unit % units.0, blocks) {
                    entropy.first(plane.blocks[at][0][0], last, codes);
                }
            }
            slice.spend(16).await;
        }
        entropy.finish();
    }

    /// Appends a range of AC coefficients of a component, in rows of blocks, with their table.
    async fn other_scan(
        &self,
        component: usize,
        plane: &Coefficients,
        range: RangeInclusive<u8>,
        out: &mut Vec<u8>,
        slice: &mut TimeSlice<'_>,
    ) {
        let class = self.components.class(component);
        let mut tokens = Tokens::counting();
        let counted = Entropy::collecting(&mut tokens, out);
        plane.others(&range, &Codes::symbols(class), counted, slice).await;
        let table = tokens.table(class, 1);
        write_huffman([(1 << 4 | class as u8, &table)].into_iter(), out);
        self.scan_header(component..component + 1, range.clone(), out);
        let codes = Codes::new(&Specification::EMPTY, &table);
        plane.others(&range, &codes, Entropy::new(out), slice).await;
    }
}

impl Coefficients {
    /// Appends a range of the AC coefficients of all blocks that are shown.
    async fn others(
        &self,
        range: &RangeInclusive<u8>,
        codes: &Codes,
        mut entropy: Entropy<'_>,
        slice: &mut TimeSlice<'_>,
    ) {
        let mut run = 0;
        for row in self.blocks.chunks_exact(self.stride).take(self.shown.1) {
            for block in row.iter().take(self.shown.0) {
                entropy.others_in_runs(block, range.clone(), codes, &mut run);
            }
            slice.spend(self.shown.0 as u64 * 16).await;
        }
        entropy.end_run(codes, &mut run);
        entropy.finish();
    }

    /// The positions of the blocks of a unit, in scan order.
    fn unit(
        &self,
        row: usize,
        column: usize,
        blocks: usize,
    ) -> impl Iterator<Item = usize> + use<> {
        let stride = self.stride;
        (0..blocks * blocks)
            .map(move |nth| (row * blocks + nth / blocks) * stride + column * blocks + nth % blocks)
    }
}
