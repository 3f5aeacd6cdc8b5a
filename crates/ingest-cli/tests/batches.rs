//! Batches: unchanged originals are skipped, interrupted runs are completed, failures are retried.

use crate::support;

use std::{
    fs,
    path::Path,
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use image::{Rgb, RgbImage};
use serde_json::Value;
use support::{Store, azulejo, root, text};

/// A folder with small, different pictures.
fn pictures(count: u32) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    for n in 0..count {
        let name = if n % 2 == 0 { format!("p{n}.png") } else { format!("sub/p{n}.png") };
        picture(&folder.path().join(name), n, 300);
    }
    folder
}

fn picture(path: &Path, seed: u32, size: u32) {
    let pixel = |x, y| Rgb([(x + seed) as u8, (y * seed) as u8, (x * y + seed) as u8]);
    RgbImage::from_fn(size, size, pixel).save(path).unwrap();
}

fn ingest(folder: &Path, store: &Store, options: &[&str]) -> Output {
    let (folder, to) = (folder.to_str().unwrap(), store.name());
    azulejo(&[&["ingest", folder, "--to", &to, "--json"], options].concat())
}

fn lines(output: &Output) -> Vec<Value> {
    text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn summary(output: &Output) -> Value {
    lines(output).pop().unwrap()
}

#[test]
fn a_second_run_skips_unchanged_originals_and_replaces_changed_ones() {
    let (folder, store) = (pictures(4), Store::new());
    assert_eq!(summary(&ingest(folder.path(), &store, &[]))["stored"], 4);
    let before = fs::read(store.0.path().join("assets/Samples/p0.tif")).unwrap();
    let second = summary(&ingest(folder.path(), &store, &[]));
    assert_eq!((&second["stored"], &second["unchanged"]), (&0.into(), &4.into()));
    // Another picture, another setting, a pyramid that is gone: each is made again.
    picture(&folder.path().join("p0.png"), 99, 310);
    fs::remove_file(store.0.path().join("assets/Samples/p2.tif")).unwrap();
    let third = summary(&ingest(folder.path(), &store, &[]));
    assert_eq!((&third["stored"], &third["unchanged"]), (&2.into(), &2.into()));
    assert_ne!(fs::read(store.0.path().join("assets/Samples/p0.tif")).unwrap(), before);
    let fourth = summary(&ingest(folder.path(), &store, &["--quality", "70"]));
    assert_eq!(fourth["stored"], 4);
}

#[test]
fn edited_fields_of_a_record_survive() {
    let (folder, store) = (pictures(1), Store::new());
    ingest(folder.path(), &store, &[]);
    let path = store.0.path().join("records/Samples/p0.json");
    let mut record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!((&record["width"], &record["height"]), (&300.into(), &300.into()));
    record["modifier"] = "qlt=50".into();
    record["published"] = false.into();
    fs::write(&path, record.to_string()).unwrap();
    picture(&folder.path().join("p0.png"), 7, 320);
    assert_eq!(summary(&ingest(folder.path(), &store, &[]))["stored"], 1);
    let again: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    assert_eq!((&again["modifier"], &again["published"]), (&"qlt=50".into(), &false.into()));
    assert_eq!(again["width"], 320);
    fs::write(&path, "{").unwrap();
    let broken = ingest(folder.path(), &store, &[]);
    let line = &lines(&broken)[0];
    assert!(line["error"].as_str().unwrap().contains("records/Samples/p0.json: repair"), "{line}");
}

#[test]
fn failures_are_retried_under_their_own_ids() {
    let (folder, store) = (pictures(2), Store::new());
    let list = store.0.path().join("failed.jsonl");
    let list = list.to_str().unwrap();
    let bad = folder.path().join("sub/bad.png");
    fs::write(&bad, "no picture").unwrap();
    let first = ingest(folder.path(), &store, &["--failures", list]);
    assert_eq!(first.status.code(), Some(1));
    picture(&bad, 5, 100);
    let to = store.name();
    let second = azulejo(&["ingest", "--retry", list, "--to", &to, "--json", "--failures", list]);
    assert_eq!(second.status.code(), Some(0), "{}", text(&second.stderr));
    assert_eq!(summary(&second)["stored"], 1);
    assert!(store.pyramids().contains(&"assets/Samples/sub/bad.tif".to_owned()));
    assert_eq!(fs::read(list).unwrap(), b"", "nothing is left to retry");
}

/// A pseudo-random number below `below`.
fn pseudo_random(seed: u64, below: u64) -> u64 {
    (seed.wrapping_mul(6_364_136_223_846_793_005) >> 33) % below
}

fn start(folder: &Path, store: &Store) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_azulejo"))
        .args(["ingest", folder.to_str().unwrap(), "--to", &store.name(), "--keep-originals"])
        .current_dir(root())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Asserts that every pyramid and original opens, and that every record can be parsed.
fn assert_all_valid(store: &Store) {
    for name in store.files() {
        let path = store.0.path().join(&name);
        if name.starts_with(".staging/") {
            continue;
        }
        if name.starts_with("assets/") {
            let done = azulejo(&["inspect", path.to_str().unwrap()]);
            assert!(done.status.success(), "{name}: {}", text(&done.stderr));
        } else if name.starts_with("originals/") {
            image::open(&path).unwrap();
        } else {
            let _: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        }
    }
}

/// Asserts that every record describes the stored pyramid.
fn assert_all_consistent(store: &Store) {
    assert_all_valid(store);
    for name in store.pyramids() {
        let id = name.strip_prefix("assets/").unwrap().strip_suffix(".tif").unwrap();
        let record = fs::read(store.0.path().join(format!("records/{id}.json"))).unwrap();
        let record: Value = serde_json::from_slice(&record).unwrap();
        let len = fs::metadata(store.0.path().join(&name)).unwrap().len();
        assert_eq!(record["original"]["pyramidBytes"], len, "{name}");
    }
}

#[test]
fn fifty_killed_runs_leave_whole_objects_and_another_completes_them() {
    let folder = pictures(12);
    let whole = {
        let store = Store::new();
        let begin = Instant::now();
        assert!(start(folder.path(), &store).wait().unwrap().success());
        begin.elapsed().as_millis() as u64
    };
    // Each of ten stores is hit five times, then completed.
    for round in 0..10 {
        let store = Store::new();
        for n in 0..5 {
            let mut child = start(folder.path(), &store);
            thread::sleep(Duration::from_millis(pseudo_random(round * 5 + n + 1, whole.max(20))));
            child.kill().unwrap();
            child.wait().unwrap();
            // The pictures are others each time, so that there is something to do and to mix up.
            picture(&folder.path().join(format!("p{}.png", 2 * n)), (round * 5 + n) as u32, 290);
        }
        assert_all_valid(&store);
        let last = ingest(folder.path(), &store, &["--keep-originals"]);
        assert_eq!(last.status.code(), Some(0), "{}", text(&last.stdout));
        assert_eq!(store.pyramids().len(), 12);
        assert!(!store.files().iter().any(|name| name.starts_with(".staging/")), "swept");
        assert_all_consistent(&store);
        let idle = summary(&ingest(folder.path(), &store, &["--keep-originals"]));
        assert_eq!(idle["unchanged"], 12);
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_prints_what_is_left_and_exits_with_130() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    for n in 0..12 {
        picture(&folder.path().join(format!("p{n}.png")), n, 1500);
    }
    let child = start(folder.path(), &store);
    let begin = Instant::now();
    while store.pyramids().is_empty() && begin.elapsed() < Duration::from_secs(60) {
        thread::sleep(Duration::from_millis(5));
    }
    let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    let output = child.wait_with_output().unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("interrupted: ") && stderr.contains(" left"), "{stderr}");
    assert_all_valid(&store);
    let last = ingest(folder.path(), &store, &["--keep-originals"]);
    assert_eq!((last.status.code(), store.pyramids().len()), (Some(0), 12));
}

#[test]
fn a_file_that_changes_while_it_is_read_is_named_and_not_stored() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    let path = folder.path().join("growing.png");
    picture(&path, 3, 1200);
    let mut child = start(folder.path(), &store);
    let mut seconds = 0;
    while child.try_wait().unwrap().is_none() {
        seconds += 1;
        let time = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        fs::File::options().append(true).open(&path).unwrap().set_modified(time).unwrap();
        thread::sleep(Duration::from_millis(1));
    }
    let output = child.wait_with_output().unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("growing.png: it changed while it was read"), "{stderr}");
    assert!(store.pyramids().is_empty());
}

