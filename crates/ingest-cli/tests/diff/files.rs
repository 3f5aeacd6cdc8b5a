//! Recorded replies, and wrong command lines.

use std::{fs, path::Path, process::Command};

use super::{
    Folder,
    host::{Host, ok},
    run,
};
use crate::support::{azulejo, text};

#[test]
fn recorded_replies_are_found_by_the_digest_of_their_url() {
    let folder = Folder::new();
    let recorded = folder.path("recorded");
    fs::create_dir(&recorded).unwrap();
    let target = "/is/image/Shop/shoe?wid=800&$p$";
    // As docs/diff.md records them.
    let script = format!(
        "cd '{recorded}' && printf '<svg id=\"1\"/>' > \"$(printf %s '{target}' | sha256sum | cut -d ' ' -f 1)\""
    );
    assert!(Command::new("sh").args(["-c", &script]).status().unwrap().success());
    let new = Host::start(|target, _| match target.contains("wid=800") {
        true => ok("image/svg+xml", "<svg id=\"1\"/>"),
        false => ok("text/plain", "new"),
    });
    let urls = ["https://old.example/is/image/Shop/shoe?wid=800&$p$", "Shop/shoe?wid=801"];
    let done = folder.diff(&recorded, &new.url, &urls, &[]);
    assert_eq!((done.code, done.class("$p$")), (Some(1), "equal"), "{}", done.stderr);
    let error = done.pair("wid=801")["old"]["error"].as_str().unwrap();
    assert!(error.ends_with(": no such file among the recorded replies"), "{error}");
    assert_eq!(error.len(), 64 + ": no such file among the recorded replies".len());
}

#[test]
fn a_manifest_names_the_files_and_statuses_of_both_sides() {
    let folder = Folder::new();
    for (side, content) in [("old", "1"), ("new", "1"), ("newer", "2")] {
        fs::create_dir_all(folder.path(&format!("{side}/x"))).unwrap();
        folder.write(&format!("{side}/x/a.txt"), content);
    }
    let rows = "url,file,status\n\"Shop/a?crop=0,0,1,1\",x/a.txt,\nShop/b,x/a.txt,404\n";
    let manifest = folder.write("manifest.csv", rows);
    let compare = |new: &str| {
        let (old, new) = (folder.path("old"), folder.path(new));
        run(&["--old", &old, "--new", &new, &manifest])
    };
    let done = compare("new");
    assert_eq!(done.code, Some(0), "{}", done.stderr);
    assert_eq!((done.class("crop=0,0,1,1"), done.class("/b")), ("equal", "failed-alike"));
    let done = compare("newer");
    assert_eq!((done.code, done.class("crop=0,0,1,1")), (Some(1), "different-text"));
}

#[test]
fn wrong_command_lines_name_the_flag_the_value_and_the_fix() {
    let folder = Folder::new();
    let list = folder.write("urls.txt", "Shop/a\n");
    folder.write("empty.txt", "nothing\n");
    folder.write("bad.csv", "url,file\nShop/a\n");
    let (here, empty, bad) = (folder.path(""), folder.path("empty.txt"), folder.path("bad.csv"));
    let sides = ["--old", "http://127.0.0.1:9", "--new", &format!("dir:{here}")].map(str::to_owned);
    let sides = sides.each_ref().map(String::as_str);
    let with = |more: &[&str]| {
        let done = azulejo(&[&["diff"], &sides[..], more].concat());
        (done.status.code(), text(&done.stderr))
    };
    for (more, wanted) in [
        (vec![list.as_str(), "--report", &here], "it holds other files; name a new folder"),
        (vec![&empty], "no Image Serving URL in "),
        (vec!["nosuch.log"], "nosuch.log: no such file, and no URL"),
        (vec![&list, "--threshold", "120"], "expected a score of 0 to 100"),
        (vec![&list, "--rate", "0"], "expected a rate such as 10/s or 30/m"),
        (vec![&list, "--jobs", "0"], "0 is not in 1..=256"),
        (vec![&list, "--again", "equal"], "--report <DIR>"),
        (vec![&list, "--report", "x", "--again", "same"], "possible values: equal"),
        (vec![&list, "--accept", "a\nb"], "expected media types, such as image/webp"),
    ] {
        let (code, errors) = with(&more);
        assert_eq!(code, Some(2), "{more:?}: {errors}");
        assert!(errors.contains(wanted), "{more:?}: {errors}");
    }
    let recorded = azulejo(&["diff", "--old", &here, "--new", "http://127.0.0.1:9", &bad]);
    let errors = text(&recorded.stderr);
    assert!(errors.contains("bad.csv: line 2: expected 2 fields, found 1"), "{errors}");
    assert_eq!(recorded.status.code(), Some(1));
    let missing = format!("dir:{here}/none");
    let done = azulejo(&["diff", "--old", "http://127.0.0.1:9", "--new", &missing, &list]);
    let errors = text(&done.stderr);
    assert_eq!(done.status.code(), Some(1), "{errors}");
    assert!(errors.contains("/none") && errors.lines().count() == 1, "{errors}");
    for (side, wanted) in [
        ("nosuch", "expected a host such as https://images.example.com, a folder"),
        ("https://u:p@h.example", "a host with a user and a password is not supported"),
    ] {
        let done = azulejo(&["diff", "--old", side, "--new", "local", &list]);
        assert_eq!(done.status.code(), Some(2));
        assert!(text(&done.stderr).contains(wanted), "{}", text(&done.stderr));
    }
}

#[test]
fn a_report_is_for_one_comparison() {
    let folder = Folder::new();
    let host = Host::start(|_, _| ok("text/plain", "x"));
    let (list, report) = (folder.write("urls.txt", "Shop/a\n"), folder.path("report"));
    let compare = |more: &[&str]| {
        let (sides, report) = (["--old", &host.url, "--new", &host.url], ["--report", &report]);
        run(&[&sides[..], &[&list], &report, more].concat())
    };
    assert_eq!(compare(&[]).code, Some(0));
    let done = compare(&["--accept", "image/webp"]);
    assert_eq!(done.code, Some(2));
    let wanted = "this report has --accept */*, not image/webp; name another folder with --report";
    assert!(done.stderr.contains(wanted), "{}", done.stderr);
    assert!(Path::new(&report).join("index.html").is_file());
}
