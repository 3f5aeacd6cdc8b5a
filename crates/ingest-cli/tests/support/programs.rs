//! Programs and libraries that only some machines have.

use std::process::Command;

use super::{root, text};
use crate::skip::skip;

/// Whether a program is installed. Reports a skip if it is not.
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

/// Whether a program succeeds with these arguments. Reports a skip if it does not.
pub fn has(program: &str, arguments: &[&str]) -> bool {
    if !installed(program) {
        return false;
    }
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    if !output.status.success() {
        let stderr = text(&output.stderr);
        let last = stderr.lines().last().unwrap_or_default();
        skip(program, &format!("{} ends with: {last}", arguments.join(" ")));
    }
    output.status.success()
}

/// Runs an installed program, which must succeed. Returns its standard output.
pub fn output_of(program: &str, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{program} {arguments:?}: {}", text(&output.stderr));
    output.stdout
}
