//! The stored data of a request: catalogs, records, and the pyramid of its source image, which may
//! be remote.

mod fonts;
mod lookup;
mod opened;
mod remote;
mod resources;
mod source;

pub use fonts::read_fonts;
pub use lookup::Lookup;
pub use opened::Sources;
pub use remote::Permitted;
pub use resources::read_embedded_paths;
pub use source::OpenSource;
