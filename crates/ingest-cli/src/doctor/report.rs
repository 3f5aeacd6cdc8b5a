//! Prints findings as they come: a line for each, or one JSON object a line.

use std::io::{StdoutLock, Write};

use anyhow::Result;
use serde_json::json;

use super::finding::{Finding, Outcome};

/// The report on standard output.
pub struct Report {
    out: StdoutLock<'static>,
    json: bool,
    counts: [(Outcome, usize); 4],
}

impl Report {
    /// A report without findings.
    pub fn new(json: bool) -> Self {
        let outcomes = [Outcome::Ok, Outcome::Warning, Outcome::Failed, Outcome::NotChecked];
        Self { out: std::io::stdout().lock(), json, counts: outcomes.map(|outcome| (outcome, 0)) }
    }

    /// Prints a finding.
    pub fn add(&mut self, finding: &Finding) -> Result<()> {
        for (outcome, count) in &mut self.counts {
            *count += usize::from(*outcome == finding.outcome);
        }
        if self.json {
            writeln!(self.out, "{}", serde_json::to_string(finding)?)?;
        } else {
            let word = finding.outcome.word();
            writeln!(self.out, "{word:<12} {:<13} {}", finding.check, finding.message)?;
            if let Some(advice) = &finding.advice {
                writeln!(self.out, "{:<12} {:<13} → {advice}", "", "")?;
            }
        }
        Ok(self.out.flush()?)
    }

    /// Prints the counts. Returns whether no check failed.
    pub fn end(mut self) -> Result<bool> {
        if self.json {
            let counts: serde_json::Map<_, _> = self
                .counts
                .iter()
                .map(|(outcome, count)| (outcome.word().replace(' ', "-"), json!(count)))
                .collect();
            writeln!(self.out, "{}", json!({ "counts": counts }))?;
        } else {
            let counts = self.counts.iter().filter(|(_, count)| *count > 0);
            let counts: Vec<String> =
                counts.map(|(outcome, count)| format!("{count} {}", outcome.word())).collect();
            writeln!(self.out, "\n{}", counts.join(", "))?;
        }
        let failed =
            |(outcome, count): &(Outcome, usize)| *outcome == Outcome::Failed && *count > 0;
        Ok(!self.counts.iter().any(failed))
    }
}
