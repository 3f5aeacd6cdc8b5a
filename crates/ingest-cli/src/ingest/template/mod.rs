//! `azulejo ingest --template`: turns Photoshop files into templates. Text layers become `textPs=`,
//! layers with pixels become assets of their own, and what cannot be carried over is named.

mod blend;
mod color;
mod convert;
mod groups;
mod matrix;
mod modifier;
mod names;
mod picture;
mod prepare;
mod runs;
mod store;
mod text;
mod words;

pub use prepare::{Prepared, prepare};
pub use store::store;