/// A file size limit has the effect of a full disk: writing fails in the middle of a file.
#[cfg(unix)]
#[test]
fn a_full_disk_fails_each_file_and_leaves_nothing() {
    let (folder, store) = (pictures(3), Store::new());
    picture(&folder.path().join("small.png"), 1, 16);
    let script = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
    let (from, to) = (folder.path().to_str().unwrap(), store.name());
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_azulejo"), "ingest", from, "--to", &to])
        .output()
        .unwrap();
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains("p0.png: the pyramid could not be written: File too large"),
        "{stderr}"
    );
    assert_eq!(store.pyramids(), ["assets/Samples/small.tif"]);
    assert!(!store.files().iter().any(|name| name.starts_with(".staging/")), "{stderr}");
    assert_eq!(ingest(folder.path(), &store, &[]).status.code(), Some(0));
    assert_eq!(store.pyramids().len(), 4);
}

#[test]
fn the_memory_of_all_jobs_together_is_bounded_and_no_image_is_lost_to_it() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    for n in 0..6 {
        picture(&folder.path().join(format!("p{n}.png")), n, 800);
    }
    // One fits at a time: the others wait.
    let done = ingest(folder.path(), &store, &["--max-memory", "16MiB", "--jobs", "4"]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stdout));
    assert_eq!(store.pyramids().len(), 6);
}

