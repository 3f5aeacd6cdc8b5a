//! Compares pictures: how alike they are, and what makes them differ.
//!
//! The measures of one file each lead to a class, by the thresholds of `likeness.rs`.
//! `crates/calibration` derives these thresholds from pairs of known origin.

mod plane;
mod picture;
mod formats;
mod jpeg;
mod decode;
mod profile;
mod shift;
mod sharpness;
mod cells;
mod score;
mod measures;
mod likeness;
mod difference;

pub use cells::Difference;
pub use decode::{Decoded, Undecoded, decode};
pub use difference::difference;
pub use formats::media_type;
pub use likeness::{Comparison, Likeness, compare};
pub use measures::Measures;
pub use picture::Picture;
pub use profile::unify;
pub use shift::Shift;
