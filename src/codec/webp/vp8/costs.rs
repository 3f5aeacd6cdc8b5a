//! What bits and tokens take in the file, in units of 1/256 bit.

use super::{
    coefficients::{Plane, Sink, Statistics, large},
    tables::ZIGZAG,
    token_probabilities::{CONTEXTS, DEFAULT, NODES, UPDATE},
};

/// Magnitudes whose branches differ; greater ones take the branches of the last.
const MAGNITUDES: usize = 68;

/// The costs of all bits and tokens.
pub struct Costs {
    /// The cost of a 0 by its probability.
    bits: [u16; 257],
    /// The probabilities of tokens.
    pub probabilities: [[u8; NODES]; CONTEXTS],
    /// The cost of a token, by its context and its magnitude. Where the context is that of a zero
    /// before it, it does not include the branch that no block ends here. That of the greatest
    /// magnitudes does not include their `extra`.
    tokens: Box<[[u16; MAGNITUDES]; CONTEXTS]>,
    /// The cost of what follows the token, by its magnitude: more bits and the sign.
    extra: Box<[u16; 2048]>,
    /// The costs of an end of the block, and of none, by the context.
    ends: [[u16; 2]; CONTEXTS],
}

/// Sums up costs.
struct Sum<'a> {
    costs: &'a [u16; 257],
    probabilities: &'a [[u8; NODES]; CONTEXTS],
    branches: u32,
    fixed: u32,
}

impl Sink for Sum<'_> {
    fn branch(&mut self, context: usize, node: usize, bit: bool) {
        self.branches += cost_of(self.costs, bit, self.probabilities[context][node]);
    }

    fn fixed(&mut self, bit: bool, probability: u8) {
        self.fixed += cost_of(self.costs, bit, probability);
    }
}

fn cost_of(costs: &[u16; 257], bit: bool, probability: u8) -> u32 {
    let probability = usize::from(probability);
    costs[if bit { 256 - probability } else { probability }].into()
}

impl Costs {
    /// The costs with the default probabilities.
    pub fn new() -> Self {
        let bits = std::array::from_fn(|probability| {
            let part = probability.max(1) as f64 / 256.0;
            (-libm::log2(part) * 256.0).round() as u16
        });
        let mut costs = Self {
            bits,
            probabilities: DEFAULT,
            tokens: Box::new([[0; MAGNITUDES]; CONTEXTS]),
            extra: Box::new([0; 2048]),
            ends: [[0; 2]; CONTEXTS],
        };
        for magnitude in 1..2048 {
            let fixed = costs.of_magnitude(magnitude, 0).1;
            costs.extra[magnitude as usize] = (fixed + costs.bit(false, 128)) as u16;
        }
        costs.fill();
        costs
    }

    /// The cost of a bit.
    pub fn bit(&self, bit: bool, probability: u8) -> u32 {
        cost_of(&self.bits, bit, probability)
    }

    /// The cost of a leaf of a tree.
    pub fn path(&self, path: &[(usize, bool)], probabilities: &[u8]) -> u32 {
        path.iter().map(|(node, bit)| self.bit(*bit, probabilities[*node])).sum()
    }

    /// The costs of a magnitude from the third node of the tree on, and of its fixed bits.
    fn of_magnitude(&self, magnitude: u32, context: usize) -> (u32, u32) {
        let (costs, probabilities) = (&self.bits, &self.probabilities);
        let mut sum = Sum { costs, probabilities, branches: 0, fixed: 0 };
        sum.branch(context, 2, magnitude > 1);
        if magnitude > 1 {
            large(magnitude, context, &mut sum);
        }
        (sum.branches, sum.fixed)
    }

    /// Adapts to the tokens counted so far. A probability changes where that saves more than the
    /// update takes.
    pub fn adapt(&mut self, statistics: &Statistics) {
        for context in 0..CONTEXTS {
            for node in 0..NODES {
                let [zeros, all] = statistics.branches[context][node];
                let counted = (u64::from(zeros) * 255).checked_div(all.into()).unwrap_or(255);
                let counted = counted.max(1) as u8;
                let (old, update) = (DEFAULT[context][node], UPDATE[context][node]);
                let cost = |probability: u8| {
                    u64::from(zeros) * u64::from(self.bit(false, probability))
                        + u64::from(all - zeros) * u64::from(self.bit(true, probability))
                };
                let stays = cost(old) + u64::from(self.bit(false, update));
                let changes = cost(counted) + u64::from(self.bit(true, update)) + 8 * 256;
                self.probabilities[context][node] = if changes < stays { counted } else { old };
            }
        }
        self.fill();
    }

    /// What counted tokens take with the present probabilities: bytes, and some more.
    pub fn bytes(&self, statistics: &Statistics) -> usize {
        let mut cost = statistics.fixed * 256;
        for (branches, probabilities) in statistics.branches.iter().zip(&self.probabilities) {
            for (&[zeros, all], &probability) in branches.iter().zip(probabilities) {
                cost += u64::from(zeros) * u64::from(self.bit(false, probability))
                    + u64::from(all - zeros) * u64::from(self.bit(true, probability));
            }
        }
        (cost / 2048 + cost / 2048 / 64 + 64) as usize
    }

    fn fill(&mut self) {
        for context in 0..CONTEXTS {
            let nodes = self.probabilities[context];
            self.ends[context] =
                [self.bit(false, nodes[0]) as u16, self.bit(true, nodes[0]) as u16];
            let goes_on = if context % 3 == 0 { 0 } else { self.bit(true, nodes[0]) };
            self.tokens[context][0] = (goes_on + self.bit(false, nodes[1])) as u16;
            let some = goes_on + self.bit(true, nodes[1]);
            for magnitude in 1..MAGNITUDES {
                let branches = self.of_magnitude(magnitude as u32, context).0;
                let extra = if magnitude < MAGNITUDES - 1 { self.extra[magnitude] } else { 0 };
                self.tokens[context][magnitude] = (some + branches) as u16 + extra;
            }
        }
    }

    /// The cost of a block, of which `level` gives the coefficients by their position. `end` is the
    /// place after the last that is not 0.
    #[inline(always)]
    pub fn block(
        &self,
        plane: Plane,
        neighbours: usize,
        end: usize,
        level: impl Fn(usize) -> i16,
    ) -> u32 {
        let first = plane.first();
        let mut context = plane.context(first, neighbours);
        if end <= first {
            return self.ends[context][0].into();
        }
        let mut cost = if neighbours == 0 { u32::from(self.ends[context][1]) } else { 0 };
        for (place, &at) in ZIGZAG[..end.min(16)].iter().enumerate().skip(first) {
            let magnitude = usize::from(level(at).unsigned_abs());
            cost += u32::from(self.tokens[context][magnitude.min(MAGNITUDES - 1)]);
            if magnitude >= MAGNITUDES - 1 {
                cost += u32::from(self.extra[magnitude & 2047]);
            }
            context = plane.context(place + 1, magnitude.min(2));
        }
        if end < 16 { cost + u32::from(self.ends[context][0]) } else { cost }
    }
}
