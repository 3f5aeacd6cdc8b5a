//! The numbers along an axis.

/// How the values of an axis are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// From zero.
    Linear,
    /// Equal factors are equal distances.
    Log,
}

/// The ends of an axis, and the numbers that are written along it.
#[derive(Debug, PartialEq)]
pub struct Range {
    pub scale: Scale,
    pub from: f64,
    pub to: f64,
    pub ticks: Vec<f64>,
}

/// How many numbers a linear axis has at most, besides zero.
const TICKS: f64 = 5.0;

impl Range {
    /// The range that holds these values. Values that the scale cannot show are left out.
    pub fn of(values: impl Iterator<Item = f64>, scale: Scale) -> Self {
        let values: Vec<f64> = values.filter(|value| value.is_finite() && *value > 0.0).collect();
        let max = values.iter().copied().fold(0.0, f64::max);
        let max = if max > 0.0 { max } else { 1.0 };
        match scale {
            Scale::Linear => {
                let step = nice(max / TICKS);
                let count = (max / step).ceil();
                let ticks = (0..=count as u32).map(|nth| f64::from(nth) * step).collect();
                Self { scale, from: 0.0, to: count * step, ticks }
            }
            Scale::Log => {
                let min = values.iter().copied().fold(max, f64::min);
                let (from, to) = (min / 1.25, max * 1.25);
                let decades = (libm::log10(from).floor() as i32)..=(libm::log10(to).ceil() as i32);
                let ticks = decades.flat_map(|decade| {
                    [1.0, 2.0, 5.0].map(|digit| digit * libm::pow(10.0, f64::from(decade)))
                });
                Self {
                    scale,
                    from,
                    to,
                    ticks: ticks.filter(|tick| (from..=to).contains(tick)).collect(),
                }
            }
        }
    }

    /// Where a value lies, from 0 at one end to 1 at the other.
    pub fn place(&self, value: f64) -> f64 {
        match self.scale {
            Scale::Linear => (value - self.from) / (self.to - self.from),
            Scale::Log => libm::log(value / self.from) / libm::log(self.to / self.from),
        }
    }
}

/// The next larger of 1, 2, 5, 10, 20, 50 … and their tenths.
fn nice(step: f64) -> f64 {
    let decade = libm::pow(10.0, libm::log10(step).floor());
    let digits = [1.0, 2.0, 5.0, 10.0];
    // A rounding error must not make a step twice as large.
    let digit = digits.into_iter().find(|digit| digit * decade >= step * (1.0 - 1e-9));
    digit.unwrap_or(10.0) * decade
}

/// A tick as it is written: without needless zeros.
pub fn label(tick: f64) -> String {
    let text = format!("{tick:.3}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linear_begins_at_zero_and_ends_at_a_round_number() {
        for (max, ticks) in [
            (4.2, vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
            (16.0, vec![0.0, 5.0, 10.0, 15.0, 20.0]),
            (100.0, vec![0.0, 20.0, 40.0, 60.0, 80.0, 100.0]),
        ] {
            let range = Range::of([1.0, max].into_iter(), Scale::Linear);
            assert_eq!(range.ticks, ticks, "{max}");
            assert!(range.place(max) <= 1.0 && range.place(0.0) == 0.0, "{max}");
        }
    }

    #[test]
    fn log_has_ticks_within_the_values_and_equal_factors_apart() {
        let range = Range::of([20.0, 1000.0].into_iter(), Scale::Log);
        assert_eq!(range.ticks, [20.0, 50.0, 100.0, 200.0, 500.0, 1000.0]);
        let apart = |one, other| range.place(other) - range.place(one);
        assert!((apart(20.0, 200.0) - apart(100.0, 1000.0)).abs() < 1e-9);
        assert!(range.place(20.0) > 0.0 && range.place(1000.0) < 1.0);
    }

    #[test]
    fn range_of_nothing_is_drawn_all_the_same() {
        for scale in [Scale::Linear, Scale::Log] {
            let range = Range::of([f64::NAN, 0.0].into_iter(), scale);
            assert!(range.to > range.from && range.place(1.0).is_finite(), "{range:?}");
        }
    }

    #[test]
    fn label_has_no_needless_zeros() {
        assert_eq!([0.0, 0.2, 1.5, 10.0, 1000.0].map(label), ["0", "0.2", "1.5", "10", "1000"]);
    }
}
