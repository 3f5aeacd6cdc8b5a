//! PNG (ISO/IEC 15948), both ways: replies, and files of other servers.

mod decode;
mod encode;
mod filter;

pub use decode::decode_tile;
pub use encode::FORMAT;