#[test]
fn stored_originals_are_reprocessed_without_upload() {
    let (folder, store) = (pictures(4), Store::new());
    let first = ingest(folder.path(), &store, &["--keep-originals"]);
    assert_eq!(first.status.code(), Some(0));
    assert!(store.files().contains(&"originals/Samples/sub/p1.png".to_owned()));
    picture(&folder.path().join("extra.png"), 8, 50);
    ingest(&folder.path().join("extra.png"), &store, &[]);
    drop(folder);
    let to = store.name();
    let reprocess = |options: &[&str]| {
        summary(&azulejo(&[&["reprocess", "--to", &to, "--json"], options].concat()))
    };
    let again = reprocess(&[]);
    assert_eq!((&again["unchanged"], &again["skipped"]), (&4.into(), &1.into()), "{again}");
    let profile = store.0.path().join("other.toml");
    fs::write(&profile, "quality = 40").unwrap();
    let profile = ["--profile", profile.to_str().unwrap()];
    assert_eq!(reprocess(&[&["sub/"], &profile[..]].concat())["stored"], 2);
    let rest = reprocess(&profile);
    assert_eq!((&rest["stored"], &rest["unchanged"]), (&2.into(), &2.into()), "it is resumed");
    assert_eq!(reprocess(&[])["unchanged"], 4);
}

#[test]
fn a_folders_profile_adds_crops_and_metadata() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    fs::create_dir(folder.path().join("sub")).unwrap();
    fs::copy(root().join("samples/tulips.png"), folder.path().join("sub/tulips.png")).unwrap();
    let profile = "published = false\n[smart-crop]\nLarge = { width = 1200, height = 400 }\n\
        Wide = { width = 300, height = 100 }\n[swatch]\nwidth = 200\nheight = 200\n\
        [metadata]\ncopyright = 'Example'";
    fs::write(folder.path().join("azulejo.toml"), profile).unwrap();
    let done = ingest(folder.path(), &store, &[]);
    assert_eq!(done.status.code(), Some(0), "{}", text(&done.stdout));
    let path = store.0.path().join("records/Samples/sub/tulips.json");
    let record: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    let large = &record["crops"]["Large"];
    assert_eq!(large["rect"], record["crops"]["Wide"]["rect"], "equal ratios share a box");
    let rect: Vec<f64> = serde_json::from_value(large["rect"].clone()).unwrap();
    assert!((rect[2] / rect[3] - 3.0).abs() < 0.01, "the sample is square: {rect:?}");
    assert!(record["swatch"]["color"].as_str().unwrap().starts_with("0x"), "{record}");
    assert_eq!(record["userData"]["copyright"], "Example");
    assert_eq!(record["published"], false);
    assert_eq!(summary(&ingest(folder.path(), &store, &[]))["unchanged"], 1);
    // Metadata alone needs no new pyramid.
    fs::write(folder.path().join("azulejo.toml"), format!("{profile}\nseason = 'spring'")).unwrap();
    assert_eq!(summary(&ingest(folder.path(), &store, &[]))["updated"], 1);
}

