//! Quantisation and Huffman tables (ITU-T T.81, B.2.4 and annex C).

use std::rc::Rc;

use super::bits::{Bits, extend};

/// The current tables: those shared by a level's tiles, and those that a stream sets itself.
#[derive(Clone, Default)]
pub struct Tables {
    /// Quantisation steps in zigzag order.
    pub steps: [Option<Rc<[i32; 64]>>; 4],
    /// Huffman tables of DC coefficients.
    pub dc: [Option<Rc<Huffman>>; 4],
    /// Huffman tables of AC coefficients.
    pub ac: [Option<Rc<Huffman>>; 4],
}

/// The maximum length of codes, in bits, that one table look-up decodes.
const LOOK: u32 = 10;

/// A Huffman table, prepared for fast look-up.
pub struct Huffman {
    /// The entry for each value of the next [`LOOK`] bits.
    fast: Box<[Entry; 1 << LOOK]>,
    /// For each length: the start of the next length's codes, aligned to the top of 16 bits; and
    /// the offset from a code to its index in `symbols`.
    ends: [u32; 17],
    places: [i32; 17],
    symbols: Vec<u8>,
}

/// The code at the start of certain bits: its symbol, and its value if the bits contain that too.
#[derive(Clone, Copy, Default)]
pub struct Entry {
    /// Bits of the code, plus those of the value if it is included. 0 if the code is longer.
    pub len: u8,
    /// Zeros before the value (high 4 bits) and the value's bit length (low 4 bits).
    pub symbol: u8,
    /// The value; 0 if it is not included. A value is never 0.
    pub value: i16,
}

impl Huffman {
    /// Builds a table from the number of codes of each length and their symbols; `None` if there
    /// are more codes than the lengths permit.
    pub fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let mut fast = Box::new([Entry::default(); 1 << LOOK]);
        let (mut ends, mut places) = ([0; 17], [0; 17]);
        let (mut code, mut place) = (0_u32, 0_u32);
        for (len, &count) in (1_u32..).zip(counts) {
            places[len as usize] = place as i32 - code as i32;
            for _ in 0..count {
                let &symbol = symbols.get(place as usize)?;
                if len <= LOOK {
                    fill(&mut fast, code, len, symbol)?;
                }
                code += 1;
                place += 1;
            }
            if code > 1 << len {
                return None;
            }
            ends[len as usize] = code << (16 - len);
            code <<= 1;
        }
        Some(Self { fast, ends, places, symbols: symbols.to_vec() })
    }

    /// Looks up the next code, without skipping its bits. `None` if the bits are no code.
    #[inline(always)]
    pub fn next(&self, bits: &Bits) -> Option<Entry> {
        let entry = self.fast[bits.peek(LOOK) as usize];
        if entry.len > 0 { Some(entry) } else { self.long(bits.peek(16)) }
    }

    fn long(&self, bits: u32) -> Option<Entry> {
        let len = (LOOK + 1..=16).find(|&len| bits < self.ends[len as usize])?;
        let place = (bits >> (16 - len)) as i32 + self.places[len as usize];
        let &symbol = self.symbols.get(usize::try_from(place).ok()?)?;
        Some(Entry { len: len as u8, symbol, value: 0 })
    }
}

/// Sets all entries that begin with a code, including values that the bits contain.
fn fill(fast: &mut [Entry; 1 << LOOK], code: u32, len: u32, symbol: u8) -> Option<()> {
    let below = LOOK - len;
    let first = (code << below) as usize;
    let size = u32::from(symbol & 15);
    for (rest, entry) in fast.get_mut(first..first + (1 << below))?.iter_mut().enumerate() {
        *entry = Entry { len: len as u8, symbol, value: 0 };
        if size > 0 && size <= below {
            let value = extend((rest >> (below - size)) as i32, size);
            *entry = Entry { len: (len + size) as u8, symbol, value: value as i16 };
        }
    }
    Some(())
}

impl Tables {
    /// Sets the tables of a DQT segment's body. `None` if it is damaged.
    pub fn quantisation(&mut self, mut body: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = body {
            let (wide, slot) = (head >> 4 == 1, self.steps.get_mut(usize::from(head & 15))?);
            let mut steps = [0; 64];
            let bytes = if wide { 128 } else { 64 };
            let values = rest.get(..bytes)?;
            for (nth, step) in steps.iter_mut().enumerate() {
                *step = if wide {
                    i32::from(values[2 * nth]) << 8 | i32::from(values[2 * nth + 1])
                } else {
                    i32::from(values[nth])
                };
            }
            *slot = Some(Rc::new(steps));
            body = &rest[bytes..];
        }
        Some(())
    }

    /// Sets the tables of a DHT segment's body. `None` if it is damaged.
    pub fn huffman(&mut self, mut body: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = body {
            let class = if head >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            let slot = class.get_mut(usize::from(head & 15))?;
            let counts = rest.first_chunk::<16>()?;
            let len = counts.iter().map(|&count| usize::from(count)).sum::<usize>();
            let symbols = rest.get(16..16 + len)?;
            *slot = Some(Rc::new(Huffman::new(counts, symbols)?));
            body = &rest[16 + len..];
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::bits::{Position, Segment},
        *,
    };

    /// One code of each length from 1 to 12: ones, then a zero.
    fn table() -> Huffman {
        let mut counts = [0; 16];
        counts[..12].fill(1);
        let symbols: Vec<u8> = (0x10..0x1c).collect();
        Huffman::new(&counts, &symbols).unwrap()
    }

    fn next(bits: u16) -> Option<(u8, u8, i16)> {
        let mut segment = Segment::default();
        let [high, low] = bits.to_be_bytes();
        let stuffed: &[u8] = if high == 0xff { &[high, 0, low] } else { &[high, low] };
        let _none = segment.read(stuffed);
        let mut bits = Bits::new(&segment, Position::default());
        bits.refill();
        table().next(&bits).map(|entry| (entry.len, entry.symbol, entry.value))
    }

    #[test]
    fn short_codes_bring_their_values_and_long_ones_are_found() {
        assert_eq!(next(0b0000_0000_0000_0000), Some((1, 0x10, 0)), "no value has no bits");
        assert_eq!(next(0b1010_0000_0000_0000), Some((3, 0x11, 1)));
        assert_eq!(next(0b1000_0000_0000_0000), Some((3, 0x11, -1)));
        assert_eq!(next(0b1111_1111_1100_0000), Some((11, 0x1a, 0)));
        assert_eq!(next(0b1111_1111_1110_0000), Some((12, 0x1b, 0)));
        assert_eq!(next(0b1111_1111_1111_0000), None, "no code begins so");
    }

    #[test]
    fn more_codes_than_bits_allow_are_no_table() {
        let mut counts = [0; 16];
        counts[0] = 3;
        assert!(Huffman::new(&counts, &[1, 2, 3]).is_none());
        counts[0] = 2;
        assert!(Huffman::new(&counts, &[1]).is_none(), "a symbol is missing");
    }
}
