//! Progress where no terminal shows a bar: a line from time to time, for logs.

use std::time::{Duration, Instant};

use indicatif::HumanDuration;

/// The least time between two lines.
const INTERVAL: Duration = Duration::from_secs(5);

/// The progress of a run over many things, such as images.
pub struct Progress {
    what: &'static str,
    count: u64,
    start: Instant,
    last: Instant,
}

impl Progress {
    /// A run that starts `now`.
    pub fn new(count: u64, what: &'static str, now: Instant) -> Self {
        Self { what, count, start: now, last: now }
    }

    /// The line that is due when so many are done.
    pub fn line(&mut self, done: u64, now: Instant) -> Option<String> {
        if now.duration_since(self.last) < INTERVAL || done >= self.count {
            return None;
        }
        self.last = now;
        let of = format!("{done} of {} {}", self.count, self.what);
        if done == 0 {
            return Some(of);
        }
        let elapsed = now.duration_since(self.start).as_secs_f64();
        let left = elapsed * (self.count - done) as f64 / done as f64;
        let left = HumanDuration(Duration::from_secs_f64(left));
        Some(format!("{of}, {:.1} a second, {left} left", done as f64 / elapsed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_every_few_seconds_until_the_end() {
        let start = Instant::now();
        let after = |seconds| start + Duration::from_secs(seconds);
        let mut progress = Progress::new(1000, "images", start);
        assert_eq!(progress.line(90, after(4)), None);
        let line = progress.line(100, after(10));
        assert_eq!(line.as_deref(), Some("100 of 1000 images, 10.0 a second, 2 minutes left"));
        assert_eq!(progress.line(130, after(13)), None);
        assert_eq!(progress.line(0, after(15)).as_deref(), Some("0 of 1000 images"));
        assert_eq!(progress.line(1000, after(60)), None, "the summary follows");
    }
}
