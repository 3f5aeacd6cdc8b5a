//! The schedule of a graph, and its peak memory.
//!
//! Nodes run in graph order. A node that outputs rows runs together with the node that consumes
//! them. A raster stays in memory until its last consumer has run.

use super::{
    graph::Graph,
    node::{Flow, Node, NodeId, Step},
};

/// Peak memory of the schedule, in bytes.
pub fn peak(graph: &Graph) -> u64 {
    let (mut peak, stored) = (0, graph.stored());
    // Cached layers are in memory all the time, though the cache may drop them.
    let layers = graph.cached_layers().map(|layer| layer.raster.data.len() as u64).sum();
    let last = graph.last_readers();
    let mut alive: Vec<(NodeId, &Node)> = Vec::new();
    for (id, node) in graph.iter().filter(|(_, node)| node.flow != Flow::Rows) {
        let flowing = graph.row_inputs(node);
        let rows = flowing.iter().filter_map(|&id| graph.get(id)).map(|node| node.working);
        if matches!(node.step, Step::Blend(_)) {
            // It draws on the raster of its first input.
            alive.retain(|(raster, _)| node.inputs.first() != Some(raster));
        }
        let rasters = alive.iter().map(|(_, node)| node.raster());
        let stored = if node.flow == Flow::File { 0 } else { stored };
        let held = rows.chain(rasters).chain([node.working, node.raster(), stored, layers]);
        peak = peak.max(held.fold(0, u64::saturating_add));
        alive.push((id, node));
        alive.retain(|(raster, _)| raster.of(&last) > Some(id));
    }
    peak
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        geometry::Rect,
        pixel::PixelFormat,
        plan::node::{Canvas, Step},
    };

    const PLACE: Step = Step::Place(Canvas::Alpha);

    /// A graph of nodes on 10 × 10 grey pixels: inputs, flow, and bytes of working memory.
    fn graph(nodes: &[(&[usize], Flow, u64)]) -> Graph {
        let mut graph = Graph::default();
        let mut ids: Vec<NodeId> = Vec::new();
        for (inputs, flow, working) in nodes {
            let inputs = inputs.iter().map(|&at| ids[at]).collect();
            let area = Rect::new(0, 0, 10, 10);
            ids.push(graph.push(PLACE, inputs, (area, PixelFormat::GRAY), *flow, *working));
        }
        graph
    }

    #[test]
    fn rows_run_with_the_node_that_takes_them() {
        let drawn = graph(&[
            (&[], Flow::Rows, 1000),
            (&[0], Flow::Rows, 200),
            (&[1], Flow::Raster, 30),
            (&[2], Flow::File, 7),
        ]);
        assert_eq!(peak(&drawn), 1000 + 200 + 30 + 100);
    }

    #[test]
    fn a_raster_lives_until_its_last_node_has_run() {
        let twice = |last: &'static [usize]| {
            graph(&[
                (&[], Flow::Raster, 0),
                (&[0], Flow::Raster, 0),
                (&[1], Flow::Raster, 0),
                (last, Flow::File, 50),
            ])
        };
        assert_eq!(peak(&twice(&[2])), 200);
        assert_eq!(peak(&twice(&[0, 2])), 300);
    }

    #[test]
    fn a_raster_lives_as_long_as_rows_are_made_of_it() {
        let drawn = graph(&[
            (&[], Flow::Raster, 0),
            (&[0], Flow::Rows, 5),
            (&[], Flow::Raster, 40),
            (&[1, 2], Flow::File, 1),
        ]);
        assert_eq!(peak(&drawn), 100 + 40 + 100);
    }
}
