//! How far a pyramid is.

/// What happens to the rows of an original.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// They are decoded, and none is written yet.
    Decoding,
    /// They are written, and decoded just before that where the format allows it.
    Writing,
}

/// How far a pyramid is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// What happens now.
    pub stage: Stage,
    /// The part of all work that is done, from 0 to 1.
    pub done: f64,
}

/// Counts the rows of a picture.
pub(crate) struct Meter<'p> {
    height: f64,
    /// The part of the work that comes before the first row is written.
    decoding: f64,
    rows: f64,
    report: &'p mut dyn FnMut(Progress),
}

impl<'p> Meter<'p> {
    /// The meter of a picture with `height` rows. If all of them are decoded before the first is
    /// written, that counts as half of the work.
    pub fn new(height: u32, first_decoded: bool, report: &'p mut dyn FnMut(Progress)) -> Self {
        let decoding = if first_decoded { 0.5 } else { 0.0 };
        Self { height: f64::from(height.max(1)), decoding, rows: 0.0, report }
    }

    /// A row is decoded.
    pub fn decoded_row(&mut self) {
        self.rows += 1.0;
        let done = self.decoding * self.rows / self.height;
        (self.report)(Progress { stage: Stage::Decoding, done });
    }

    /// All rows are decoded that are decoded before the first one is written.
    pub fn decoded(&mut self) {
        self.rows = 0.0;
        (self.report)(Progress { stage: Stage::Writing, done: self.decoding });
    }

    /// A row is written.
    pub fn written_row(&mut self) {
        self.rows += 1.0;
        let done = self.decoding + (1.0 - self.decoding) * self.rows / self.height;
        (self.report)(Progress { stage: Stage::Writing, done });
    }
}
