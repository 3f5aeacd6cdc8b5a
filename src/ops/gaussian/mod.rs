//! The Gaussian blur that operations share (decision G8).

mod blur;
mod reduced;
mod weights;

use super::{Area, Stage};
pub use blur::{Blur, delay, memory, needs, work};

/// The smallest radius with an effect: a neighbour then has a weight of 0.005.
pub const RADIUS_MIN: f64 = 0.1;

/// The largest radius: that of `op_usm=`. Radii that are scaled up stop there.
pub const RADIUS_MAX: f64 = 250.0;
