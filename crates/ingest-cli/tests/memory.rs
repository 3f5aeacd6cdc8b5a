//! Memory for large originals: it depends on the width, not on the number of pixels.

#[path = "../../xtask/src/bench/large_tiff.rs"]
mod large_tiff;
#[path = "../../xtask/src/bench/peak_memory.rs"]
pub mod peak_memory;
use crate::support;

use std::process::Command;

use crate::skip::skip;
use large_tiff::Layout;
use support::{Store, text};

/// As wide as a gigapixel picture, with a fifth of its pixels: 604 MB decoded, a pyramid of 38 MB.
const SIZE: (u32, u32) = (32_768, 6_144);

/// The limit of resident memory in bytes. Measured are 96 to 112 MB, mostly rows of tiles. With the
/// whole pyramid in memory it would exceed the limit.
const LIMIT: u64 = 136_000_000;

#[test]
fn a_large_tiff_streams_in_tiles_and_in_strips() {
    for layout in [Layout::Tiles, Layout::Strips] {
        let store = Store::new();
        let original = store.0.path().join("large.tif");
        large_tiff::write(&original, SIZE, layout).unwrap();
        let mut ingest = Command::new(env!("CARGO_BIN_EXE_azulejo"));
        ingest.args(["ingest", original.to_str().unwrap(), "--to", &store.name()]);
        let (output, peak) = peak_memory::run(ingest.args(["--max-memory", "200MiB"])).unwrap();
        assert!(output.status.success(), "{layout:?}: {}", text(&output.stderr));
        let pyramid = store.0.path().join("assets/Samples/large.tif");
        let len = pyramid.metadata().unwrap().len();
        let inspected = support::inspected(&pyramid);
        assert_eq!((&inspected["width"], &inspected["height"]), (&SIZE.0.into(), &SIZE.1.into()));
        let Some(peak) = peak else {
            return skip("rusage", "this system does not report a process's memory");
        };
        println!("{layout:?}: {} MB resident, pyramid {} MB", peak >> 20, len >> 20);
        assert!(peak < LIMIT, "{layout:?}: {} MB", peak >> 20);
    }
}
