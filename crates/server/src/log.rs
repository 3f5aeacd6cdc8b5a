//! Lines on standard error.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

/// Prints a line for the server's operator.
#[expect(clippy::print_stderr, reason = "a server tells its operator there what goes wrong")]
pub fn line(text: &str) {
    eprintln!("azulejo: {text}");
}

/// The shortest time between two lines of one kind.
const INTERVAL: Duration = Duration::from_secs(10);

/// Prints lines of one kind, but not thousands: those of the next ten seconds are counted only.
#[derive(Debug, Default)]
pub struct Throttle(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<Instant>,
    skipped: u64,
}

impl Throttle {
    /// Prints a line, or counts it.
    pub fn line(&self, text: &str) {
        if let Some(text) = self.next(text, Instant::now()) {
            line(&text);
        }
    }

    /// The line to print now, with the number of those that were left out before it.
    fn next(&self, text: &str, now: Instant) -> Option<String> {
        let mut state = self.0.lock().ok()?;
        if state.last.is_some_and(|last| now.duration_since(last) < INTERVAL) {
            state.skipped += 1;
            return None;
        }
        state.last = Some(now);
        Some(match std::mem::take(&mut state.skipped) {
            0 => text.to_owned(),
            skipped => format!("{text} (and {skipped} more since the last line)"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_ten_seconds_are_one_line_and_a_number() {
        let (throttle, start) = (Throttle::default(), Instant::now());
        assert_eq!(throttle.next("a", start).as_deref(), Some("a"));
        assert_eq!(throttle.next("b", start), None);
        assert_eq!(throttle.next("c", start + INTERVAL / 2), None);
        let later = throttle.next("d", start + INTERVAL);
        assert_eq!(later.as_deref(), Some("d (and 2 more since the last line)"));
        assert_eq!(throttle.next("e", start + INTERVAL * 2).as_deref(), Some("e"));
    }
}
