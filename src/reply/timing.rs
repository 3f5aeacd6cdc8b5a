//! Measures stages and nodes in milliseconds, and counts layers, for the `Server-Timing` header.

use crate::{
    limits,
    plan::{Graph, NodeId},
    sort::sort_by,
};

/// Times below it would be printed as 0.0.
const LEAST: f64 = 0.05;

/// Stages, timed by the platform's clock.
pub struct Timing<'a> {
    clock: &'a dyn Fn() -> f64,
    last: f64,
    stages: Vec<(&'static str, f64)>,
    /// The nodes of the plan that took longest, as entries of the header.
    nodes: Vec<String>,
    /// Layers that came from the cache, and layers that were drawn for it.
    layers: [usize; 2],
}

impl<'a> Timing<'a> {
    /// Starts the first stage.
    pub fn new(clock: &'a dyn Fn() -> f64) -> Self {
        Self { clock, last: clock(), stages: Vec::new(), nodes: Vec::new(), layers: [0; 2] }
    }

    /// The clock, which returns milliseconds.
    pub fn clock(&self) -> &'a dyn Fn() -> f64 {
        self.clock
    }

    /// Ends the current stage, records it as `name`, and starts the next.
    pub fn stage(&mut self, name: &'static str) {
        let now = (self.clock)();
        self.stages.push((name, now - self.last));
        self.last = now;
    }

    /// Records the milliseconds of nodes: of the `limits::TIMED_NODES` that took longest. Each is
    /// named by its number, its step and the beginning of its key, since the same node can have
    /// another number in a plan that takes layers from the cache.
    pub fn nodes(&mut self, graph: &Graph, mut times: Vec<(NodeId, f64)>) {
        times.retain(|&(_, milliseconds)| milliseconds >= LEAST);
        if times.is_empty() {
            return;
        }
        sort_by(&mut times, |(_, one), (_, other)| other.total_cmp(one));
        times.truncate(limits::TIMED_NODES);
        let keys = graph.keys();
        let entry = |(id, milliseconds): (NodeId, f64)| {
            let (node, [a, b, c, d, ..]) = (graph.get(id)?, id.of(&keys)?.0);
            let (number, step) = (id.index(), node.step.name());
            let key = u32::from_be_bytes([a, b, c, d]);
            Some(format!("node{number};desc=\"{step} {key:08x}\";dur={milliseconds:.1}"))
        };
        self.nodes = times.into_iter().filter_map(entry).collect();
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
        let nodes = self.nodes.iter().cloned();
        self.stages.iter().map(stage).chain(nodes).chain(layers).collect::<Vec<_>>().join(", ")
    }
}
