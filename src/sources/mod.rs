//! The stored data of a request: catalogs, records, and the pyramid of its source image, which may
//! be remote.

mod lookup;
mod remote;
mod source;

pub use lookup::Lookup;
pub use remote::Permitted;
pub use source::{OpenSource, find};
