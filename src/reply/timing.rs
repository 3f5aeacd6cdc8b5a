//! Measures each stage in milliseconds, and counts layers, for the `Server-Timing` header.

/// Stages, timed by the platform's clock.
pub struct Timing<'a> {
    clock: &'a dyn Fn() -> f64,
    last: f64,
    stages: Vec<(&'static str, f64)>,
    /// Layers that came from the cache, and layers that were drawn for it.
    layers: [usize; 2],
}

impl<'a> Timing<'a> {
    /// Starts the first stage.
    pub fn new(clock: &'a dyn Fn() -> f64) -> Self {
        Self { clock, last: clock(), stages: Vec::new(), layers: [0; 2] }
    }

    /// Ends the current stage, records it as `name`, and starts the next.
    pub fn stage(&mut self, name: &'static str) {
        let now = (self.clock)();
        self.stages.push((name, now - self.last));
        self.last = now;
    }

    /// Records how many layers came from the cache, and how many were drawn for it.
    pub fn layers(&mut self, hit: usize, drawn: usize) {
        self.layers = [hit, drawn];
    }

    /// Names and milliseconds of the stages, in order.
    pub fn stages(&self) -> &[(&'static str, f64)] {
        &self.stages
    }

    /// The value of the `Server-Timing` header.
    pub fn header(&self) -> String {
        let stage = |(name, milliseconds): &(&str, f64)| format!("{name};dur={milliseconds:.1}");
        let [hit, drawn] = self.layers;
        let layers = format!("layers;desc=\"hit {hit}, drawn {drawn}\"");
        let layers = (hit + drawn > 0).then_some(layers);
        self.stages.iter().map(stage).chain(layers).collect::<Vec<_>>().join(", ")
    }
}
