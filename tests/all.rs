//! The tests of the engine in one program; those that count memory are programs of their own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its tools too")]

mod skip;
mod corpus;
mod shop;
mod spaces;
mod store_suite;

mod avif;
mod catalog;
mod codecs;
mod content;
mod corpus_pyramids;
mod examples;
mod explain;
mod formats;
mod remote;
mod third_party_pyramids;
mod golden;
mod identity;
mod inks;
mod jpegs;
mod language;
mod layers;
mod node_times;
mod pictures;
mod maps;
mod one_image;
mod oracles;
mod paths;
mod preview;
mod preview_list;
mod profiles;
mod quality;
mod records;
mod reference_examples;
mod replies;
mod sets;
mod signing;
mod smart_imaging;
mod store;
mod svg;
mod svg_images;
mod templates;
mod texts;
mod tidy;
mod webp;
mod wild;
