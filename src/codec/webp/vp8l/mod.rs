//! The lossless encoder (VP8L; RFC 9649, section 3).
//!
//! [`encode`] chooses the transforms and writes the stream. What is left after them is written as
//! prefix codes of literals, of colours in a cache, and of copies of earlier pixels.

mod bits;
mod cache;
mod copies;
mod encode;
mod groups;
mod histogram;
mod huffman;
mod palette;
mod predict;
mod symbols;
mod write;

#[cfg(test)]
mod tests;

pub use encode::{Picture, encode, memory};
