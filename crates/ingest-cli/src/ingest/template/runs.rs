//! Runs of engine data: which style or format each character of a text has.

use crate::psd::Value;

/// The runs of one kind, each with its length in UTF-16 code units.
pub struct Runs<'a> {
    values: &'a [Value],
    lengths: Vec<f64>,
    nth: usize,
    passed: usize,
}

impl<'a> Runs<'a> {
    /// The runs in a part of engine data.
    pub fn new(runs: Option<&'a Value>) -> Self {
        let values = runs.map_or(&[][..], |runs| runs.list(&["RunArray"]));
        let lengths = runs.map_or_else(Vec::new, |runs| runs.numbers(&["RunLengthArray"]));
        Self { values, lengths, nth: 0, passed: 0 }
    }

    /// The run of the next code units, which are passed. The last run has all that follow.
    pub fn take(&mut self, units: usize) -> Option<&'a Value> {
        while let Some(&length) = self.lengths.get(self.nth)
            && self.passed >= length.max(0.0) as usize
            && self.nth + 1 < self.values.len()
        {
            self.nth += 1;
            self.passed = 0;
        }
        self.passed += units;
        self.values.get(self.nth)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::psd::engine_data;

    #[test]
    fn a_run_has_as_many_code_units_as_its_length() {
        let data = b"<< /RunArray [ /a /b /c ] /RunLengthArray [ 2 0 1 ] >>";
        let value = engine_data::read(data).unwrap();
        let mut runs = Runs::new(Some(&value));
        let mut next = |units| runs.take(units).and_then(|run| run.text(&[])).unwrap();
        assert_eq!(
            [next(0), next(1), next(1), next(0), next(1), next(5)],
            ["a", "a", "a", "c", "c", "c"]
        );
        assert_eq!(Runs::new(None).take(1), None);
    }
}
