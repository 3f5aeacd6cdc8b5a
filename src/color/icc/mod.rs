//! Colour management by ICC profiles (ICC.1:2022, and version 2, ICC.1:2001-04).
//!
//! A [`Profile`] is read from a file. A [`Transform`] converts pixels from one profile to another: it
//! is computed once, sampled into tables of integers, and then cached for the isolate.

mod black_point;
mod cache;
mod clut;
mod curve;
mod device;
mod grid;
mod lut;
mod matrix;
mod named;
mod pcs;
mod profile;
mod transform;
mod write;

pub use cache::{TransformKey, cached, computed, put};
pub use named::{RgbSpace, SRGB, identifier, rgb_space};
pub use profile::{Profile, model_of};
pub use transform::{Dither, Intent, Transform};
