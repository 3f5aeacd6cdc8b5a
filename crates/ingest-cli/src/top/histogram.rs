//! Percentiles of milliseconds, in little memory.

/// Buckets of each power of ten. Within one, values differ by 12 %.
const OF_TEN: f64 = 20.0;

/// The upper bound of the first bucket, in milliseconds.
const FIRST: f64 = 0.1;

/// The most buckets: up to 28 hours.
const MOST: usize = 180;

/// Counts of values by size. Its buckets are allocated as they are needed.
#[derive(Debug, Clone, Default)]
pub struct Histogram {
    buckets: Vec<u32>,
    max: f64,
}

impl Histogram {
    /// Adds a value.
    pub fn add(&mut self, milliseconds: f64) {
        let place = libm::ceil(libm::log10(milliseconds / FIRST) * OF_TEN);
        // Values below the first bound, and 0, whose logarithm is −∞, are in the first bucket.
        let place = if place > 0.0 { (place as usize).min(MOST) } else { 0 };
        if self.buckets.len() <= place {
            self.buckets.resize(place + 1, 0);
        }
        if let Some(bucket) = self.buckets.get_mut(place) {
            *bucket = bucket.saturating_add(1);
        }
        self.max = self.max.max(milliseconds);
    }

    /// Adds the values of another.
    pub fn append(&mut self, other: &Self) {
        if self.buckets.len() < other.buckets.len() {
            self.buckets.resize(other.buckets.len(), 0);
        }
        for (bucket, count) in self.buckets.iter_mut().zip(&other.buckets) {
            *bucket = bucket.saturating_add(*count);
        }
        self.max = self.max.max(other.max);
    }

    /// The largest value; 0 without values.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// The value below which a share of all values is, to within 6 %; 0 without values.
    pub fn percentile(&self, share: f64) -> f64 {
        let all: u64 = self.buckets.iter().map(|count| u64::from(*count)).sum();
        let wanted = libm::ceil(all as f64 * share) as u64;
        let mut before = 0;
        for (place, count) in self.buckets.iter().enumerate() {
            before += u64::from(*count);
            if before >= wanted && *count > 0 {
                let middle = FIRST * libm::pow(10.0, (place as f64 - 0.5) / OF_TEN);
                return middle.min(self.max);
            }
        }
        self.max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_near_those_of_the_values() {
        let mut histogram = Histogram::default();
        let mut values: Vec<f64> = (1..=10_000).map(|nth| f64::from(nth * nth) / 5000.0).collect();
        values.iter().for_each(|value| histogram.add(*value));
        values.sort_by(f64::total_cmp);
        for share in [0.1, 0.5, 0.95, 0.999] {
            let exact = values[(share * 10_000.0) as usize - 1];
            let found = histogram.percentile(share);
            assert!((found / exact - 1.0).abs() < 0.065, "{share}: {found} of {exact}");
        }
        assert_eq!(histogram.max(), 20_000.0);
        assert!(histogram.percentile(1.0) <= 20_000.0);
    }

    #[test]
    fn extremes_have_a_bucket() {
        let mut histogram = Histogram::default();
        assert_eq!((histogram.percentile(0.5), histogram.max()), (0.0, 0.0));
        for value in [0.0, 1e-300, 1e300] {
            histogram.add(value);
        }
        assert!(histogram.buckets.len() <= MOST + 1);
        assert_eq!(histogram.max(), 1e300);
        let mut both = Histogram::default();
        both.append(&histogram);
        both.append(&histogram);
        assert_eq!(both.buckets.iter().sum::<u32>(), 6);
    }
}
