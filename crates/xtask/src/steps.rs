//! Runs long build steps in parallel and shows progress. Parallel steps save time because a
//! compiler partly uses only one core, and npm waits for the disk.

use std::{
    io::{IsTerminal, Write},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

/// A step: its name and its function.
pub type Step = (&'static str, fn() -> Result<()>);

/// The interval between progress updates on a terminal, where one line is rewritten.
const TERMINAL_INTERVAL: Duration = Duration::from_secs(1);
/// The interval between progress lines in a log.
const LOG_INTERVAL: Duration = Duration::from_secs(30);

/// Runs all steps in parallel and shows which are running. Returns the first error at once; the
/// processes of the other steps end with this program.
pub fn run_in_parallel(steps: &[Step]) -> Result<()> {
    let (sender, done) = mpsc::channel();
    let mut running: Vec<&str> = steps.iter().map(|(name, _)| *name).collect();
    for (name, step) in steps.iter().copied() {
        let sender = sender.clone();
        thread::spawn(move || sender.send((name, step())));
    }
    let progress = Progress::new();
    while !running.is_empty() {
        match done.recv_timeout(progress.interval) {
            Ok((name, result)) => {
                result?;
                running.retain(|other| *other != name);
                progress.done(name);
            }
            Err(RecvTimeoutError::Timeout) => progress.show(&running),
            // All threads have ended.
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(())
}

struct Progress {
    since: Instant,
    is_terminal: bool,
    interval: Duration,
}

impl Progress {
    fn new() -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let interval = if is_terminal { TERMINAL_INTERVAL } else { LOG_INTERVAL };
        Self { since: Instant::now(), is_terminal, interval }
    }

    fn done(&self, name: &str) {
        println!("{}  {name} done after {} s", self.clear_line(), self.since.elapsed().as_secs());
    }

    fn show(&self, running: &[&str]) {
        let line = format!("  {} s: {}", self.since.elapsed().as_secs(), running.join(", "));
        if self.is_terminal {
            print!("{}{line}", self.clear_line());
            let _ = std::io::stdout().flush();
        } else {
            println!("{line}");
        }
    }

    /// The escape sequence that clears the progress line of a terminal.
    fn clear_line(&self) -> &'static str {
        if self.is_terminal { "\r\x1b[K" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use anyhow::bail;

    use super::*;

    static BOTH: Barrier = Barrier::new(2);

    fn wait_for_the_other() -> Result<()> {
        BOTH.wait();
        Ok(())
    }

    #[test]
    fn steps_run_in_parallel() {
        run_in_parallel(&[("one", wait_for_the_other), ("other", wait_for_the_other)]).unwrap();
    }

    #[test]
    fn the_first_error_is_returned_at_once() {
        let sleeps: Step = ("sleeps", || {
            thread::sleep(Duration::from_secs(600));
            Ok(())
        });
        let error = run_in_parallel(&[sleeps, ("fails", || bail!("why"))]).unwrap_err();
        assert_eq!(error.to_string(), "why");
    }
}
