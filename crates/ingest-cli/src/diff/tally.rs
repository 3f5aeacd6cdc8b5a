//! Counts of the classes, and the worst pairs of each.

use std::{
    cmp::{Ordering, Reverse},
    collections::BTreeMap,
};

use super::{Class, outcome::Outcome};

/// Counts pairs. It keeps the worst ones of each class, so its memory does not depend on the number
/// of pairs.
pub struct Tally {
    threshold: f64,
    keep: usize,
    classes: BTreeMap<Class, Counted>,
    pairs: u64,
}

/// The pairs of a class.
#[derive(Default)]
pub struct Counted {
    /// How many there are.
    pub pairs: u64,
    /// How many of them are over the threshold.
    pub over: u64,
    worst: BTreeMap<Rank, Outcome>,
}

/// Ascending: from the least severe to the most severe. Of equal ones, the first is the worst.
type Rank = (Severity, Reverse<u64>);

#[derive(Debug, Clone, Copy)]
struct Severity(f64);

impl Ord for Severity {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Severity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Severity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Severity {}

/// What became of a pair.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    /// It is among the worst of its class; another one may have lost its place.
    Among(Option<Box<Outcome>>),
    /// It was counted only.
    Counted,
}

impl Tally {
    /// Counts nothing yet.
    pub fn new(threshold: f64, keep: usize) -> Self {
        Self { threshold, keep, classes: BTreeMap::new(), pairs: 0 }
    }

    /// Counts a pair.
    pub fn add(&mut self, outcome: Outcome) -> Place {
        let counted = self.classes.entry(outcome.class).or_default();
        counted.pairs += 1;
        counted.over += u64::from(outcome.is_over(self.threshold));
        self.pairs += 1;
        if outcome.class == Class::Equal || self.keep == 0 {
            return Place::Counted;
        }
        let rank = (Severity(outcome.severity()), Reverse(self.pairs));
        if counted.worst.len() < self.keep {
            counted.worst.insert(rank, outcome);
            return Place::Among(None);
        }
        match counted.worst.first_entry() {
            Some(least) if *least.key() < rank => {
                let lost = least.remove();
                counted.worst.insert(rank, outcome);
                Place::Among(Some(Box::new(lost)))
            }
            _ => Place::Counted,
        }
    }

    /// The number of all pairs.
    pub fn pairs(&self) -> u64 {
        self.pairs
    }

    /// The number of pairs over the threshold.
    pub fn over(&self) -> u64 {
        self.classes.values().map(|counted| counted.over).sum()
    }

    /// The threshold.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// The classes that have pairs, in the order of the summary.
    pub fn classes(&self) -> impl Iterator<Item = (Class, &Counted)> {
        Class::all().filter_map(|class| Some((class, self.classes.get(&class)?)))
    }
}

impl Counted {
    /// The worst pairs, the worst first.
    pub fn worst(&self) -> impl Iterator<Item = &Outcome> {
        self.worst.values().rev()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diff::outcome::Seen;

    fn outcome(url: &str, class: Class, score: f64) -> Outcome {
        let (old, new) = (Seen::default(), Seen::default());
        let (url, score) = (url.to_owned(), Some(score));
        Outcome { url, class, score, shift: None, old, new, notes: Vec::new(), transient: false }
    }

    #[test]
    fn the_worst_pairs_of_each_class_have_a_place() {
        let mut tally = Tally::new(70.0, 2);
        let lost = |place| match place {
            Place::Among(lost) => lost.map(|outcome| outcome.url),
            Place::Counted => Some("counted".to_owned()),
        };
        let mut add = |url: &str, score| lost(tally.add(outcome(url, Class::Shifted, score)));
        assert_eq!(add("a", 60.0), None);
        assert_eq!(add("b", 80.0), None);
        assert_eq!(add("c", 90.0).as_deref(), Some("counted"));
        assert_eq!(add("d", 80.0).as_deref(), Some("counted"), "the first of equal ones stays");
        assert_eq!(add("e", -9.0).as_deref(), Some("b"));
        assert_eq!(lost(tally.add(outcome("f", Class::WrongSize, 99.0))), None);
        assert_eq!(lost(tally.add(outcome("g", Class::Equal, 100.0))).as_deref(), Some("counted"));
        let classes: Vec<_> = tally.classes().collect();
        assert_eq!(classes.len(), 3);
        let worst: Vec<&str> = classes[1].1.worst().map(|pair| pair.url.as_str()).collect();
        assert_eq!((classes[1].0, worst), (Class::Shifted, vec!["e", "a"]));
        assert_eq!((tally.pairs(), tally.over(), classes[1].1.pairs), (7, 3, 5));
    }
}
