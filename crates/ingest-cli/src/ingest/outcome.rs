//! The result of ingesting an original.

use std::time::Duration;

use anyhow::Result;

use super::{
    facts::{Facts, Warning},
    finder::Item,
    original::Original,
    snapshot::Snapshot,
};

/// What was done about an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// A pyramid, an SVG or a file was stored.
    Stored {
        /// Its length in bytes.
        bytes: u64,
    },
    /// Only the record was updated.
    Updated,
    /// The store is up to date.
    Unchanged,
    /// The store has no original to reprocess.
    OriginalNotStored,
    /// A dry run found no error.
    Planned,
}

/// What was done about an original, and what it is.
#[derive(Debug, Clone)]
pub struct Ingested {
    /// What was done.
    pub outcome: Outcome,
    /// What the original is, if it was decoded.
    pub facts: Option<Facts>,
    /// Warnings about it.
    pub warnings: Vec<Warning>,
    /// The original as it was read, if it was.
    pub snapshot: Option<Snapshot>,
    /// How long it took, without waiting for others.
    pub elapsed: Duration,
}

impl Ingested {
    /// A result without details.
    pub fn new(outcome: Outcome) -> Self {
        Self { outcome, facts: None, warnings: Vec::new(), snapshot: None, elapsed: Duration::ZERO }
    }
}

/// Something that a run reports.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there are as many at once as --batch says")]
pub enum Event {
    /// The result of an original.
    Done(Original, Result<Ingested>),
    /// Something that is not ingested.
    Other(Item),
}
