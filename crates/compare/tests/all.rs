//! The tests of the comparison in one program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

#[path = "../../../tests/skip.rs"]
mod skip;

mod decoding;
mod pairs;
mod scores;
