//! Stops what this program started even when it is killed itself: a second process waits for the
//! end of a pipe that this one alone holds open.

use std::{
    env,
    io::{self, BufRead, Write},
    os::unix::process::CommandExt,
    process::{ChildStdin, Command, Stdio},
};

use anyhow::{Context, Result};
use rustix::process::Pid;

use super::stop;

/// The argument of a run that only watches.
pub const ARGUMENT: &str = "--watch-process-groups";

/// The process that watches; it ends with this one.
#[derive(Debug)]
pub struct Watcher(ChildStdin);

impl Watcher {
    /// Starts it, in a process group of its own: Ctrl-C in the terminal must not end it first.
    pub fn start() -> Result<Self> {
        let this = env::current_exe().context("where is this program?")?;
        let mut watcher = Command::new(this);
        watcher.arg(ARGUMENT).stdin(Stdio::piped()).process_group(0);
        let child = watcher.spawn().context("cannot start the watching process")?;
        let pipe = child.stdin.context("the watching process has no pipe")?;
        Ok(Self(pipe))
    }

    /// A group that it has to stop.
    pub fn add(&mut self, group: Pid) {
        self.tell('+', group);
    }

    /// A group that has been stopped. Its number may soon be another's.
    pub fn remove(&mut self, group: Pid) {
        self.tell('-', group);
    }

    fn tell(&mut self, sign: char, group: Pid) {
        // Without a watcher all goes on as well, as long as this process is not killed.
        let _ = writeln!(self.0, "{sign}{}", group.as_raw_nonzero());
    }
}

/// What the watching process does: reads which groups there are, and stops those that are left at
/// the end.
pub fn watch(messages: impl BufRead) -> io::Result<()> {
    let mut groups: Vec<Pid> = Vec::new();
    for message in messages.lines() {
        let message = message?;
        let number = message.get(1..).and_then(|number| number.parse().ok());
        let Some(group) = number.and_then(Pid::from_raw) else { continue };
        groups.retain(|known| *known != group);
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
    fn what_was_not_taken_back_is_stopped_at_the_end_of_the_pipe() {
        let sleeper = || Command::new("sleep").arg("600").process_group(0).spawn().unwrap();
        let [mut left, mut taken_back] = [sleeper(), sleeper()];
        let [first, second] = [&left, &taken_back].map(Pid::from_child);
        let of = |pid: Pid| pid.as_raw_nonzero();
        // Reaped at once, as a child of another process is.
        let ended = std::thread::spawn(move || left.wait());
        let messages = format!("+{}\n+{}\nnonsense\n-{}\n", of(first), of(second), of(second));
        watch(messages.as_bytes()).unwrap();
        assert!(!ended.join().unwrap().unwrap().success(), "it was ended by a signal");
        assert!(test_kill_process_group(second).is_ok(), "it is none of ours any more");
        taken_back.kill().unwrap();
        taken_back.wait().unwrap();
    }
}
