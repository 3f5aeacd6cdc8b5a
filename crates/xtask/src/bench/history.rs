//! The runs that the documents show: `docs/performance.json`, from which `docs/performance.md` is
//! written.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use super::{machine::Machine, table::Comparison};

/// How many runs are held.
pub const RUNS: usize = 6;

/// One run of `cargo xtask bench`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Date and time in UTC, as `2026-11-30 07:10`.
    pub date: String,
    /// The commit that was measured, if git knows it.
    pub commit: Option<String>,
    pub machine: Machine,
    /// Versions of compilers and peers by name.
    pub versions: BTreeMap<String, String>,
    /// What was not measured, and how to install what it lacks.
    pub skipped: Vec<String>,
    pub rows: Vec<Comparison>,
}

/// The last runs, newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    pub runs: Vec<Run>,
}

/// One comparison through all runs.
#[derive(Debug, PartialEq)]
pub struct Line<'a> {
    pub what: &'a str,
    /// The comparison in each run, newest first. `None` if the run has it not.
    pub cells: Vec<Option<&'a Comparison>>,
}

impl History {
    /// Reads the text of the file.
    pub fn parse(text: &str) -> Result<Self> {
        serde_json::from_str(text)
            .context("this is not what `cargo xtask bench` writes; restore the file or remove it")
    }

    /// The text of the file.
    pub fn to_text(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }

    /// Adds a run in front. The oldest one goes if there are more than [`RUNS`].
    pub fn add(mut self, run: Run) -> Self {
        self.runs.insert(0, run);
        self.runs.truncate(RUNS);
        self
    }

    /// All comparisons by group, in the order of the newest run. Comparisons that only earlier runs
    /// have are at the end of their group.
    pub fn groups(&self) -> Vec<(&str, Vec<Line<'_>>)> {
        let mut groups: Vec<(&str, Vec<Line<'_>>)> = Vec::new();
        for row in self.runs.iter().flat_map(|run| &run.rows) {
            let at = groups.iter().position(|(name, _)| *name == row.group);
            let at = at.unwrap_or_else(|| {
                groups.push((&row.group, Vec::new()));
                groups.len() - 1
            });
            let Some((_, lines)) = groups.get_mut(at) else { continue };
            if lines.iter().all(|line| line.what != row.what) {
                let cells = self.runs.iter().map(|run| run.find(row)).collect();
                lines.push(Line { what: &row.what, cells });
            }
        }
        groups
    }

    /// The comparisons of the newest run that are worse than in the last earlier run on the same
    /// machine by more than `part`, with both.
    pub fn slides(&self, part: f64) -> Vec<(&Comparison, &Comparison)> {
        let Some((newest, earlier)) = self.runs.split_first() else { return Vec::new() };
        let before = |row| {
            let same = earlier.iter().filter(|run| run.machine.is_same_as(&newest.machine));
            same.filter_map(|run| run.find(row)).next()
        };
        let pairs = newest.rows.iter().filter_map(|row| Some((row, before(row)?)));
        pairs.filter(|(row, before)| row.slide(before).is_some_and(|slide| slide > part)).collect()
    }
}

impl Run {
    fn find(&self, row: &Comparison) -> Option<&Comparison> {
        self.rows.iter().find(|other| (&other.group, &other.what) == (&row.group, &row.what))
    }
}

#[cfg(test)]
pub mod tests {
    use serde_json::json;

    use super::*;

    /// A run with rows of one group: what, our number, and the peer's.
    pub fn run(date: &str, rows: &[(&str, f64, f64)]) -> Run {
        let row = |&(what, ours, peer): &(&str, f64, f64)| Comparison {
            group: "Rendering".to_owned(),
            ..Comparison::at_most(what, &json!(ours), &json!(peer), "ms", 1.0)
        };
        Run {
            date: date.to_owned(),
            commit: Some("abc1234".to_owned()),
            machine: Machine { cpu: "Test CPU".to_owned(), cores: 2, memory: 8 << 30, load: None },
            versions: [("node".to_owned(), "22.0.0".to_owned())].into(),
            skipped: Vec::new(),
            rows: rows.iter().map(row).collect(),
        }
    }

    #[test]
    fn history_adds_in_front_and_holds_a_bounded_number_of_runs() {
        let mut history = History::default();
        for day in 1..=RUNS + 3 {
            history = history.add(run(&format!("day {day}"), &[("a", 1.0, 2.0)]));
        }
        let dates: Vec<&str> = history.runs.iter().map(|run| run.date.as_str()).collect();
        assert_eq!(dates, ["day 9", "day 8", "day 7", "day 6", "day 5", "day 4"]);
    }

    #[test]
    fn history_is_read_as_it_was_written() {
        let mut history = History::default().add(run("day 1", &[("a", 1.0, 3.0)]));
        history.runs[0].rows[0].peer = None;
        let text = history.to_text().unwrap();
        let read = History::parse(&text).unwrap();
        assert_eq!(read, history);
        assert_eq!(read.to_text().unwrap(), text);
    }

    #[test]
    fn history_names_a_file_that_it_cannot_read() {
        let error = format!("{:#}", History::parse("{\"runs\": 3}").unwrap_err());
        assert!(error.contains("remove it") && error.contains("column"), "{error}");
    }

    #[test]
    fn groups_have_new_and_former_rows_with_gaps() {
        let history = History::default()
            .add(run("day 1", &[("former", 1.0, 1.0), ("both", 2.0, 1.0)]))
            .add(run("day 2", &[("new", 3.0, 1.0), ("both", 4.0, 1.0)]));
        let groups = history.groups();
        let [(group, lines)] = groups.as_slice() else { panic!("{groups:?}") };
        let seen: Vec<(&str, Vec<Option<f64>>)> = lines
            .iter()
            .map(|line| {
                (line.what, line.cells.iter().map(|cell| cell.and_then(|row| row.ours)).collect())
            })
            .collect();
        assert_eq!(*group, "Rendering");
        assert_eq!(
            seen,
            [
                ("new", vec![Some(3.0), None]),
                ("both", vec![Some(4.0), Some(2.0)]),
                ("former", vec![None, Some(1.0)]),
            ]
        );
    }

    #[test]
    fn slides_compare_with_the_last_run_on_the_same_machine() {
        let mut other = run("day 2", &[("a", 9.0, 1.0), ("b", 1.0, 1.0)]);
        other.machine.cpu = "Another CPU".to_owned();
        let history = History::default()
            .add(run("day 1", &[("a", 1.0, 1.0), ("b", 1.0, 1.0)]))
            .add(other)
            .add(run("day 3", &[("a", 1.2, 1.0), ("b", 1.05, 1.0), ("c", 5.0, 1.0)]));
        let slides: Vec<(&str, Option<f64>, Option<f64>)> = history
            .slides(0.1)
            .iter()
            .map(|(row, before)| (row.what.as_str(), row.ratio(), before.ratio()))
            .collect();
        assert_eq!(slides, [("a", Some(1.2), Some(1.0))]);
        assert!(History::default().slides(0.1).is_empty());
    }
}
