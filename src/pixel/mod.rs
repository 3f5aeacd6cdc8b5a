//! Pixel formats, rasters, and the rows that resampling kernels work on.
//!
//! A raster has interleaved 8-bit samples and straight alpha, so that an image which is only
//! copied stays unchanged. Kernels premultiply in `f32` rows, which lose no precision.

mod format;
mod raster;
mod rows;
pub mod widen;
mod yuv420;

pub use format::{ColorModel, PixelFormat};
pub use raster::Raster;
pub use rows::{clamp_row, load_row, luma, repeat, round, store_row, straight};
pub use yuv420::Yuv420;
