//! Huffman tables for one image (ITU-T T.81, annex K.2), which make a file a few percent shorter.

use std::borrow::Cow;

use super::tables::Specification;
use crate::sort::sort;

/// Counts of symbols.
pub type Counts = [u32; 256];

/// The longest code that a file can have.
const LONGEST: usize = 16;

/// The table with the shortest codes for symbols that occur so often.
pub fn specification(counts: &Counts) -> Specification {
    // One more symbol keeps the code of all ones free, which no file may have.
    let mut groups: Vec<Group> = counts
        .iter()
        .zip(0..)
        .filter(|(count, _)| **count > 0)
        .map(|(count, symbol)| Group { weight: (*count).into(), first: symbol, last: symbol })
        .collect();
    groups.push(Group { weight: 0, first: RESERVED, last: RESERVED });
    let mut lengths = [0_usize; SYMBOLS];
    // The symbol that follows in the same group.
    let mut following = [None; SYMBOLS];
    // The two rarest groups become one; the codes of their symbols get a bit longer.
    while groups.len() > 1 {
        let (one, other) = (take_rarest(&mut groups), take_rarest(&mut groups));
        following[usize::from(one.last)] = Some(other.first);
        let mut member = Some(one.first);
        while let Some(symbol) = member {
            lengths[usize::from(symbol)] += 1;
            member = following[usize::from(symbol)];
        }
        let weight = one.weight + other.weight;
        groups.push(Group { weight, first: one.first, last: other.last });
    }
    let mut of_length = [0_usize; 257];
    for length in lengths.iter().filter(|length| **length > 0) {
        of_length[*length] += 1;
    }
    limit(&mut of_length);
    // The reserved symbol has the longest code.
    if let Some(last) = of_length.iter_mut().rfind(|count| **count > 0) {
        *last -= 1;
    }
    let mut codes = [0; LONGEST];
    for (count, found) in codes.iter_mut().zip(of_length.iter().skip(1)) {
        *count = *found as u8;
    }
    let mut symbols: Vec<(usize, u8)> =
        lengths.iter().copied().zip(0..=u8::MAX).filter(|(length, _)| *length > 0).collect();
    sort(&mut symbols);
    let symbols = symbols.into_iter().map(|(_, symbol)| symbol).collect();
    Specification { counts: codes, symbols: Cow::Owned(symbols) }
}

/// The number of the symbol that is none.
const RESERVED: u16 = 256;
/// All symbols, with that one.
const SYMBOLS: usize = 257;

/// Symbols whose codes have a prefix in common: a linked list.
struct Group {
    /// The sum of their counts.
    weight: u64,
    first: u16,
    last: u16,
}

/// Removes the rarest group; of equally rare ones the last.
fn take_rarest(groups: &mut Vec<Group>) -> Group {
    let mut rarest = 0;
    let mut least = u64::MAX;
    for (at, group) in groups.iter().enumerate() {
        if group.weight <= least {
            (rarest, least) = (at, group.weight);
        }
    }
    groups.swap_remove(rarest)
}

/// Shortens codes that are longer than a file can have (figure K.3): two of them are replaced by
/// their prefix, and a shorter code by two.
fn limit(of_length: &mut [usize; 257]) {
    for length in (LONGEST + 1..of_length.len()).rev() {
        while of_length[length] > 0 {
            let Some(shorter) = (1..length - 1).rfind(|at| of_length[*at] > 0) else { break };
            of_length[length] -= 2;
            of_length[length - 1] += 1;
            of_length[shorter + 1] += 2;
            of_length[shorter] -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The length of each symbol's code.
    fn lengths(counts: &Counts) -> Vec<(u8, usize)> {
        let made = specification(counts);
        let lengths = made.counts.iter().zip(1..);
        let lengths =
            lengths.flat_map(|(count, len)| std::iter::repeat_n(len, usize::from(*count)));
        made.symbols.iter().copied().zip(lengths).collect()
    }

    fn of(counts: &[(u8, u32)]) -> Counts {
        let mut all = [0; 256];
        counts.iter().for_each(|(symbol, count)| all[usize::from(*symbol)] = *count);
        all
    }

    #[test]
    fn frequent_symbols_have_short_codes_and_all_ones_stay_free() {
        assert_eq!(lengths(&of(&[(7, 1)])), [(7, 1)]);
        assert_eq!(lengths(&of(&[(1, 90), (2, 5), (3, 4)])), [(1, 1), (2, 2), (3, 3)]);
        let even = lengths(&std::array::from_fn(|symbol| u32::from(symbol < 4)));
        let space: f64 = even.iter().map(|(_, len)| 1.0 / f64::from(1 << len)).sum();
        assert!(space < 1.0, "{even:?}");
        assert!(lengths(&[0; 256]).is_empty());
    }

    #[test]
    fn no_code_is_longer_than_sixteen_bits() {
        // Fibonacci numbers make the longest codes.
        let (mut a, mut b) = (1_u32, 1);
        let mut counts = [0; 256];
        for count in counts.iter_mut().take(40) {
            *count = a;
            (a, b) = (b, a.saturating_add(b));
        }
        let made = lengths(&counts);
        assert_eq!((made.len(), made.last().unwrap().1), (40, 16));
        let space: f64 = made.iter().map(|(_, len)| 1.0 / f64::from(1 << len)).sum();
        assert!(space < 1.0, "{space}");
    }
}
