//! A second process that stops the process groups if this program is killed. It waits for the end
//! of a pipe that only this program holds open.

use std::{
    io::{self, BufRead, Write},
    os::unix::process::CommandExt,
    process::{ChildStdin, Command, Stdio},
};

use anyhow::{Context, Result};
use rustix::process::Pid;

use super::stop;
use crate::paths;

/// The command-line argument that makes this program the watcher.
pub const ARGUMENT: &str = "--watch-process-groups";

/// The pipe to the watcher process. The watcher ends when it is dropped.
#[derive(Debug)]
pub struct Watcher(ChildStdin);

impl Watcher {
    /// Starts the watcher in its own process group, so that Ctrl-C in the terminal does not end it.
    pub fn start() -> Result<Self> {
        let this = paths::this_program()?;
        let mut watcher = Command::new(this);
        watcher.arg(ARGUMENT).stdin(Stdio::piped()).process_group(0);
        let child = watcher.spawn().context("cannot start the watching process")?;
        let pipe = child.stdin.context("the watching process has no pipe")?;
        Ok(Self(pipe))
    }

    /// Adds a group to those that the watcher has to stop.
    pub fn add(&mut self, group: Pid) {
        self.send('+', group);
    }

    /// Removes a group that has been stopped. The system may reuse its id.
    pub fn remove(&mut self, group: Pid) {
        self.send('-', group);
    }

    fn send(&mut self, sign: char, group: Pid) {
        // If the watcher has died, everything still works unless this process is killed.
        let _ = writeln!(self.0, "{sign}{}", group.as_raw_nonzero());
    }
}

/// The main function of the watcher: reads messages until the pipe ends, then stops the remaining
/// groups.
pub fn watch(messages: impl BufRead) -> io::Result<()> {
    let mut groups: Vec<Pid> = Vec::new();
    for message in messages.lines() {
        let message = message?;
        let number = message.get(1..).and_then(|number| number.parse().ok());
        let Some(group) = number.and_then(Pid::from_raw) else { continue };
        groups.retain(|other| *other != group);
        if message.starts_with('+') {
            groups.push(group);
        }
    }
    stop(&groups);
    Ok(())
}

#[cfg(test)]
mod tests {
    use rustix::process::test_kill_process_group;

    use super::*;

    #[test]
    fn groups_that_were_not_removed_are_stopped_at_the_end_of_the_pipe() {
        let sleeper = || Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
        let [mut added, mut removed] = [sleeper(), sleeper()];
        let [first, second] = [&added, &removed].map(Pid::from_child);
        let of = |pid: Pid| pid.as_raw_nonzero();
        // Reaps the child at once; a zombie would still count as running.
        let ended = std::thread::spawn(move || added.wait());
        let messages = format!("+{}\n+{}\nnonsense\n-{}\n", of(first), of(second), of(second));
        watch(messages.as_bytes()).unwrap();
        assert!(!ended.join().unwrap().unwrap().success(), "it was ended by a signal");
        assert!(test_kill_process_group(second).is_ok(), "it was removed");
        removed.kill().unwrap();
        removed.wait().unwrap();
    }
}
