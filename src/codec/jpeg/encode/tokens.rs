//! The symbols of a scan, collected before their codes are chosen.

use super::{
    entropy::Entropy,
    optimal::{self, Counts},
    tables::{Code, Codes, Specification},
};

/// Symbols with the bits that follow them, and how often each occurs.
pub struct Tokens {
    /// The bits (16), the symbol (8), the number of the table: 2 × class, plus 1 for AC.
    list: Vec<u32>,
    counts: Box<[Counts; 4]>,
    /// Whether the list had no room for all.
    pub is_full: bool,
}

impl Tokens {
    /// A list with room for so many symbols.
    pub fn new(room: usize) -> Self {
        let counts = Box::new([[0; 256]; 4]);
        Self { list: Vec::with_capacity(room), counts, is_full: false }
    }

    /// Only counts, without a list.
    pub fn counting() -> Self {
        Self::new(0)
    }

    /// Counts a symbol, whose code is itself, and appends it where there is room.
    #[inline(always)]
    pub fn push(&mut self, code: Code, bits: u32) {
        let (table, symbol) = (usize::from(code.len) & 3, usize::from(code.bits) & 255);
        self.counts[table][symbol] += 1;
        if self.list.len() == self.list.capacity() {
            self.is_full = true;
            return;
        }
        self.list.push(bits | (symbol as u32) << 16 | (table as u32) << 24);
    }

    /// The best tables for these symbols. A class that does not occur has none.
    pub fn tables(&self) -> [[Specification; 2]; 2] {
        let [first, second, third, fourth] = self.counts.each_ref().map(optimal::specification);
        [[first, second], [third, fourth]]
    }

    /// The best table for the symbols of a class: of DC coefficients (0) or AC coefficients (1).
    pub fn table(&self, class: usize, kind: usize) -> Specification {
        optimal::specification(&self.counts[(2 * class + kind) & 3])
    }

    /// The bytes that the symbols take in these codes, without those that are stuffed.
    pub fn bytes(&self, codes: &[Codes; 2]) -> usize {
        let mut bits = 0;
        for (table, counts) in self.counts.iter().enumerate() {
            let codes = &codes[table >> 1];
            for (symbol, count) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
                let code = match table & 1 {
                    0 => codes.first[symbol & 15],
                    _ => codes.others[symbol],
                };
                bits += u64::from(*count) * (u64::from(code.len) + (symbol as u64 & 15));
            }
        }
        bits.div_ceil(8) as usize
    }

    /// Writes a part of the symbols in the codes of these tables.
    #[inline(never)]
    pub fn write(&self, part: std::ops::Range<usize>, codes: &[Codes; 2], entropy: &mut Entropy) {
        for token in self.list.get(part).unwrap_or_default() {
            let (symbol, table) = (token >> 16 & 255, token >> 24);
            let codes = &codes[table as usize >> 1 & 1];
            let code = match table & 1 {
                0 => codes.first[symbol as usize & 15],
                _ => codes.others[symbol as usize],
            };
            entropy.put(code, (token & 0xffff) as i32, symbol & 15);
        }
    }

    /// The number of symbols.
    pub fn len(&self) -> usize {
        self.list.len()
    }
}
