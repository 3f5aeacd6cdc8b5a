//! The fonts of texts: files, metrics and outlines, and which font a text is drawn in.

mod builtin;
mod cache;
mod faces;
mod family;
mod file;
mod handle;
mod metrics;
mod outline;

pub use builtin::{BuiltIn, FAMILY};
pub use cache::{get, put};
pub use faces::{Faces, FontMap};
pub use family::{Families, Fonts, Style, fonts};
pub use file::{Characters, Font};
pub use handle::{FontHandle, FontSource};
pub use metrics::{Line, Metrics};
pub use outline::{Outline, Piece};
