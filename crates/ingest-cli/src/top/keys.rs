//! The counts of each name, with a bound on how many names there are.

use std::{cmp::Ordering, collections::HashMap};

use super::{request::Request, stats::Stats};
use crate::args::{By, Sort};

/// The most names at once.
const MOST: usize = 50_000;

/// The most bytes of a name. Servers log no longer ones.
const NAME_BYTES: usize = 600;

/// The counts of requests by one of their properties.
#[derive(Debug)]
pub struct Keys {
    /// The property.
    pub by: By,
    sort: Sort,
    most: usize,
    names: HashMap<String, Stats>,
    /// The requests of the names that were dropped.
    others: Stats,
    /// How many times a name was dropped.
    pub dropped: u64,
}

impl Keys {
    /// No counts yet.
    pub fn new(by: By, sort: Sort) -> Self {
        let (names, others) = Default::default();
        Self { by, sort, most: MOST, names, others, dropped: 0 }
    }

    /// Counts a request.
    pub fn add(&mut self, request: &Request) {
        let status;
        let name = match self.by {
            By::Preset => request.presets.as_str(),
            By::Object => request.object.as_str(),
            By::Format => request.format.as_str(),
            By::Status => {
                status = request.status.to_string();
                &status
            }
        };
        let name = name.get(..name.floor_char_boundary(NAME_BYTES)).unwrap_or_default();
        if let Some(stats) = self.names.get_mut(name) {
            return stats.add(request);
        }
        if self.names.len() >= self.most {
            self.drop_half();
        }
        self.names.entry(name.to_owned()).or_default().add(request);
    }

    /// Drops the names that matter least, so that a table of any length costs no more memory.
    fn drop_half(&mut self) {
        let sort = self.sort;
        let mut ranks: Vec<f64> = self.names.values().map(|stats| stats.rank(sort)).collect();
        let half = ranks.len() / 2;
        let (_, bound, _) = ranks.select_nth_unstable_by(half, f64::total_cmp);
        let bound = *bound;
        // Of names that matter equally, half go, too.
        let mut left = half;
        for (_, stats) in self.names.extract_if(|_, stats| {
            let goes = left > 0 && stats.rank(sort) <= bound;
            left -= usize::from(goes);
            goes
        }) {
            self.others.append(&stats);
            self.dropped += 1;
        }
    }

    /// The names with their counts, those that matter most first.
    pub fn sorted(&self) -> Vec<(&str, &Stats)> {
        let mut all: Vec<(&str, &Stats)> =
            self.names.iter().map(|(name, stats)| (name.as_str(), stats)).collect();
        all.sort_by(|(one, first), (other, second)| {
            let rank = second.rank(self.sort).total_cmp(&first.rank(self.sort));
            if rank == Ordering::Equal { one.cmp(other) } else { rank }
        });
        all
    }

    /// The requests of names that were dropped.
    pub fn others(&self) -> Option<&Stats> {
        (self.dropped > 0).then_some(&self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::top::request::Cache;

    fn request(object: String, milliseconds: f64) -> Request {
        let (presets, format) = Default::default();
        Request {
            weight: 1.0,
            object,
            presets,
            status: 200,
            format,
            cache: Cache::Miss,
            milliseconds,
            bytes: 10,
            error: false,
        }
    }

    #[test]
    fn what_matters_most_is_kept_of_many_names() {
        let mut keys = Keys { most: 100, ..Keys::new(By::Object, Sort::Total) };
        for nth in 0..10_000 {
            keys.add(&request(format!("rare/{nth}"), 1.0));
            keys.add(&request(format!("often/{}", nth % 10), 5.0));
            assert!(keys.names.len() <= 100);
        }
        let sorted = keys.sorted();
        let first: Vec<&str> = sorted.iter().take(10).map(|(name, _)| *name).collect();
        assert!(first.iter().all(|name| name.starts_with("often/")), "{first:?}");
        assert!(sorted.iter().take(10).all(|(_, stats)| stats.count == 1000.0));
        let kept: f64 = sorted.iter().map(|(_, stats)| stats.count).sum();
        assert_eq!(kept + keys.others().unwrap().count, 20_000.0, "none is lost");
    }

    #[test]
    fn tables_are_sorted_by_what_is_asked_for() {
        let first = |sort| {
            let mut keys = Keys::new(By::Object, sort);
            keys.add(&request("slow".to_owned(), 900.0));
            (0..200).for_each(|_| keys.add(&request("often".to_owned(), 5.0)));
            keys.add(&Request { bytes: 1 << 20, ..request("large".to_owned(), 1.0) });
            keys.sorted()[0].0.to_owned()
        };
        assert_eq!(first(Sort::Total), "often");
        assert_eq!(first(Sort::Count), "often");
        assert_eq!(first(Sort::Slow), "slow");
        assert_eq!(first(Sort::Bytes), "large");
    }
}
