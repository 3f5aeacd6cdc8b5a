//! The tests of the smart crop in one program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

#[path = "../../../tests/skip.rs"]
mod skip;
mod judged;

mod faces;
mod judgement;
mod products;
