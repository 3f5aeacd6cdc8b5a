//! PNG (ISO/IEC 15948): encodes replies, with or without a palette, and decodes remote files.

mod chunks;
mod decode;
mod encode;
mod filter;
mod palette;

pub use decode::decode_tile;
pub use encode::{FORMAT, idat, longest};
pub use palette::PALETTE;
