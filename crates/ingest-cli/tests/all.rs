//! The tests of the command line in one program.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

#[path = "../../../tests/skip.rs"]
mod skip;
mod s3_server;
mod support;
#[path = "../../../tests/store_suite/mod.rs"]
mod store_suite;

mod bad_files;
mod batches;
mod check;
mod cli;
mod content;
mod diff;
mod doctor;
mod durable;
mod failing_store;
mod graphics;
mod import;
mod jpegs;
mod local_bucket;
mod memory;
mod names;
mod objects;
mod originals;
mod paths;
mod other_readers;
mod pages;
mod pixels;
mod publish;
mod publish_faults;
mod purge;
mod reports;
mod s3;
mod scan;
mod serve;
mod settings;
mod signing_examples;
mod stores;
mod studio;
mod svg;
mod templates;
mod top;
mod watch;
mod writers;
