//! Executes a plan: stored tiles to the reply's pixels. All questions are settled in the plan.

mod execute;
mod place;
mod rows;
mod source;

pub use execute::{draw, encode};
