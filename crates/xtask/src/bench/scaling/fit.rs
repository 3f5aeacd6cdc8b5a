//! Straight lines through points, by least squares.

/// The line `intercept + slope × x`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub slope: f64,
    pub intercept: f64,
    /// The part of the variance that the line explains: R², 1 for points on a line.
    pub explained: f64,
}

/// The line through these points. `None` if they have fewer than two different x.
pub fn line(points: &[(f64, f64)]) -> Option<Fit> {
    let count = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / count;
    let (mean_x, mean_y) = (mean(|point| point.0), mean(|point| point.1));
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        points.iter().map(|(x, y)| of(x - mean_x, y - mean_y)).sum()
    };
    let (xx, xy, yy) = (sum(&|x, _| x * x), sum(&|x, y| x * y), sum(&|_, y| y * y));
    let fit = Fit {
        slope: xy / xx,
        intercept: mean_y - xy / xx * mean_x,
        // Points at one height are a line.
        explained: if yy == 0.0 { 1.0 } else { xy * xy / (xx * yy) },
    };
    (fit.slope.is_finite() && fit.intercept.is_finite()).then_some(fit)
}

/// The exponent k of the curve `c × x^k` through these points: 0 if they are flat, 1 if they are
/// proportional. `None` if a number is not positive or if there are fewer than two different x.
pub fn power(points: &[(f64, f64)]) -> Option<f64> {
    let logarithms: Vec<(f64, f64)> =
        points.iter().map(|(x, y)| (libm::log(*x), libm::log(*y))).collect();
    line(&logarithms).map(|fit| fit.slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(one: f64, other: f64) -> bool {
        (one - other).abs() < 1e-9
    }

    #[test]
    fn line_goes_through_points_on_a_line() {
        let fit = line(&[(0.0, 3.0), (1.0, 5.0), (10.0, 23.0)]).unwrap();
        assert!(
            near(fit.slope, 2.0) && near(fit.intercept, 3.0) && near(fit.explained, 1.0),
            "{fit:?}"
        );
    }

    #[test]
    fn line_explains_less_of_points_beside_it() {
        let fit = line(&[(0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (3.0, 3.0)]).unwrap();
        assert!(
            near(fit.slope, 0.8) && near(fit.intercept, 0.3) && near(fit.explained, 0.64),
            "{fit:?}"
        );
    }

    #[test]
    fn line_needs_two_different_x() {
        for points in [&[][..], &[(1.0, 1.0)], &[(1.0, 1.0), (1.0, 2.0)]] {
            assert_eq!(line(points), None, "{points:?}");
        }
        let flat = line(&[(1.0, 2.0), (3.0, 2.0)]).unwrap();
        assert!(near(flat.slope, 0.0) && near(flat.explained, 1.0), "{flat:?}");
    }

    #[test]
    fn power_is_the_exponent() {
        let curve = |exponent: f64| [1.0, 4.0, 9.0].map(|x: f64| (x, 5.0 * libm::pow(x, exponent)));
        for exponent in [0.0, 0.5, 1.0, 2.0] {
            assert!(near(power(&curve(exponent)).unwrap(), exponent), "{exponent}");
        }
        assert_eq!(power(&[(0.0, 1.0), (1.0, 2.0)]), None);
    }
}
