//! An encoder of VP8 key frames, the lossy compression of WebP (RFC 6386).

mod bits;
mod coefficients;
mod convert;
mod costs;
mod decide;
mod diffusion;
mod eight;
mod frame;
mod header;
mod luma;
mod macroblock;
mod mode_probabilities;
mod modes;
mod picture;
mod planes;
mod predict;
mod quantize;
mod segment;
mod segmentation;
mod tables;
mod token_probabilities;
mod transform;

pub use convert::convert;
pub use frame::encode;

/// Bytes that the coefficients of a macroblock take while a frame is encoded, at most: 25 lengths
/// and 400 numbers.
pub const COEFFICIENT_BYTES: u64 = 2 * 25 * 17;

/// Bytes of costs and statistics.
pub const TABLE_BYTES: u64 = 64 << 10;
