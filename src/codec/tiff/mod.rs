//! TIFF (revision 6.0): encodes replies, and writes directories and strips for them and for
//! pyramids.

mod directory;
mod encode;
mod strips;

pub use directory::{
    BYTE, LONG, LONG8, Tag, Tail, UNDEFINED, blob, directory, long, numbers, resolution, shorts,
};
pub use encode::FORMAT;
pub use strips::deflate;
