//! The table of measured ratios and their limits.

use std::fmt;

use serde_json::{Value, json};

/// One comparison of our number with a peer's.
#[derive(Debug, Clone)]
pub struct Comparison {
    what: String,
    ours: f64,
    peer: f64,
    unit: &'static str,
    limit: f64,
    at_most: bool,
}

/// All comparisons of a run.
#[derive(Debug, Default)]
pub struct Table(Vec<Comparison>);

impl Comparison {
    /// A comparison that passes if our number is at most `limit` times the peer's.
    pub fn at_most(what: &str, ours: &Value, peer: &Value, unit: &'static str, limit: f64) -> Self {
        // A missing number becomes NaN, which is never within a limit.
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        let (ours, peer) = (number(ours), number(peer));
        Self { what: what.to_owned(), ours, peer, unit, limit, at_most: true }
    }

    /// A comparison that passes if our number is at least `limit` times the peer's.
    pub fn at_least(
        what: &str,
        ours: &Value,
        peer: &Value,
        unit: &'static str,
        limit: f64,
    ) -> Self {
        Self { at_most: false, ..Self::at_most(what, ours, peer, unit, limit) }
    }

    /// Divides both numbers by `unit`, to show them in a larger unit.
    pub fn per(mut self, unit: f64) -> Self {
        self.ours /= unit;
        self.peer /= unit;
        self
    }

    fn ratio(&self) -> f64 {
        self.ours / self.peer
    }

    fn is_within_limit(&self) -> bool {
        if self.at_most { self.ratio() <= self.limit } else { self.ratio() >= self.limit }
    }
}

impl Table {
    /// Adds a comparison.
    pub fn add(&mut self, row: Comparison) {
        self.0.push(row);
    }

    /// The comparisons as a JSON array.
    pub fn to_json(&self) -> Value {
        let row = |row: &Comparison| {
            json!({ "what": row.what, "ours": row.ours, "peer": row.peer, "unit": row.unit,
                "ratio": row.ratio(), "limit": row.limit, "kept": row.is_within_limit() })
        };
        self.0.iter().map(row).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.0.iter().map(|row| row.what.len()).max().unwrap_or(0);
        for row in &self.0 {
            let sign = if row.at_most { "<=" } else { ">=" };
            let verdict = if row.is_within_limit() { "kept" } else { "MISSED" };
            writeln!(
                f,
                "{:<width$}  {:>8.1} {:<2} / {:>8.1} {:<2}  = {:>5.2}  ({sign} {:.2}, {verdict})",
                row.what,
                row.ours,
                row.unit,
                row.peer,
                row.unit,
                row.ratio(),
                row.limit
            )?;
        }
        Ok(())
    }
}
