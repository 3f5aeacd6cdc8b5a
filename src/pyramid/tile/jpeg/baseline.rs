//! Sequential streams of one scan, as tiles are: decoded into a plane for each component.

use super::{
    bits::{Bits, unstuff},
    header::Header,
    inverse_dct::{flat, inverse_dct},
    tables::Huffman,
};

/// The samples of one component, rows from the top.
#[derive(Default)]
pub struct Plane {
    /// `stride` × rows; there are more of both than of the picture, up to whole blocks.
    pub samples: Vec<u8>,
    /// Samples in a row.
    pub stride: usize,
}

/// Where a coefficient of the scan belongs in its block (figure 5), column by column.
const ZIGZAG: [u8; 64] = [
    0, 8, 1, 2, 9, 16, 24, 17, 10, 3, 4, 11, 18, 25, 32, 40, 33, 26, 19, 12, 5, 6, 13, 20, 27, 34,
    41, 48, 56, 49, 42, 35, 28, 21, 14, 7, 15, 22, 29, 36, 43, 50, 57, 58, 51, 44, 37, 30, 23, 31,
    38, 45, 52, 59, 60, 53, 46, 39, 47, 54, 61, 62, 55, 63,
];

/// One component on its way.
struct Component<'a> {
    dc: &'a Huffman,
    ac: &'a Huffman,
    steps: &'a [i32; 64],
    /// Blocks of an MCU, across and down.
    blocks: [usize; 2],
    /// The first coefficient of the block before.
    last: i32,
    plane: &'a mut Plane,
}

/// Whether [`decode`] reads such a stream.
pub fn is_read(header: &Header) -> bool {
    let frame = &header.frame;
    frame.sequential
        && frame.bits == 8
        && frame.width > 0
        && frame.height > 0
        && !frame.components.is_empty()
        && header.scan.len() == frame.components.len()
        && frame.components.iter().all(|part| part.factors.iter().all(|len| (1..=2).contains(len)))
}

/// Decodes all components; the buffers are used again. What is damaged is told in words.
pub fn decode(
    header: &Header,
    segment: &mut Vec<u8>,
    planes: &mut Vec<Plane>,
) -> Result<(), &'static str> {
    let frame = &header.frame;
    let most = |axis: usize| frame.components.iter().map(|part| part.factors[axis]).max();
    let alone = frame.components.len() == 1;
    // The blocks of a single component are not grouped, whatever its factors are (A.2.2).
    let factor = |len: u8| if alone { 1 } else { usize::from(len) };
    let units = [(0, frame.width), (1, frame.height)]
        .map(|(axis, len)| usize::from(len).div_ceil(8 * most(axis).map_or(1, factor)));
    planes.resize_with(frame.components.len(), Plane::default);
    let mut components = Vec::with_capacity(planes.len());
    for ((part, &(dc, ac)), plane) in frame.components.iter().zip(&header.scan).zip(planes) {
        let blocks = part.factors.map(factor);
        plane.stride = units[0] * blocks[0] * 8;
        plane.samples.resize(plane.stride * units[1] * blocks[1] * 8, 0);
        components.push(Component {
            dc: header.tables.dc.get(dc).and_then(Option::as_deref).ok_or(NO_TABLE)?,
            ac: header.tables.ac.get(ac).and_then(Option::as_deref).ok_or(NO_TABLE)?,
            steps: header
                .tables
                .steps
                .get(part.steps)
                .and_then(Option::as_deref)
                .ok_or(NO_TABLE)?,
            blocks,
            last: 0,
            plane,
        });
    }
    let mut scan = header.data;
    let total = units[0] * units[1];
    let interval = if header.interval == 0 { total } else { header.interval };
    let mut unit = 0;
    while unit < total {
        let found = unstuff(scan, segment);
        let mut bits = Bits::new(segment);
        components.iter_mut().for_each(|component| component.last = 0);
        let end = (unit + interval).min(total);
        for unit in unit..end {
            let at = [unit % units[0], unit / units[0]];
            for component in &mut components {
                component.unit(&mut bits, at).ok_or("a code that is none")?;
            }
        }
        if bits.is_overrun() {
            return Err("it ends early");
        }
        unit = end;
        if unit < total {
            let (_, behind) = found
                .filter(|(marker, _)| matches!(marker, 0xd0..=0xd7))
                .ok_or("a restart marker is missing")?;
            scan = scan.get(behind..).unwrap_or_default();
        }
    }
    Ok(())
}

const NO_TABLE: &str = "a table is missing";

impl Component<'_> {
    /// The blocks of the MCU at `at`.
    #[inline(always)]
    fn unit(&mut self, bits: &mut Bits, at: [usize; 2]) -> Option<()> {
        let [across, down] = self.blocks;
        for y in 0..down {
            for x in 0..across {
                let mut block = [0; 64];
                let is_flat = self.coefficients(bits, &mut block)?;
                let top = (at[1] * down + y) * 8 * self.plane.stride;
                let left = (at[0] * across + x) * 8;
                let samples = self.plane.samples.get_mut(top + left..)?;
                if is_flat {
                    flat(block[0], samples, self.plane.stride);
                } else {
                    inverse_dct(&block, samples, self.plane.stride);
                }
            }
        }
        Some(())
    }

    /// The dequantised coefficients of the next block (F.2.2); whether there is but the first.
    #[inline(always)]
    fn coefficients(&mut self, bits: &mut Bits, block: &mut [i32; 64]) -> Option<bool> {
        bits.refill();
        let entry = self.dc.next(bits)?;
        bits.skip(entry.len.into());
        let difference = match (entry.symbol, entry.value) {
            (0, _) => 0,
            (len @ 1..=15, 0) => bits.value(len.into()),
            (1..=15, value) => value.into(),
            _ => return None,
        };
        self.last = self.last.wrapping_add(difference);
        block[0] = self.last.wrapping_mul(self.steps[0]);
        let mut next = 1;
        while next < 64 {
            bits.refill();
            let entry = self.ac.next(bits)?;
            bits.skip(entry.len.into());
            let len = entry.symbol & 15;
            if len == 0 {
                if entry.symbol != 0xf0 {
                    break;
                }
                next += 16;
                continue;
            }
            let value = if entry.value != 0 { entry.value.into() } else { bits.value(len.into()) };
            next += usize::from(entry.symbol >> 4);
            let place = usize::from(*ZIGZAG.get(next)?);
            block[place & 63] = value.wrapping_mul(self.steps[next & 63]);
            next += 1;
        }
        Some(next == 1)
    }
}
