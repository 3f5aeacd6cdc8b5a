//! The stat cache of a folder store: a second run reads only what may have changed.

use crate::support;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use serde_json::Value;
use support::{Store, azulejo, text};

/// A small SVG. Each colour has the same length.
fn svg(color: u32) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><rect fill=\"#{color:06x}\"/></svg>")
}

/// A folder with this many SVGs, which are older than a tick of a file system's clock.
fn originals(count: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..count {
        fs::write(folder.path().join(format!("p{number}.svg")), svg(number)).unwrap();
    }
    thread::sleep(Duration::from_millis(2100));
    folder
}

/// Ingests a folder. Returns how many originals were stored, unchanged, and read.
fn ingest(folder: &Path, store: &Store, options: &[&str]) -> [u64; 3] {
    let (folder, to) = (folder.to_str().unwrap(), store.name());
    let done = azulejo(&[&["ingest", folder, "--to", &to, "--json"], options].concat());
    assert!(done.status.success(), "{}", text(&done.stdout));
    let stdout = text(&done.stdout);
    let summary: Value = serde_json::from_str(stdout.lines().last().unwrap()).unwrap();
    ["stored", "unchanged", "read"].map(|name| summary[name].as_u64().unwrap())
}

/// Writes other bytes of the same length, and sets the file's time back.
fn overwrite(path: &Path, color: u32) {
    let modified = fs::metadata(path).unwrap().modified().unwrap();
    fs::write(path, svg(color)).unwrap();
    fs::File::options().append(true).open(path).unwrap().set_modified(modified).unwrap();
}

#[test]
fn a_second_run_reads_what_has_changed_and_nothing_else() {
    let (folder, store) = (originals(4), Store::new());
    let run = |options: &[&str]| ingest(folder.path(), &store, options);
    assert_eq!(run(&[]), [4, 0, 4]);
    assert_eq!(run(&[]), [0, 4, 0]);
    // Read, although it is as it was: its time is another.
    let path = folder.path().join("p0.svg");
    fs::File::options()
        .append(true)
        .open(&path)
        .unwrap()
        .set_modified(std::time::UNIX_EPOCH)
        .unwrap();
    assert_eq!(run(&[]), [0, 4, 1]);
    // What is stored is gone, or was edited.
    fs::remove_file(store.0.path().join("svg/Samples/p1.svg")).unwrap();
    let record = store.0.path().join("records/Samples/p2.json");
    let edited =
        fs::read_to_string(&record).unwrap().replacen('{', "{ \"modifier\": \"qlt=5\",", 1);
    fs::write(&record, edited).unwrap();
    thread::sleep(Duration::from_millis(2100));
    let [stored, unchanged, read] = run(&[]);
    // The file with the other time may have been old enough to be trusted.
    assert!((stored, unchanged) == (1, 3) && (2..=3).contains(&read), "{read}");
    assert_eq!(run(&[]), [0, 4, 0]);
    assert!(fs::read_to_string(&record).unwrap().contains("qlt=5"));
    assert_eq!(run(&["--checksum"]), [0, 4, 4]);
    // Other settings, a profile with other metadata, a store that is to have the originals.
    assert_eq!(run(&["--quality", "70"]), [4, 0, 4]);
    assert_eq!(run(&["--quality", "70"]), [0, 4, 0]);
    assert_eq!(run(&["--quality", "70", "--keep-originals"]), [4, 0, 4]);
    let profile = folder.path().join("azulejo.toml");
    fs::write(profile, "quality = 70\n[metadata]\nseason = 'spring'").unwrap();
    let [stored, unchanged, read] = run(&["--keep-originals"]);
    assert_eq!((stored, unchanged, read), (0, 0, 4), "only the records change");
    assert_eq!(run(&["--keep-originals"]), [0, 4, 0]);
}

#[cfg(unix)]
#[test]
fn a_change_that_keeps_size_and_time_is_noticed() {
    let (folder, store) = (originals(1), Store::new());
    let path = folder.path().join("p0.svg");
    assert_eq!(ingest(folder.path(), &store, &[]), [1, 0, 1]);
    assert_eq!(ingest(folder.path(), &store, &[]), [0, 1, 0]);
    overwrite(&path, 0xABCDEF);
    assert_eq!(ingest(folder.path(), &store, &[]), [1, 0, 1]);
    // Now it has just been written, so that it may change within a tick.
    for color in 1..4 {
        overwrite(&path, color);
        assert_eq!(ingest(folder.path(), &store, &[]), [1, 0, 1], "{color}");
        assert_eq!(ingest(folder.path(), &store, &[])[..2], [0, 1]);
    }
    let stored = fs::read_to_string(store.0.path().join("svg/Samples/p0.svg")).unwrap();
    assert_eq!(stored, svg(3));
}

