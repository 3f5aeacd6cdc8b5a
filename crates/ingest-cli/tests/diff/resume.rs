//! Runs that are interrupted, and go on.

use std::{
    collections::HashMap,
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use super::{
    Folder,
    host::{Host, ok, status},
};
use crate::support::root;

fn text_host() -> Host {
    Host::start(|target, _| {
        thread::sleep(Duration::from_millis(3));
        ok("text/plain", target)
    })
}

/// The URLs that a state file has results of, and how many lines tell of each.
fn results(report: &str) -> HashMap<String, usize> {
    let text = fs::read_to_string(Path::new(report).join("state.jsonl")).unwrap_or_default();
    let mut results = HashMap::new();
    for line in text.split_inclusive('\n').skip(1).filter(|line| line.ends_with('\n')) {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        *results.entry(line["url"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    results
}

#[test]
fn a_run_that_is_killed_goes_on_without_asking_again() {
    let (old, new, folder) = (text_host(), text_host(), Folder::new());
    let urls: Vec<String> = (0..400).map(|number| format!("/is/image/Shop/{number}")).collect();
    let list = folder.write("urls.txt", urls.join("\n"));
    let report = folder.path("report");
    let arguments = [
        "diff", "--old", &old.url, "--new", &new.url, &list, "--report", &report, "--rate",
        "10000", "--jobs", "3",
    ];
    let mut kills = 0;
    for lines in [20, 150, 300] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_azulejo"))
            .args(arguments)
            .current_dir(root())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while results(&report).len() < lines && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(2));
        }
        // SIGKILL.
        child.kill().unwrap();
        kills += usize::from(!child.wait().unwrap().success());
    }
    assert!(kills > 0, "no run was killed before its end");
    let before = results(&report);
    assert!(before.len() >= 300 && before.len() <= 400, "{}", before.len());
    let done = super::run(&arguments[1..]);
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    let wanted = format!("compared by an earlier run: {} pairs", before.len());
    assert!(done.stderr.contains(&wanted), "{}", done.stderr);
    assert_eq!(done.pairs.len(), 400 - before.len());
    let after = results(&report);
    assert_eq!(after.len(), 400);
    assert!(after.values().all(|lines| *lines == 1), "each URL has one result");
    for host in [&old, &new] {
        // At each kill, at most the pairs in hand are asked for again.
        assert!(host.asked().len() <= 400 + kills * 3, "{} requests", host.asked().len());
        assert!(urls.iter().all(|url| host.times(url) >= 1));
    }
    assert!(done.stderr.contains("equal                      400         0"), "{}", done.stderr);
    // A complete run has nothing left to do.
    let asked = old.asked().len();
    let done = super::run(&arguments[1..]);
    assert_eq!((done.code, done.pairs.len(), old.asked().len()), (Some(0), 0, asked));
}

#[test]
fn what_failed_for_a_time_is_compared_again_and_other_classes_on_request() {
    let (new, folder) = (text_host(), Folder::new());
    let old = Host::start(|target, times| match (target, times) {
        ("/is/image/Shop/busy", 0) => status(503),
        ("/is/image/Shop/gone", _) => status(404),
        ("/is/image/Shop/text", 0) => ok("text/plain", "a\nb"),
        _ => ok("text/plain", target),
    });
    let (urls, report) = (["Shop/busy", "Shop/gone", "Shop/text"], folder.path("report"));
    let more = ["--retries", "0", "--report", &report];
    let done = folder.diff(&old.url, &new.url, &urls, &more);
    assert_eq!((done.code, done.pairs.len()), (Some(1), 3));
    assert_eq!(done.class("/text"), "different-text");
    let note = "line 1: “/is/image/Shop/text” instead of “a”";
    assert_eq!(done.pair("/text")["notes"][0], note);

    let done = folder.diff(&old.url, &new.url, &urls, &more);
    assert_eq!((done.pairs.len(), done.class("/busy")), (1, "equal"), "{}", done.stderr);
    assert_eq!(old.times("/is/image/Shop/gone"), 1);
    assert_eq!(done.code, Some(1), "all results count, not only those of this run");

    let again = [&more[..], &["--again", "different-text,equal"]].concat();
    let done = folder.diff(&old.url, &new.url, &urls, &again);
    assert_eq!((done.pairs.len(), done.class("/text")), (2, "equal"), "{}", done.stderr);
    let csv = fs::read_to_string(Path::new(&report).join("diff.csv")).unwrap();
    let classes: Vec<&str> = csv.lines().skip(1).filter_map(|row| row.split(',').nth(1)).collect();
    assert_eq!(classes.len(), 3);
    assert_eq!(classes.iter().filter(|class| **class == "equal").count(), 2, "{csv}");
    assert!(!Path::new(&report).join("images").read_dir().unwrap().any(|_| true), "swept");
}
