//! The engine of the Studio for pictures without text: a third smaller than the whole. It answers
//! 501 where it lacks something.

pub use browser_engine::*;
