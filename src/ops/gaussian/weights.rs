//! The weights of a Gaussian blur over whole pixels (decision G8).
//!
//! A pixel stands for an area, so a weight is the Gaussian's integral over the pixel. Sampled at
//! the pixels' centres instead, a Gaussian of 0.3 pixels would miss its neighbours and change
//! nothing. The integral adds the pixel's own spread to the Gaussian's; the Gaussian is made
//! narrower by as much, so that the blur as a whole has the standard deviation asked for, however
//! small.

use std::f64::consts::SQRT_2;

/// The variance of a pixel: of numbers spread evenly over a length of 1.
const PIXEL: f64 = 1.0 / 12.0;

/// Halvings of an interval of 1: as exact as the weights are.
const HALVINGS: usize = 32;

/// Weights of the pixels from −[`half_width`] to +[`half_width`], which add up to 1. `sigma` is
/// their standard deviation in pixels, above 0.
pub fn weights(sigma: f64) -> Vec<f32> {
    let half = half_width(sigma) as i32;
    let width = width(sigma);
    let total: f64 = (-half..=half).map(|at| share(at, width)).sum();
    (-half..=half).map(|at| (share(at, width) / total) as f32).collect()
}

/// How many pixels on each side have a weight.
pub fn half_width(sigma: f64) -> usize {
    (sigma * 3.0).ceil() as usize
}

/// The standard deviation of the Gaussian whose integrals over pixels have this one.
fn width(sigma: f64) -> f64 {
    let variance = sigma * sigma;
    if sigma >= 1.0 {
        return (variance - PIXEL).sqrt();
    }
    // The variance of the integrals grows with the width; below 1 no formula says how.
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        let reached: f64 = (1..=4).map(|at| f64::from(2 * at * at) * share(at, middle)).sum();
        if reached < variance {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The integral of a Gaussian over the pixel `at` pixels from its centre.
fn share(at: i32, sigma: f64) -> f64 {
    let below = |edge: f64| libm::erf(edge / (sigma * SQRT_2));
    (below(f64::from(at) + 0.5) - below(f64::from(at) - 0.5)) / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variance(weights: &[f32]) -> f64 {
        let half = (weights.len() / 2) as f64;
        let terms = weights.iter().enumerate();
        let square = |nth: usize| (nth as f64 - half) * (nth as f64 - half);
        terms.map(|(nth, &weight)| square(nth) * f64::from(weight)).sum()
    }

    #[test]
    fn weights_have_the_standard_deviation_asked_for() {
        for sigma in [0.1, 0.125, 0.2, 0.3, 0.5, 0.8, 0.999, 1.0, 1.7, 3.9] {
            let weights = weights(sigma);
            let total: f32 = weights.iter().sum();
            assert!((total - 1.0).abs() < 1e-5, "{sigma}: {total}");
            // What lies more than three standard deviations away is cut off.
            let deviation = variance(&weights).sqrt();
            assert!((deviation / sigma - 1.0).abs() < 0.015, "{sigma}: {deviation}");
        }
    }

    #[test]
    fn neighbours_weigh_at_small_radii() {
        for (sigma, expected) in [(0.1, 0.005), (0.2, 0.02), (0.3, 0.045)] {
            assert!((weights(sigma)[0] - expected).abs() < 1e-4, "{sigma}: {:?}", weights(sigma));
        }
    }

    #[test]
    fn from_a_radius_of_one_a_sampled_gaussian_is_the_same() {
        for sigma in [1.0, 1.3, 2.0, 3.0, 3.9] {
            let half = half_width(sigma) as i32;
            let gauss = |at: i32| libm::exp(-f64::from(at * at) / (2.0 * sigma * sigma));
            let total: f64 = (-half..=half).map(gauss).sum();
            let mut step = 0.0_f64;
            for (at, weight) in (-half..=half).zip(weights(sigma)) {
                step += f64::from(weight) - gauss(at) / total;
                // The largest difference at an edge from black to white, in levels.
                assert!((step * 255.0).abs() < 0.2, "{sigma} {at} {step}");
            }
        }
    }
}
