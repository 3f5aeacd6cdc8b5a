//! Runs programs so that none outlives this one: each is a process group of its own.

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

use crate::place;
use watcher::Watcher;

/// How long a group may take to end by itself before it is killed.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long the Workers runtime may take to answer what it is answering.
const GRACE: Duration = Duration::from_secs(15);

/// What is running. Held during a spawn, so that no signal falls between spawn and entry.
static GROUPS: Mutex<Groups> =
    Mutex::new(Groups { running: Vec::new(), serving: None, watcher: None });

#[derive(Debug)]
struct Groups {
    running: Vec<Pid>,
    /// The group whose Workers runtime answers on a port.
    serving: Option<(Pid, u16)>,
    watcher: Option<Watcher>,
}

/// A running program with all it started; dropping it stops them.
#[derive(Debug)]
pub struct Group {
    child: Child,
    pid: Pid,
}

/// Ctrl-C, SIGTERM and SIGHUP stop every group before this program ends; its own death does too.
pub fn stop_children_at_the_end() -> Result<()> {
    groups().watcher = Some(Watcher::start()?);
    ctrlc::set_handler(|| {
        // Never released: nothing may start any more.
        let groups = groups();
        if let Some((group, port)) = groups.serving {
            requests::finish(group, port, GRACE);
        }
        stop(&groups.running);
        std::process::exit(130);
    })
    .context("cannot listen for signals")
}

/// A program that finds the npm packages first and waits for nobody's keyboard.
pub fn program(path: impl AsRef<Path>) -> Result<Command> {
    let mut command = Command::new(path.as_ref());
    command.current_dir(place::root()).env("PATH", place::search_path()?).stdin(Stdio::null());
    Ok(command)
}

/// Cargo, as it runs this program.
pub fn cargo(arguments: &[&str]) -> Result<Command> {
    let mut command = program(env!("CARGO"))?;
    command.args(arguments);
    Ok(command)
}

/// Runs to the end with its output in the open; `doing` names it in the error.
pub fn run(doing: &str, command: &mut Command) -> Result<()> {
    let status = Group::spawn(command)?.wait()?;
    if !status.success() {
        bail!("{doing} failed ({status})");
    }
    Ok(())
}

/// Runs to the end and shows its output only if it fails.
pub fn run_quietly(doing: &str, command: &mut Command) -> Result<String> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = Group::spawn(command)?.output()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!("{doing} failed ({})\n{text}{errors}", output.status);
    }
    Ok(text)
}

impl Group {
    /// Starts a program in a group of its own.
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

    /// Its Workers runtime answers on this port of 127.0.0.1: a signal lets it finish requests.
    pub fn serves_on(&self, port: u16) {
        groups().serving = Some((self.pid, port));
    }

    /// Waits until it ends by itself.
    pub fn wait(mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.child.try_wait()
    }

    fn output(mut self) -> Result<std::process::Output> {
        // The pipes are read side by side: a full one would stop the program.
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
        // Also after its leader ended well: what that left running belongs to the group.
        stop(&[self.pid]);
        let _ = self.child.try_wait();
        groups.running.retain(|pid| *pid != self.pid);
        groups.serving = groups.serving.filter(|(pid, _)| *pid != self.pid);
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

/// Asks all groups to end, and kills those that do not.
fn stop(groups: &[Pid]) {
    let alive = |pid: &Pid| test_kill_process_group(*pid).is_ok();
    for pid in groups {
        let _ = kill_process_group(*pid, Signal::TERM);
    }
    let since = Instant::now();
    while groups.iter().any(alive) && since.elapsed() < PATIENCE {
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
        // Ends when the last of them has let go of the pipe.
        assert_eq!(read_all(pipe).unwrap(), b"");
    }

    #[test]
    fn a_failing_program_is_named_with_its_output() {
        let mut shell = Command::new("sh");
        let error = run_quietly("the chore", shell.args(["-c", "echo why; exit 3"])).unwrap_err();
        let text = error.to_string();
        assert!(text.contains("the chore failed") && text.contains("why"), "{text}");
    }
}
