//! Runs child processes so that none outlives this program. Each gets its own process group.

mod requests;
mod watcher;

use std::{
    io,
    os::unix::process::CommandExt,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};

pub use watcher::{ARGUMENT as WATCH, watch};

use crate::paths;
use watcher::Watcher;

/// How long a process group may take to end after SIGTERM before it is killed.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the Workers runtime may take to finish its open requests.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(15);

/// The running groups. The lock is held during a spawn, so that a signal handler sees the new
/// group.
static GROUPS: Mutex<Groups> =
    Mutex::new(Groups { running: Vec::new(), serving: None, watcher: None });

#[derive(Debug)]
struct Groups {
    running: Vec<Pid>,
    /// The group whose Workers runtime serves requests.
    serving: Option<Server>,
    watcher: Option<Watcher>,
}

/// A Workers runtime.
#[derive(Debug, Clone, Copy)]
struct Server {
    group: Pid,
    /// Its port on 127.0.0.1.
    port: u16,
}

/// A running process with its descendants. Dropping it stops them.
#[derive(Debug)]
pub struct Group {
    child: Child,
    pid: Pid,
}

/// Installs handlers so that Ctrl-C, SIGTERM and SIGHUP stop every group before this program ends.
/// A second process does the same if this one is killed.
pub fn stop_children_at_the_end() -> Result<()> {
    groups().watcher = Some(Watcher::start()?);
    ctrlc::set_handler(|| {
        // This lock is never released, so nothing can start any more.
        let groups = groups();
        if let Some(Server { group, port }) = groups.serving {
            requests::drain(group, port, DRAIN_TIMEOUT);
        }
        stop(&groups.running);
        std::process::exit(130);
    })
    .context("cannot listen for signals")
}

/// A command that runs in the repository's root, finds npm executables first, and has no stdin.
pub fn program(path: impl AsRef<Path>) -> Result<Command> {
    let mut command = Command::new(path.as_ref());
    command.current_dir(paths::root()).env("PATH", paths::search_path()?).stdin(Stdio::null());
    Ok(command)
}

/// The cargo that built this program.
pub fn cargo(arguments: &[&str]) -> Result<Command> {
    let mut command = program(env!("CARGO"))?;
    command.args(arguments);
    Ok(command)
}

/// Runs a command to its end and shows its output. Errors call it `name`.
pub fn run(name: &str, command: &mut Command) -> Result<()> {
    let status = Group::spawn(command)?.wait()?;
    if !status.success() {
        bail!("{name} failed ({status})");
    }
    Ok(())
}

/// Runs a command to its end and returns its stdout. Errors call it `name` and show its output.
pub fn run_quietly(name: &str, command: &mut Command) -> Result<String> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = Group::spawn(command)?.output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("{name} failed ({})\n{text}{errors}", output.status);
    }
    Ok(text)
}

impl Group {
    /// Starts a command in its own process group.
    pub fn spawn(command: &mut Command) -> Result<Self> {
        let mut groups = groups();
        let child = command.process_group(0).spawn();
        let child = child.with_context(|| format!("cannot start {:?}", command.get_program()))?;
        let pid = Pid::from_child(&child);
        groups.running.push(pid);
        if let Some(watcher) = &mut groups.watcher {
            watcher.add(pid);
        }
        Ok(Self { child, pid })
    }

    /// Registers that the group serves requests on this port of 127.0.0.1. A signal lets it finish
    /// open requests.
    pub fn serves_on(&self, port: u16) {
        groups().serving = Some(Server { group: self.pid, port });
    }

    /// Waits until the process ends by itself.
    pub fn wait(mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// The exit status, if the process has ended.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    fn output(mut self) -> Result<std::process::Output> {
        // Both pipes are read at the same time, since a full one would block the process.
        let (stdout, stderr) = (self.child.stdout.take(), self.child.stderr.take());
        let errors = thread::spawn(move || read_all(stderr));
        let stdout = read_all(stdout)?;
        let stderr = errors.join().unwrap_or_else(|_| Ok(Vec::new()))?;
        Ok(std::process::Output { status: self.child.wait()?, stdout, stderr })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let mut groups = groups();
        // The leader's descendants may still run after it has ended.
        stop(&[self.pid]);
        let _ = self.child.try_wait();
        groups.running.retain(|pid| *pid != self.pid);
        groups.serving = groups.serving.filter(|server| server.group != self.pid);
        if let Some(watcher) = &mut groups.watcher {
            watcher.remove(self.pid);
        }
    }
}

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_all(pipe: Option<impl io::Read>) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

/// Sends SIGTERM to all groups, and SIGKILL to those that run on after [`STOP_TIMEOUT`].
fn stop(groups: &[Pid]) {
    let alive = |pid: &Pid| test_kill_process_group(*pid).is_ok();
    for pid in groups {
        let _ = kill_process_group(*pid, Signal::TERM);
    }
    let since = Instant::now();
    while groups.iter().any(alive) && since.elapsed() < STOP_TIMEOUT {
        thread::sleep(Duration::from_millis(20));
    }
    for pid in groups.iter().filter(|pid| alive(pid)) {
        let _ = kill_process_group(*pid, Signal::KILL);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_a_group_stops_what_its_leader_left_running() {
        let mut shell = Command::new("sh");
        shell.args(["-c", "sleep 600 & sleep 600 & exit 0"]).stdout(Stdio::piped());
        let mut group = Group::spawn(&mut shell).unwrap();
        let (pid, pipe) = (group.pid, group.child.stdout.take());
        assert!(group.child.wait().unwrap().success());
        assert!(test_kill_process_group(pid).is_ok(), "the sleepers are there");
        drop(group);
        // The read ends when the last process has closed the pipe.
        assert_eq!(read_all(pipe).unwrap(), b"");
    }

    #[test]
    fn a_failing_program_is_named_with_its_output() {
        let mut shell = Command::new("sh");
        let error = run_quietly("the task", shell.args(["-c", "echo why; exit 3"])).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("the task failed") && text.contains("why"), "{text}");
    }
}
