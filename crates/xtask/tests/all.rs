//! `cargo xtask` as a process: what it prints where.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, its set-up too")]

use std::{
    fs,
    process::{Command, Output, Stdio},
};

fn xtask(arguments: &[&str]) -> Output {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.args(arguments).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn errors_go_to_standard_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrangler.toml");
    fs::write(&file, "name = \"azulejo\"\nmain = build\n").unwrap();
    let done = xtask(&["deploy", "--dry-run", "--config", file.to_str().unwrap()]);
    let errors = String::from_utf8(done.stderr).unwrap();
    assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(1), b"".as_slice()), "{errors}");
    assert!(errors.contains("error: ") && errors.contains("wrangler.toml is not TOML"), "{errors}");
}

#[test]
fn a_port_that_is_taken_is_an_error_before_anything_is_built() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let done = xtask(&["dev", "--port", &port]);
    let errors = String::from_utf8(done.stderr).unwrap();
    assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(1), b"".as_slice()), "{errors}");
    assert!(errors.contains(&format!("error: port {port} on 127.0.0.1 is taken")), "{errors}");
}

#[test]
fn a_new_environment_needs_a_bucket_where_nobody_can_be_asked() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("wrangler.toml");
    let done = xtask(&["deploy", "--dry-run", "--env", "test", "--config", file.to_str().unwrap()]);
    let errors = String::from_utf8(done.stderr).unwrap();
    assert_eq!((done.status.code(), done.stdout.as_slice()), (Some(1), b"".as_slice()), "{errors}");
    assert!(errors.contains("--env test --bucket azulejo-assets-test"), "{errors}");
    assert!(!fs::read_to_string(&file).unwrap().contains("env.test"), "nothing is added");
}

#[test]
fn wrong_names_are_errors_of_the_command_line() {
    for (arguments, wanted) in [
        (["deploy", "--env", "Live"].as_slice(), "lower-case letters"),
        (&["deploy", "--env", "live", "--bucket", "a_b"], "no name of an R2 bucket"),
        (&["deploy", "--bucket", "shop-images"], "--env <NAME>"),
        (&["bench", "--only", "tile"], "possible values: render"),
        (&["bench", "--scaling", "--only", "render"], "cannot be used with"),
        (&["profile", "wepb"], "there is no job wepb; name one of whole"),
        (&["profile", "--seconds", "0"], "0 is not in 1..=600"),
    ] {
        let done = xtask(arguments);
        let errors = String::from_utf8(done.stderr).unwrap();
        assert!(
            done.status.code() == Some(2) && errors.contains(wanted),
            "{arguments:?}: {errors}"
        );
    }
}
