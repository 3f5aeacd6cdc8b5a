//! Long steps side by side: a compiler has stretches on one core, and npm waits for the disk.

use std::{
    io::{IsTerminal, Write},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;

/// A step and its name.
type Step = (&'static str, fn() -> Result<()>);

/// Between two signs of life: on a terminal, where a line is written over, and in a log.
const TICK: Duration = Duration::from_secs(1);
/// See [`TICK`].
const LINE: Duration = Duration::from_secs(30);

/// Runs all steps at once, and shows what is under way. The first error ends it; what the other
/// steps have started ends with this program.
pub fn side_by_side(steps: &[Step]) -> Result<()> {
    let (sender, done) = mpsc::channel();
    let mut running: Vec<&str> = steps.iter().map(|(name, _)| *name).collect();
    for (name, step) in steps.iter().copied() {
        let sender = sender.clone();
        thread::spawn(move || sender.send((name, step())));
    }
    let progress = Progress::new();
    while !running.is_empty() {
        match done.recv_timeout(progress.pause) {
            Ok((name, result)) => {
                result?;
                running.retain(|other| *other != name);
                progress.done(name);
            }
            Err(RecvTimeoutError::Timeout) => progress.alive(&running),
            // Nobody is left who could send.
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    Ok(())
}

struct Progress {
    since: Instant,
    is_terminal: bool,
    pause: Duration,
}

impl Progress {
    fn new() -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        Self { since: Instant::now(), is_terminal, pause: if is_terminal { TICK } else { LINE } }
    }

    fn done(&self, name: &str) {
        println!("{}  {name} done after {} s", self.start(), self.since.elapsed().as_secs());
    }

    fn alive(&self, running: &[&str]) {
        let line = format!("  {} s: {}", self.since.elapsed().as_secs(), running.join(", "));
        if self.is_terminal {
            print!("{}{line}", self.start());
            let _ = std::io::stdout().flush();
        } else {
            println!("{line}");
        }
    }

    /// Wipes the line that may stand there.
    fn start(&self) -> &'static str {
        if self.is_terminal { "\r\x1b[K" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use anyhow::bail;

    use super::*;

    static BOTH: Barrier = Barrier::new(2);

    fn meets_the_other() -> Result<()> {
        BOTH.wait();
        Ok(())
    }

    #[test]
    fn steps_run_at_once() {
        side_by_side(&[("one", meets_the_other), ("other", meets_the_other)]).unwrap();
    }

    #[test]
    fn the_first_error_ends_it() {
        let sleeps: Step = ("sleeps", || {
            thread::sleep(Duration::from_secs(600));
            Ok(())
        });
        let error = side_by_side(&[sleeps, ("fails", || bail!("why"))]).unwrap_err();
        assert_eq!(error.to_string(), "why");
    }
}
