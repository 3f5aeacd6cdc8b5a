//! Pixels: their formats, rasters, and the rows that kernels work on.
//!
//! A raster has 8 bits a sample, interleaved, and its alpha is straight: a picture that is only
//! copied must come out unchanged. Kernels premultiply in their `f32` rows, where nothing is lost.

mod format;
mod raster;
mod rows;

pub use format::{ColorModel, PixelFormat};
pub use raster::Raster;
pub use rows::{clamp_row, load_row, round, store_row, straight};
