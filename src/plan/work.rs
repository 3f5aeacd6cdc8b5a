//! How long a graph takes to draw, in pixels of a [`TimeSlice`](crate::time_slice::TimeSlice).

use super::{
    graph::Graph,
    node::{Node, NodeId, Step},
    steps::shape,
};
use crate::{commands::BlendMode, ops::Chain};

/// The work of all nodes.
pub fn of(graph: &Graph) -> u64 {
    graph.iter().map(|(_, node)| of_node(node)).fold(0, u64::saturating_add)
}

/// The work that drawing a node takes, without the layers that it reads from the cache.
pub fn of_layer(graph: &Graph, layer: NodeId) -> u64 {
    let (mut open, mut seen, mut work) = (vec![layer], Vec::new(), 0_u64);
    while let Some(id) = open.pop() {
        let Some(node) = graph.get(id).filter(|_| !seen.contains(&id)) else { continue };
        work = work.saturating_add(of_node(node));
        seen.push(id);
        open.extend(
            node.inputs
                .iter()
                .filter(|input| graph.get(**input).is_some_and(|input| !input.is_cached)),
        );
    }
    work
}

/// The work of one node.
fn of_node(node: &Node) -> u64 {
    let pixels = u64::from(node.area.width).saturating_mul(node.area.height.into());
    match &node.step {
        Step::Source(step) => step.work().saturating_add(pixels),
        Step::Ops(ops) => {
            let rows = shape(node.area, node.pixel, false);
            Chain::work(ops, rows).saturating_mul(rows.height.into())
        }
        Step::Warp(warp) => pixels.saturating_mul(warp.work()),
        Step::Coverage(shape) => shape.work(node.area),
        Step::Text(text) => text.work(node.area),
        Step::Turn(_) | Step::Encode(_) => pixels,
        Step::Blend(step) if step.mode != BlendMode::Normal => pixels,
        Step::Convert(_)
        | Step::Silhouette(_)
        | Step::Tint(_)
        | Step::Mask(_)
        | Step::Blend(_)
        | Step::Fill(_)
        | Step::Collect
        | Step::Place(_) => pixels / 4,
        Step::Cached(_) => 0,
    }
}