#[test]
fn a_cache_that_is_damaged_or_gone_costs_reading_only() {
    let (folder, store) = (originals(3), Store::new());
    assert_eq!(ingest(folder.path(), &store, &[]), [3, 0, 3]);
    let cache = store.0.path().join(".stat-cache");
    let whole = fs::read(&cache).unwrap();
    let lines = whole.split_inclusive(|byte| *byte == b'\n').count();
    assert_eq!(lines, 3);
    for damaged in [&whole[..whole.len() - 7], b"", b"\0\0\0", b"\xff\n0 0\n"] {
        fs::write(&cache, damaged).unwrap();
        let [stored, unchanged, read] = ingest(folder.path(), &store, &[]);
        assert!((stored, unchanged) == (0, 3) && read > 0, "{damaged:?}");
        // A line that was cut off takes the one behind it along.
        ingest(folder.path(), &store, &[]);
        assert_eq!(ingest(folder.path(), &store, &[]), [0, 3, 0], "{damaged:?}");
    }
    // A line of another original is none of this one.
    let text = String::from_utf8(whole).unwrap();
    let fingerprints: Vec<&str> = text.lines().map(|line| &line[16..]).collect();
    let names: Vec<&str> = text.lines().map(|line| &line[..16]).collect();
    let mixed: String =
        (0..3).map(|n| format!("{}{}\n", names[n], fingerprints[(n + 1) % 3])).collect();
    fs::write(&cache, mixed).unwrap();
    assert_eq!(ingest(folder.path(), &store, &[]), [0, 3, 3]);
    fs::remove_file(&cache).unwrap();
    assert_eq!(ingest(folder.path(), &store, &[]), [0, 3, 3]);
}

#[test]
fn outdated_lines_are_removed_in_time() {
    let (folder, store) = (originals(2), Store::new());
    assert_eq!(ingest(folder.path(), &store, &[]), [2, 0, 2]);
    let cache = store.0.path().join(".stat-cache");
    let current = fs::read_to_string(&cache).unwrap();
    let outdated = format!("{}{}\n", &current[..17], "0".repeat(32)).repeat(1500);
    fs::write(&cache, outdated + &current).unwrap();
    assert_eq!(ingest(folder.path(), &store, &[]), [0, 2, 0]);
    assert_eq!(fs::read_to_string(&cache).unwrap().lines().count(), 2);
}

#[test]
fn static_content_is_not_read_again() {
    let (folder, store) = (originals(2), Store::new());
    assert_eq!(ingest(folder.path(), &store, &["--content"]), [2, 0, 2]);
    assert_eq!(ingest(folder.path(), &store, &["--content"]), [0, 2, 0]);
    fs::write(store.0.path().join("content/Samples/p0.svg"), "shorter").unwrap();
    assert_eq!(ingest(folder.path(), &store, &["--content"]), [1, 1, 1]);
    // As an image it is another object.
    assert_eq!(ingest(folder.path(), &store, &[]), [2, 0, 2]);
}

#[test]
fn a_run_that_was_killed_is_resumed_without_reading_all_again() {
    const COUNT: u32 = 1200;
    let (folder, store) = (originals(COUNT), Store::new());
    let mut child = Command::new(env!("CARGO_BIN_EXE_azulejo"))
        .args(["ingest", folder.path().to_str().unwrap(), "--to", &store.name()])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let cache = store.0.path().join(".stat-cache");
    let lines = || fs::read_to_string(&cache).map_or(0, |text| text.lines().count());
    while lines() < 500 && child.try_wait().unwrap().is_none() {
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let known = lines() as u64;
    let [stored, unchanged, read] = ingest(folder.path(), &store, &[]);
    assert_eq!(stored + unchanged, u64::from(COUNT));
    assert!(known >= 500 && read == u64::from(COUNT) - known, "{known} known, {read} read");
    assert_eq!(ingest(folder.path(), &store, &[]), [0, u64::from(COUNT), 0]);
}
