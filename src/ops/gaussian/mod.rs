//! The Gaussian blur that operations share (decision G8).

mod blur;
mod reduced;
mod weights;

use super::Area;
pub use blur::{Blur, delay, memory, needs, work};
