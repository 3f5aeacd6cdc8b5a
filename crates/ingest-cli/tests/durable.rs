//! A write to a folder is synced before it is reported as done.

#![cfg(target_os = "linux")]

use crate::support;

use std::{fs, process::Command};

use crate::skip::skip;
use support::{Store, root, text};

/// The order of the system's calls shows what a loss of power would leave.
#[test]
fn a_file_is_synced_before_it_appears_and_its_folder_after() {
    let store = Store::new();
    let trace = store.0.path().join("trace");
    let done = Command::new("strace")
        .args(["-f", "-y", "-e", "trace=fsync,rename,renameat,renameat2", "-o"])
        .args([trace.as_os_str(), env!("CARGO_BIN_EXE_azulejo").as_ref()])
        .args(["ingest", "samples/tulips.png", "--to", &store.name()])
        .current_dir(root())
        .output();
    let done = match done {
        Ok(done) if done.status.success() => done,
        Ok(done) => panic!("{}", text(&done.stderr)),
        Err(error) => return skip("strace", &error.to_string()),
    };
    assert!(text(&done.stderr).contains("1 stored"), "{}", text(&done.stderr));
    let trace = fs::read_to_string(trace).unwrap();
    // fsync(7</store/.staging/12-0>), rename("/store/.staging/12-0", "/store/assets/…"), fsync(…)
    let calls: Vec<&str> = trace.lines().filter(|line| line.contains("= 0")).collect();
    let place = |call: &str, path: &str| {
        calls
            .iter()
            .position(|line| line.contains(call) && line.contains(path))
            .unwrap_or_else(|| panic!("no {call} of {path}: {trace}"))
    };
    let root = store.0.path().display();
    for (number, key) in
        ["assets/Samples/tulips.tif", "records/Samples/tulips.json"].into_iter().enumerate()
    {
        let (folder, _) = key.rsplit_once('/').unwrap();
        let renamed = place("rename", &format!("{root}/{key}\""));
        let staged = calls[renamed].split('"').nth(1).unwrap();
        assert!(place("fsync", &format!("<{staged}>")) < renamed, "{number}: {trace}");
        assert!(renamed < place("fsync", &format!("<{root}/{folder}>")), "{trace}");
    }
    let made = place("fsync", &format!("<{root}>"));
    assert!(made < place("rename", "tulips.tif\""), "new folders are listed, too: {trace}");
}