#[test]
fn assets_are_published_and_unpublished_by_prefix_and_type() {
    let (folder, store) = (pictures(4), Store::new());
    picture(&folder.path().join("photo.jpg"), 4, 64);
    ingest(folder.path(), &store, &[]);
    // A pyramid that another program put there has no record yet.
    let assets = store.0.path().join("assets/Samples");
    fs::copy(assets.join("p0.tif"), assets.join("foreign.tif")).unwrap();
    let to = store.name();
    let run = |stderr: &[&str]| {
        let output = azulejo(&[stderr, &["--to", &to]].concat());
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    let published = |id: &str| -> Value {
        let path = store.0.path().join(format!("records/Samples/{id}.json"));
        serde_json::from_slice::<Value>(&fs::read(path).unwrap()).unwrap()["published"].clone()
    };
    let stderr = run(&["unpublish-assets"]);
    assert!(stderr.starts_with("6 unpublished, 0 left"), "{stderr}");
    assert_eq!((published("foreign"), published("sub/p1")), (false.into(), false.into()));
    let stderr = run(&["publish-assets", "sub/"]);
    assert!(stderr.starts_with("2 published"), "{stderr}");
    let stderr = run(&["publish-assets", "--mime", "image/jp*"]);
    assert!(stderr.starts_with("1 published, 5 left"), "{stderr}");
    assert_eq!((published("photo"), published("p0")), (true.into(), false.into()));
    let stderr = run(&["publish-assets", "--mime", "-image/png", "--dry-run"]);
    assert!(stderr.starts_with("1 would be published, 5 left"), "{stderr}");
    assert_eq!(published("foreign"), false);
    let stderr = run(&["publish-assets", "--rendition", "+original"]);
    assert!(stderr.starts_with("0 published, 6 left"), "{stderr}");
    let stderr = run(&["publish-assets", "sub/", "--rendition", "+cqdam,*,-original"]);
    assert!(stderr.starts_with("0 published, 2 left"), "{stderr}");
    // What is not published is missing to the public and shown to those who test.
    let render = |id: &str, options: &[&str]| {
        let request = format!("Samples/{id}?wid=20");
        azulejo(&[&["render", &request, "--from", &to, "-o", "/dev/null"], options].concat())
    };
    assert!(render("photo", &[]).status.success());
    let hidden = render("p0", &[]);
    assert!(text(&hidden.stderr).contains("p0: no such image"), "{}", text(&hidden.stderr));
    assert!(render("p0", &["--unpublished"]).status.success());
    // Ingest does not publish what somebody took back.
    ingest(folder.path(), &store, &["--quality", "60"]);
    assert_eq!(published("p0"), false);
}

#[test]
fn names_with_a_common_part_become_a_set_that_grows() {
    let (folder, store) = (tempfile::tempdir().unwrap(), Store::new());
    let preset = "[[set]]\ntype = 'SpinSet'\nmatch = '(\\w+)-\\w+-\\w+'\nsuffix = '-SET'";
    fs::write(folder.path().join("azulejo.toml"), preset).unwrap();
    fs::create_dir(folder.path().join("sub")).unwrap();
    let members = || -> Value {
        let record = fs::read(store.0.path().join("records/Samples/sub/0123-SET.json")).unwrap();
        serde_json::from_slice::<Value>(&record).unwrap()
    };
    for (n, name) in ["0123-RED-03", "0123-RED-01"].into_iter().enumerate() {
        picture(&folder.path().join(format!("sub/{name}.png")), n as u32, 40);
        assert_eq!(ingest(folder.path(), &store, &[]).status.code(), Some(0));
    }
    let expected = "Samples/sub/0123-RED-01,Samples/sub/0123-RED-03";
    assert_eq!(
        (&members()["imageSet"], &members()["assetType"]),
        (&expected.into(), &"SpinSet".into())
    );
    let again = lines(&ingest(folder.path(), &store, &[]));
    assert!(!again.iter().any(|line| line["status"] == "set"), "nothing changed");
}
