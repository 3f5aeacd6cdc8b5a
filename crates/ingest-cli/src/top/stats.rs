//! What is counted of the requests of one name.

use super::{
    histogram::Histogram,
    request::{Cache, Request},
};
use crate::args::Sort;

/// Counts of requests.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    /// All of them.
    pub count: f64,
    /// Those that a cache answered.
    pub hits: f64,
    /// Those whose reply was made and stored.
    pub misses: f64,
    /// Errors.
    pub errors: f64,
    /// Bytes that were sent.
    pub bytes: f64,
    /// Milliseconds of all.
    pub total: f64,
    /// Milliseconds of those that no cache answered.
    pub made: Histogram,
}

impl Stats {
    /// Counts a request.
    pub fn add(&mut self, request: &Request) {
        let weight = request.weight;
        self.count += weight;
        match request.cache {
            Cache::Hit => self.hits += weight,
            Cache::Miss => self.misses += weight,
            Cache::Bypass => {}
        }
        if request.error {
            self.errors += weight;
        }
        self.bytes += weight * request.bytes as f64;
        self.total += weight * request.milliseconds;
        if request.cache != Cache::Hit {
            self.made.add(request.milliseconds);
        }
    }

    /// Adds the counts of another.
    pub fn append(&mut self, other: &Self) {
        self.count += other.count;
        self.hits += other.hits;
        self.misses += other.misses;
        self.errors += other.errors;
        self.bytes += other.bytes;
        self.total += other.total;
        self.made.append(&other.made);
    }

    /// The share of hits among the requests that a cache could answer; `None` if there are none.
    pub fn hit_ratio(&self) -> Option<f64> {
        let all = self.hits + self.misses;
        (all > 0.0).then(|| self.hits / all)
    }

    /// The figure by which a table is sorted.
    pub fn rank(&self, sort: Sort) -> f64 {
        match sort {
            Sort::Total => self.total,
            Sort::Slow => self.made.percentile(0.95),
            Sort::Bytes => self.bytes,
            Sort::Count => self.count,
        }
    }
}
