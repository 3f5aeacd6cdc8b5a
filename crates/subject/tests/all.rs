//! The tests of the smart crop in one binary.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

#[path = "../../../tests/skip.rs"]
mod skip;
mod annotated;

mod faces;
mod annotations;
mod products;
