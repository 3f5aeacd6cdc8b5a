//! The local bucket in real projects: with secrets, used concurrently, without node.

#![cfg(unix)]

use crate::skip::skip;
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A project with a bucket of its own, over the npm packages of this one.
fn project() -> Option<tempfile::TempDir> {
    let packages = root().join("node_modules");
    if !packages.join("wrangler").is_dir() {
        skip("npm", "the packages are not installed; run npm ci");
        return None;
    }
    let project = tempfile::tempdir().unwrap();
    symlink(packages, project.path().join("node_modules")).unwrap();
    let configuration = "wrangler.example.toml";
    fs::copy(root().join(configuration), project.path().join(configuration)).unwrap();
    Some(project)
}

fn start(project: &Path, arguments: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_azulejo"))
        .args(arguments)
        .current_dir(project)
        .env_remove("AZULEJO_STATE")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ends_well(child: Child) -> Vec<u8> {
    let done = child.wait_with_output().unwrap();
    let stderr = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, err) = (stderr(&done.stdout), stderr(&done.stderr));
    assert!(done.status.success(), "{err}{out}");
    done.stdout
}

#[test]
fn wranglers_messages_about_secrets_are_not_taken_for_replies() {
    let Some(project) = project() else { return };
    fs::write(project.path().join(".dev.vars"), "SECRET=1\n").unwrap();
    let tulips = root().join("samples/tulips.png");
    let project = project.path();
    ends_well(start(project, &["ingest", tulips.to_str().unwrap(), "--to", "local"]));
    let request = "Samples/tulips?wid=40&fmt=jpeg";
    let picture = ends_well(start(project, &["render", request, "--from", "local"]));
    assert!(picture.starts_with(&[0xFF, 0xD8, 0xFF]), "a JPEG");
}

#[test]
fn two_programs_may_write_at_once() {
    let Some(project) = project() else { return };
    let folder = project.path().join("originals");
    fs::create_dir(&folder).unwrap();
    for n in 0..30 {
        fs::copy(root().join("tests/fixtures/tulips.tif"), folder.join(format!("{n}.tif")))
            .unwrap();
    }
    let ingest = |root| {
        let arguments =
            ["ingest", "originals", "--as-is", "--json", "--to", "local", "--root", root];
        start(project.path(), &arguments)
    };
    for child in ["One", "Two", "Three"].map(ingest) {
        ends_well(child);
    }
}

#[test]
fn two_programs_that_change_one_record_lose_nothing() {
    let Some(project) = project() else { return };
    let project = project.path();
    let file = project.join("shoe.png");
    let picture = |width| {
        let white = image::Rgb([width as u8; 3]);
        image::RgbImage::from_pixel(width, 8, white).save(&file).unwrap();
    };
    let ingest = ["ingest", "shoe.png", "--to", "local", "--root", "Shop"];
    picture(8);
    ends_well(start(project, &ingest));
    for round in 0..4 {
        picture(9 + round);
        let published = round % 2 == 1;
        let command = if published { "publish-assets" } else { "unpublish-assets" };
        let both = [
            start(project, &ingest),
            start(project, &[command, "--to", "local", "--root", "Shop"]),
        ];
        both.into_iter().for_each(|child| drop(ends_well(child)));
        let render = ["render", "--from", "local", "--unpublished", "Shop/shoe?req=imageprops"];
        let stdout = String::from_utf8(ends_well(start(project, &render))).unwrap();
        assert!(stdout.contains(&format!("image.width={}", 9 + round)), "round {round}: {stdout}");
        let shown = ["render", "--from", "local", "Shop/shoe?req=exists"];
        let shown = String::from_utf8(ends_well(start(project, &shown))).unwrap();
        let exists = format!("catalogRecord.exists={}", u8::from(published));
        assert!(shown.contains(&exists), "round {round}: {shown}");
    }
}

/// A project whose node is a script of ours; without one there is no node at all.
fn with_node(script: Option<&str>) -> Option<tempfile::TempDir> {
    let project = project()?;
    let packages = project.path().join("node_modules");
    fs::remove_file(&packages).unwrap();
    fs::create_dir_all(packages.join(".bin")).unwrap();
    symlink(root().join("node_modules/wrangler"), packages.join("wrangler")).unwrap();
    if let Some(script) = script {
        let node = packages.join(".bin/node");
        fs::write(&node, script).unwrap();
        fs::set_permissions(&node, fs::Permissions::from_mode(0o755)).unwrap();
    }
    Some(project)
}

/// Standard error of a command that fails, and how long it took.
fn fails(project: &Path) -> (String, Duration) {
    let begin = Instant::now();
    let done = Command::new(env!("CARGO_BIN_EXE_azulejo"))
        .args(["render", "Samples/tulips?wid=40", "--from", "local"])
        .current_dir(project)
        .env("PATH", "/nowhere")
        .env_remove("AZULEJO_STATE")
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(1));
    (String::from_utf8(done.stderr).unwrap(), begin.elapsed())
}

#[test]
fn a_missing_node_is_reported_once_and_at_once() {
    let Some(project) = with_node(None) else { return };
    let (stderr, time) = fails(project.path());
    let expected = "azulejo: the local bucket needs node 20 or later: node does not start: ";
    assert!(stderr.starts_with(expected), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(time < Duration::from_secs(2), "{time:?}");
}

#[test]
fn a_bucket_that_cannot_be_opened_is_reported_once_and_at_once() {
    let Some(project) = with_node(Some("#!/bin/sh\necho out of order >&2\nexit 1\n")) else {
        return;
    };
    let (stderr, time) = fails(project.path());
    let lines: Vec<&str> = stderr.lines().collect();
    assert!(lines[0] == "out of order" && lines[1].contains("did not open"), "{stderr}");
    assert_eq!(lines.len(), 2, "{stderr}");
    assert!(time < Duration::from_secs(2), "{time:?}");
}

/// Exit code 75: another process starts on the same state.
#[test]
fn opening_a_busy_bucket_is_retried() {
    let node = root().join("node_modules/.bin/node");
    let busy = "[ -e busy2 ] || { [ -e busy1 ] && : > busy2; : > busy1; exit 75; }";
    let script = format!("#!/bin/sh\n{busy}\nexec {} \"$@\"\n", node.display());
    let Some(project) = with_node(Some(&script)) else { return };
    let tulips = root().join("tests/fixtures/tulips.tif");
    let arguments = ["ingest", "--as-is", tulips.to_str().unwrap(), "--to", "local"];
    ends_well(start(project.path(), &arguments));
    assert!(project.path().join("busy2").exists(), "twice busy");
}
