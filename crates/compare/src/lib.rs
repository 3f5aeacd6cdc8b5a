//! Compares pictures: how alike they are, and what makes them differ.
//!
//! The measures of one file each lead to a class, by the thresholds of `likeness.rs`.
//! `crates/calibration` derives these thresholds from pairs of known origin.

#[cfg(feature = "files")]
mod plane;
mod picture;
#[cfg(feature = "files")]
mod formats;
#[cfg(feature = "files")]
mod jpeg;
#[cfg(feature = "files")]
mod decode;
#[cfg(feature = "files")]
mod profile;
#[cfg(feature = "files")]
mod shift;
#[cfg(feature = "files")]
mod sharpness;
#[cfg(feature = "files")]
mod cells;
mod score;
#[cfg(feature = "files")]
mod measures;
#[cfg(feature = "files")]
mod likeness;
#[cfg(feature = "files")]
mod difference;

#[cfg(feature = "files")]
pub use {
    cells::Difference,
    decode::{Decoded, Undecoded, decode},
    difference::difference,
    formats::media_type,
    likeness::{Comparison, Likeness, compare},
    measures::Measures,
    profile::unify,
    shift::Shift,
};

pub use picture::{PIXELS, Picture};
pub use score::{Unscored, ssimulacra2};
