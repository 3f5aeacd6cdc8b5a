//! The tests of the decoders in one binary. The test that counts memory is a binary of its own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

#[path = "../../../tests/skip.rs"]
mod skip;

mod adobe_originals;
mod adobe_originals_tiff;
mod graphics;
