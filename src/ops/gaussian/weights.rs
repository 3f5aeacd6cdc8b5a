//! The weights of a Gaussian blur for each pixel (decision G8).
//!
//! A pixel covers an area, so its weight is the integral of the Gaussian over the pixel. Sampled at
//! the centres of pixels, a Gaussian of 0.3 pixels would give its neighbours no weight and change
//! nothing. The integral adds the variance of a pixel to that of the Gaussian. To compensate, the
//! Gaussian is narrower, so the blur has the requested standard deviation, however small.

use std::f64::consts::SQRT_2;

/// The variance of a pixel, that is of a uniform distribution of length 1.
const PIXEL: f64 = 1.0 / 12.0;

/// Bisection steps over an interval of length 1: as exact as the `f32` weights.
const HALVINGS: usize = 32;

/// Weights of the pixels from −[`half_width`] to +[`half_width`], with a sum of 1. `sigma` is their
/// standard deviation in pixels, greater than 0.
pub fn weights(sigma: f64) -> Vec<f32> {
    let half = half_width(sigma) as i32;
    let width = width(sigma);
    let total: f64 = (-half..=half).map(|at| share(at, width)).sum();
    (-half..=half).map(|at| (share(at, width) / total) as f32).collect()
}

/// The number of pixels on each side that have a weight.
pub fn half_width(sigma: f64) -> usize {
    (sigma * 3.0).ceil() as usize
}

/// The standard deviation of the Gaussian whose integrals over pixels have the deviation `sigma`.
fn width(sigma: f64) -> f64 {
    let variance = sigma * sigma;
    if sigma >= 1.0 {
        return (variance - PIXEL).sqrt();
    }
    // The variance of the integrals grows with the width, but below 1 no formula gives it: bisect.
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

/// The integral of a Gaussian around 0 over the pixel with centre `at`.
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
            // Weights beyond three standard deviations are cut off.
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
                // The largest difference at an edge from black to white, in 8-bit steps.
                assert!((step * 255.0).abs() < 0.2, "{sigma} {at} {step}");
            }
        }
    }
}
