//! The local bucket as it is met in real projects: beside secrets, and used twice at once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A project with a bucket of its own, over the npm packages of this one.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn project() -> Option<tempfile::TempDir> {
    let packages = root().join("node_modules");
    if !packages.join("wrangler").is_dir() {
        eprintln!("skipped: the npm packages are not installed");
        return None;
    }
    let project = tempfile::tempdir().unwrap();
    symlink(packages, project.path().join("node_modules")).unwrap();
    fs::copy(root().join("wrangler.toml"), project.path().join("wrangler.toml")).unwrap();
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
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

#[test]
fn what_wrangler_says_about_secrets_is_no_answer_of_the_bucket() {
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
