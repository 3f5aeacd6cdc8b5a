//! Memory for large originals: it depends on the width, not on the number of pixels.

#[path = "../../xtask/src/bench/large_tiff.rs"]
mod large_tiff;
#[path = "../../xtask/src/bench/peak_memory.rs"]
pub mod peak_memory;
use crate::support;

use std::{fs, process::Command};

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

/// The limit of memory for each further original, in bytes: its name while its folder is read, and the
/// hash of its id. With paths, ids and results of all originals it would be 1500.
const LIMIT_OF_AN_ORIGINAL: u64 = 300;

#[test]
fn memory_does_not_grow_with_the_number_of_originals() {
    const COUNTS: [u32; 2] = [2_000, 22_000];
    let folder = tempfile::tempdir().unwrap();
    let report = folder.path().join("report.json");
    let originals = folder.path().join("originals");
    fs::create_dir(&originals).unwrap();
    let mut made = 0;
    let peaks = COUNTS.map(|count| {
        for number in made..count {
            let shelf = originals.join(format!("shelf-{}", number / 1000));
            fs::create_dir_all(&shelf).unwrap();
            fs::write(shelf.join(format!("product-{number:06}.jpg")), "").unwrap();
        }
        made = count;
        // Its output is more than fits into a pipe that nobody reads.
        let mut ingest = Command::new("sh");
        ingest.args(["-c", "exec \"$0\" \"$@\" > /dev/null", env!("CARGO_BIN_EXE_azulejo")]);
        ingest.arg("ingest").arg(&originals).arg("--report").arg(&report);
        ingest.args(["--content", "--dry-run", "--json", "--to", "local"]);
        let (output, peak) = peak_memory::run(&mut ingest).unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        let report: serde_json::Value =
            serde_json::from_slice(&fs::read(&report).unwrap()).unwrap();
        assert_eq!(report["originals"].as_array().unwrap().len(), count as usize);
        peak
    });
    let [Some(few), Some(many)] = peaks else {
        return skip("rusage", "this system does not report a process's memory");
    };
    let each = many.saturating_sub(few) / u64::from(COUNTS[1] - COUNTS[0]);
    println!("{} KB, then {} KB: {each} bytes an original", few >> 10, many >> 10);
    assert!(each < LIMIT_OF_AN_ORIGINAL, "{each} bytes an original");
}
