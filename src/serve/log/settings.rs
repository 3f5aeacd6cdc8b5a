//! Which requests are logged.

use std::cell::Cell;

use crate::error::Error;

/// The settings of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct LogSettings {
    /// The share of requests that have a line, from 0 to 1. Faults of the server always have one;
    /// `None` for no line at all.
    pub sample: Option<f64>,
    /// Whether lines have the URL with its query.
    pub query: bool,
}

impl LogSettings {
    /// Parses `LOG_SAMPLE` and `LOG_QUERY`. Without the first, only faults of the server are logged.
    pub fn parse(sample: &str, query: &str) -> Result<Self, Error> {
        let wrong = |value, wanted| Err(Error::value("LOG_SAMPLE", value, wanted));
        let sample = match sample.trim() {
            "off" => None,
            "" => Some(0.0),
            text => match text.parse::<f64>() {
                Ok(share) if (0.0..=1.0).contains(&share) => Some(share),
                Ok(_) | Err(_) => return wrong(text, "a share from 0 to 1, such as 0.01, or off"),
            },
        };
        let query = match query.trim() {
            "" | "0" => false,
            "1" => true,
            other => return Err(Error::value("LOG_QUERY", other, "0 or 1")),
        };
        Ok(Self { sample, query })
    }
}

/// Chooses the requests of a sample, evenly among those that follow each other.
#[derive(Debug, Default)]
pub struct Sampler(Cell<f64>);

impl Sampler {
    /// A sampler whose sequence begins at a number from 0 to 1.
    pub fn new(start: f64) -> Self {
        Self(Cell::new(start))
    }

    /// Whether the next request is in a sample of this share.
    pub fn takes(&self, share: f64) -> bool {
        // The multiples of the golden ratio, modulo 1, are spread as evenly as can be.
        let next = self.0.get() + 0.618_033_988_749_894_9;
        let next = if next >= 1.0 { next - 1.0 } else { next };
        self.0.set(next);
        next < share
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_spread_evenly() {
        for share in [0.0, 0.01, 0.3, 1.0] {
            let sampler = Sampler::new(0.5);
            let taken = (0..10_000).filter(|_| sampler.takes(share)).count();
            let wanted = (share * 10_000.0) as usize;
            assert!(taken.abs_diff(wanted) <= 2, "{taken} of {wanted}");
        }
        let sampler = Sampler::default();
        let hundreds: Vec<usize> =
            (0..50).map(|_| (0..100).filter(|_| sampler.takes(0.1)).count()).collect();
        assert!(hundreds.iter().all(|count| (8..=12).contains(count)), "{hundreds:?}");
    }

    #[test]
    fn settings_are_a_share_and_a_switch() {
        let parse = |sample, query| LogSettings::parse(sample, query);
        let settings = |sample, query| LogSettings { sample, query };
        assert_eq!(parse("", ""), Ok(settings(Some(0.0), false)));
        assert_eq!(parse(" 0.5 ", "1"), Ok(settings(Some(0.5), true)));
        assert_eq!(parse("off", "0"), Ok(settings(None, false)));
        for (sample, query) in [("2", ""), ("-1", ""), ("NaN", ""), ("all", ""), ("1", "yes")] {
            assert!(parse(sample, query).is_err(), "{sample} {query}");
        }
    }
}
