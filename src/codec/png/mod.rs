//! PNG (ISO/IEC 15948): encodes replies, and decodes remote files.

mod decode;
mod encode;
mod filter;

pub use decode::decode_tile;
pub use encode::FORMAT;
