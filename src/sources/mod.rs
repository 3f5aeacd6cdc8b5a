//! The stored data of a request: catalogs, records, and the pyramid of its source image, which may
//! be remote.

mod drawings;
mod fonts;
mod lookup;
mod opened;
mod remote;
pub mod remote_read;
mod resources;
mod source;

pub use drawings::read_shapes;
pub use fonts::read_fonts;
pub use lookup::Lookup;
pub use opened::{Sources, opened};
pub use remote::Permitted;
pub use source::OpenSource;
