//! Programs and libraries that are there on some machines only.

use std::process::Command;

use super::{root, text};
use crate::skip::skip;

/// Whether there is a program of this name; says so where there is none.
pub fn installed(program: &str) -> bool {
    // What it answers does not matter: not every program knows one and the same question.
    match Command::new(program).arg("--version").output() {
        Ok(_) => true,
        Err(error) => {
            skip(program, &error.to_string());
            false
        }
    }
}

/// Whether a program does this much, with a library that it may have; says so where it does not.
pub fn has(program: &str, arguments: &[&str]) -> bool {
    if !installed(program) {
        return false;
    }
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    if !output.status.success() {
        let words = text(&output.stderr);
        let last = words.lines().last().unwrap_or_default();
        skip(program, &format!("{} ends with: {last}", arguments.join(" ")));
    }
    output.status.success()
}

/// What an installed program prints; it must succeed.
pub fn told(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", text(&output.stderr));
    output.stdout
}
