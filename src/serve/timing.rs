//! Milliseconds of each stage, as `Server-Timing` has them.

/// Stages timed by a platform's clock.
pub struct Timing<'a> {
    clock: &'a dyn Fn() -> f64,
    last: f64,
    stages: Vec<String>,
}

impl<'a> Timing<'a> {
    /// Starts the first stage.
    pub fn new(clock: &'a dyn Fn() -> f64) -> Self {
        Self { clock, last: clock(), stages: Vec::new() }
    }

    /// Ends a stage, under its name; the next one begins.
    pub fn stage(&mut self, name: &str) {
        let now = (self.clock)();
        self.stages.push(format!("{name};dur={:.1}", now - self.last));
        self.last = now;
    }

    /// The header's value.
    pub fn header(&self) -> String {
        self.stages.join(", ")
    }
}
