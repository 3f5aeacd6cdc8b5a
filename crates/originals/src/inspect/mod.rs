//! What `azulejo inspect` and the page tell of a pyramid or an original.

mod about;
mod report;
mod text;

pub use report::{Report, pyramid};
