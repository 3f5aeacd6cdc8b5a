//! The comparisons of a run and their goals.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The permitted ratio of our number to the peer's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    AtMost(f64),
    AtLeast(f64),
}

/// One comparison of our number with a peer's. A number that a script did not print is `None`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// The heading in the documents.
    pub group: String,
    pub what: String,
    pub ours: Option<f64>,
    pub peer: Option<f64>,
    pub unit: String,
    pub goal: Goal,
}

/// All comparisons of a run. Rows belong to the group that was begun last.
#[derive(Debug, Default)]
pub struct Table {
    group: String,
    rows: Vec<Comparison>,
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtMost(ratio) => write!(f, "at most {ratio:.2}"),
            Self::AtLeast(ratio) => write!(f, "at least {ratio:.2}"),
        }
    }
}

impl Comparison {
    /// A comparison that hits its goal if our number is at most `ratio` times the peer's.
    pub fn at_most(what: &str, ours: &Value, peer: &Value, unit: &str, ratio: f64) -> Self {
        Self {
            group: String::new(),
            what: what.to_owned(),
            ours: ours.as_f64(),
            peer: peer.as_f64(),
            unit: unit.to_owned(),
            goal: Goal::AtMost(ratio),
        }
    }

    /// A comparison that hits its goal if our number is at least `ratio` times the peer's.
    pub fn at_least(what: &str, ours: &Value, peer: &Value, unit: &str, ratio: f64) -> Self {
        Self { goal: Goal::AtLeast(ratio), ..Self::at_most(what, ours, peer, unit, ratio) }
    }

    /// Divides both numbers by `unit`, to show them in a larger unit.
    pub fn per(mut self, unit: f64) -> Self {
        for number in [&mut self.ours, &mut self.peer] {
            *number = number.map(|number| number / unit);
        }
        self
    }

    /// Our number divided by the peer's.
    pub fn ratio(&self) -> Option<f64> {
        Some(self.ours? / self.peer?).filter(|ratio| ratio.is_finite())
    }

    /// Whether the goal is hit, in words.
    pub fn verdict(&self) -> &'static str {
        let hit = |ratio| match self.goal {
            Goal::AtMost(goal) => ratio <= goal,
            Goal::AtLeast(goal) => ratio >= goal,
        };
        self.ratio().map_or("not measured", |ratio| if hit(ratio) { "hit" } else { "missed" })
    }

    /// By which part the ratio is worse than in an `earlier` run. Negative if it is better.
    pub fn slide(&self, earlier: &Self) -> Option<f64> {
        let (now, before) = (self.ratio()?, earlier.ratio()?);
        let factor = match self.goal {
            Goal::AtMost(_) => now / before,
            Goal::AtLeast(_) => before / now,
        };
        Some(factor - 1.0).filter(|part| part.is_finite())
    }
}

impl Table {
    /// Begins a group of rows.
    pub fn begin(&mut self, group: &str) {
        group.clone_into(&mut self.group);
    }

    /// Adds a comparison to the current group.
    pub fn add(&mut self, row: Comparison) {
        self.rows.push(Comparison { group: self.group.clone(), ..row });
    }

    /// The comparisons in order.
    pub fn rows(&self) -> &[Comparison] {
        &self.rows
    }
}

/// A number as the table shows it.
pub fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{value:.*}", decimals(value)))
}

/// Enough to tell numbers apart that differ by a percent.
fn decimals(value: f64) -> usize {
    match value.abs() {
        0.0 => 0,
        small if small < 1.0 => 3,
        small if small < 100.0 => 2,
        _ => 0,
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rows.iter().map(|row| row.what.chars().count()).max().unwrap_or(0);
        let mut group = "";
        for row in &self.rows {
            if row.group != group {
                group = &row.group;
                writeln!(f, "{group}")?;
            }
            let (ours, peer) = (number(row.ours), number(row.peer));
            let ratio = row.ratio().map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}"));
            writeln!(
                f,
                "  {:<width$}  {ours:>8} / {peer:>8} {:<3} = {ratio:>6}  {}: {}",
                row.what,
                row.unit,
                row.goal,
                row.verdict(),
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row(goal: Goal, ours: f64) -> Comparison {
        let row = Comparison::at_most("a / b", &json!(ours), &json!(10), "ms", 1.0);
        Comparison { goal, ..row }
    }

    #[test]
    fn verdict_is_hit_up_to_the_goal_itself() {
        for (goal, ours, verdict) in [
            (Goal::AtMost(0.5), 5.0, "hit"),
            (Goal::AtMost(0.5), 5.1, "missed"),
            (Goal::AtLeast(0.5), 5.0, "hit"),
            (Goal::AtLeast(0.5), 4.9, "missed"),
        ] {
            assert_eq!(row(goal, ours).verdict(), verdict, "{goal} {ours}");
        }
    }

    #[test]
    fn verdict_of_a_missing_number_or_peer_of_zero_is_not_a_hit() {
        let missing = Comparison::at_most("a", &Value::Null, &json!(1), "ms", 1.0);
        let nothing = Comparison::at_most("a", &json!(0), &json!(0), "ms", 1.0);
        assert_eq!([missing.verdict(), nothing.verdict()], ["not measured"; 2]);
    }

    #[test]
    fn slide_is_positive_where_the_ratio_got_worse() {
        let slide = |goal, now, before| row(goal, now).slide(&row(goal, before)).unwrap();
        assert!((slide(Goal::AtMost(1.0), 12.0, 10.0) - 0.2).abs() < 1e-9);
        assert!((slide(Goal::AtLeast(1.0), 10.0, 12.0) - 0.2).abs() < 1e-9);
        assert!(slide(Goal::AtMost(1.0), 8.0, 10.0) < 0.0);
    }

    #[test]
    fn table_prints_a_group_once_with_the_verdict_in_words() {
        let mut table = Table::default();
        table.begin("Rendering");
        table.add(row(Goal::AtMost(0.5), 12.0));
        table.add(row(Goal::AtLeast(0.5), 12.0));
        let text = table.to_string();
        assert_eq!(text.matches("Rendering").count(), 1, "{text}");
        assert!(text.contains("12.00 /    10.00 ms  =   1.20  at most 0.50: missed"), "{text}");
        assert!(text.contains("at least 0.50: hit"), "{text}");
    }
}
