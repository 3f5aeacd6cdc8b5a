//! What a request takes of its server.

use std::cell::Cell;

use crate::limits;

/// What a request has taken; its store counts it.
#[derive(Debug, Default)]
pub struct Taken {
    /// Reads of the store and of other servers.
    pub reads: Cell<u64>,
    /// Bytes that they gave.
    pub bytes: Cell<u64>,
    /// The memory that the plan reserves, in bytes.
    pub memory: Cell<u64>,
    /// The work of the plan, in pixels.
    pub work: Cell<u64>,
}

impl Taken {
    /// Counts a read that begins.
    pub fn begin_read(&self) {
        self.reads.set(self.reads.get() + 1);
    }

    /// Counts the bytes of a read.
    pub fn end_read(&self, bytes: usize) {
        self.bytes.set(self.bytes.get() + bytes as u64);
    }

    /// Sets the figures of the plan.
    pub fn planned(&self, memory: u64, work: u64) {
        self.memory.set(memory);
        self.work.set(work);
    }

    /// How expensive the plan is, by its work: `small`, `medium` or `large`. `None` if nothing was
    /// planned, as for a reply from a cache.
    pub fn cost(&self) -> Option<&'static str> {
        match self.work.get() {
            0 => None,
            work if work <= limits::SMALL_WORK => Some("small"),
            work if work <= limits::MEDIUM_WORK => Some("medium"),
            _ => Some("large"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_that_of_the_work() {
        let cost = |work| {
            let taken = Taken::default();
            taken.planned(1, work);
            taken.cost()
        };
        let of = [0, 1, 1_000_000, 1_000_001, 10_000_000, 10_000_001].map(cost);
        let [small, medium, large] = ["small", "medium", "large"].map(Some);
        assert_eq!(of, [None, small, small, medium, medium, large]);
    }
}
