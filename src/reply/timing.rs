//! Measures each stage in milliseconds, for the `Server-Timing` header.

/// Stages, timed by the platform's clock.
pub struct Timing<'a> {
    clock: &'a dyn Fn() -> f64,
    last: f64,
    stages: Vec<(&'static str, f64)>,
}

impl<'a> Timing<'a> {
    /// Starts the first stage.
    pub fn new(clock: &'a dyn Fn() -> f64) -> Self {
        Self { clock, last: clock(), stages: Vec::new() }
    }

    /// Ends the current stage, records it as `name`, and starts the next.
    pub fn stage(&mut self, name: &'static str) {
        let now = (self.clock)();
        self.stages.push((name, now - self.last));
        self.last = now;
    }

    /// Names and milliseconds of the stages, in order.
    pub fn stages(&self) -> &[(&'static str, f64)] {
        &self.stages
    }

    /// The value of the `Server-Timing` header.
    pub fn header(&self) -> String {
        let stage = |(name, milliseconds): &(&str, f64)| format!("{name};dur={milliseconds:.1}");
        self.stages.iter().map(stage).collect::<Vec<_>>().join(", ")
    }
}
