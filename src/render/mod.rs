//! Executes a plan: turns stored tiles into the pixels of the reply. The plan has fixed every size
//! and parameter.

mod blend;
mod convert;
mod coverage;
mod execute;
mod fill;
mod mask;
mod place;
mod planar;
mod rows;
mod source;
mod stored;
mod svg;
mod text;
mod turn;
mod warp;

pub use execute::{Drawn, draw, embedded, encode};
