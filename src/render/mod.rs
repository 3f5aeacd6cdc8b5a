//! Executes a plan: turns stored tiles into the pixels of the reply. The plan has fixed every size
//! and parameter.

mod execute;
mod place;
mod rows;
mod source;

pub use execute::{draw, encode};
