//! Prefix codes of a limited length (RFC 9649, section 3.7.2).

use crate::sort::sort_by;

/// The longest code of a symbol, and of a code length.
pub const LONGEST: u8 = 15;
pub const LONGEST_OF_LENGTHS: u8 = 7;

/// The lengths of a Huffman code for symbols that occur so often; 0 for one that does not occur.
/// A symbol that is alone has the length 1.
pub fn lengths(counts: &[u32], limit: u8) -> Vec<u8> {
    let mut lengths = vec![0; counts.len()];
    let used: Vec<usize> = (0..counts.len()).filter(|&nth| counts[nth] > 0).collect();
    if let [alone] = used[..] {
        lengths[alone] = 1;
    }
    if used.len() < 2 {
        return lengths;
    }
    // Rare symbols count as less rare until no code is too long.
    let mut least = 1;
    loop {
        let mut leaves: Vec<(u64, usize)> =
            used.iter().map(|&nth| (u64::from(counts[nth].max(least)), nth)).collect();
        sort_by(&mut leaves, |one, other| one.cmp(other));
        let depths = depths(&leaves);
        if depths.iter().all(|&depth| depth <= u32::from(limit)) {
            for (&(_, symbol), depth) in leaves.iter().zip(depths) {
                lengths[symbol] = depth as u8;
            }
            return lengths;
        }
        least *= 2;
    }
}

/// The depths of leaves, sorted by weight, in their Huffman tree.
fn depths(leaves: &[(u64, usize)]) -> Vec<u32> {
    let count = leaves.len();
    // Inner nodes come after the leaves, in order of their weights.
    let mut weights: Vec<u64> = leaves.iter().map(|(weight, _)| *weight).collect();
    let mut parents = vec![0; 2 * count - 1];
    let (mut leaf, mut inner) = (0, count);
    for made in count..2 * count - 1 {
        let mut weight = 0;
        for _ in 0..2 {
            let takes_leaf = leaf < count && (inner == made || weights[leaf] <= weights[inner]);
            let child = if takes_leaf { &mut leaf } else { &mut inner };
            weight += weights[*child];
            parents[*child] = made;
            *child += 1;
        }
        weights.push(weight);
    }
    let mut depths = vec![0; 2 * count - 1];
    for node in (0..2 * count - 2).rev() {
        depths[node] = depths[parents[node]] + 1;
    }
    depths.truncate(count);
    depths
}

/// The canonical codes of these lengths, with the first bit lowest.
pub fn codes(lengths: &[u8]) -> Vec<u16> {
    let mut next = [0_u16; LONGEST as usize + 2];
    for &length in lengths.iter().filter(|&&length| length > 0) {
        next[usize::from(length) + 1] += 1;
    }
    for length in 1..next.len() {
        next[length] = (next[length - 1] + next[length]) << u16::from(length > 1);
    }
    let code = |&length: &u8| {
        if length == 0 {
            return 0;
        }
        let code = next[usize::from(length)];
        next[usize::from(length)] += 1;
        code.reverse_bits() >> (16 - length)
    };
    lengths.iter().map(code).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_symbols_have_short_codes() {
        assert_eq!(lengths(&[0, 8, 4, 2, 1, 1], 15), [0, 1, 2, 3, 4, 4]);
        assert_eq!(lengths(&[0, 9, 0], 15), [0, 1, 0]);
        assert_eq!(lengths(&[0, 0], 15), [0, 0]);
    }

    #[test]
    fn codes_are_complete_and_no_longer_than_their_limit() {
        let fibonacci = |count: usize| {
            let mut counts = vec![1_u32, 1];
            (2..count).for_each(|nth| counts.push(counts[nth - 1] + counts[nth - 2]));
            counts
        };
        for (counts, limit) in [(fibonacci(40), 15), (fibonacci(19), 7), (vec![5; 280], 15)] {
            let lengths = lengths(&counts, limit);
            assert!(lengths.iter().all(|length| (1..=limit).contains(length)));
            let sum: f64 = lengths.iter().map(|&length| libm::exp2(-f64::from(length))).sum();
            assert_eq!(sum, 1.0);
        }
    }

    #[test]
    fn codes_are_canonical() {
        // 0, 10, 110, 111, the first bit lowest.
        assert_eq!(codes(&[1, 3, 0, 2, 3]), [0, 0b011, 0, 0b01, 0b111]);
    }
}
