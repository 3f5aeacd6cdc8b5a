//! WebP: encodes replies, and decodes tiles of pyramids.

mod alpha;
#[cfg(feature = "webp")]
mod decode;
mod encode;
mod riff;
mod vp8;
mod vp8l;

#[cfg(feature = "webp")]
pub use decode::decode_tile;
pub use encode::FORMAT;
