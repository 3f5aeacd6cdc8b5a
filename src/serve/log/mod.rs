//! The log: a line of JSON for each request, or for a sample of them.
//!
//! A line names the object and the presets of the URL. It has the rest of the query only if a
//! setting asks for it, and never the signature.

mod asked;
mod line;
mod sent;
mod settings;
mod taken;
mod text;

pub use asked::{Asked, url};
pub use line::{line, method};
pub use sent::Sent;
pub use settings::{LogSettings, Sampler};
pub use taken::Taken;
