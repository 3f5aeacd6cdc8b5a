//! From the resolved request and the pyramid's index to the nodes that make the reply, and the bytes
//! that they read.
//!
//! All geometry is settled here, before a tile is read. So is the memory that the reply takes:
//! a reply that needs too much is refused before a weight is computed.

mod areas;
mod axis;
mod composite;
mod demand;
mod fit;
mod limit;
mod node;
mod schedule;
mod source;
mod view;

pub use areas::areas;
pub use axis::Sampling;
pub use composite::Composite;
pub use node::{Canvas, ContentHash, Flow, Graph, Node, NodeId, Step};
pub use source::{Opened, PlannedSource, SourceStep};
pub use view::{ViewTransform, transform};

use crate::{
    commands::Reads,
    error::Result,
    geometry::{self, Rect, ReplySpace, Size, ViewSpace},
    limits,
    resolved::Resolved,
    store::Read,
};

/// What it takes to make one reply.
#[derive(Debug)]
pub struct Plan {
    /// The sizes of the reply and of what it is made of.
    pub sizes: Sizes,
    /// The nodes that make it.
    pub graph: Graph,
    /// The source nodes of the graph, ready to be drawn.
    pub sources: Vec<(NodeId, PlannedSource)>,
    /// Ranges of stored objects to read, each of the version that was planned with.
    pub reads: Vec<Read>,
    /// Bytes of memory at the worst moment.
    pub peak: u64,
}

/// The sizes that a plan has settled.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// The composite image: layer 0 after its transforms.
    pub composite: Size<geometry::CompositeSpace>,
    /// The view, of which `rect=` may cut the reply out.
    pub view: Size<ViewSpace>,
    /// The reply image.
    pub reply: Size<ReplySpace>,
}

/// Plans the reply of `resolved` over an opened pyramid.
pub fn plan(resolved: &Resolved, source: &Opened) -> Result<Plan> {
    resolved.drawable()?;
    let index = source.index;
    let composite = Composite::new(&resolved.picture, index)?;
    let transform = transform(&resolved.picture.view, composite.size)?;
    let reply = Size::new(transform.reply.width, transform.reply.height);
    let sizes = Sizes { composite: composite.size, view: transform.size, reply };
    if resolved.answer.reply.kind().reads < Reads::Pixels {
        // Of a picture that is only described, none is too large.
        let graph = Graph::default();
        return Ok(Plan { sizes, graph, sources: Vec::new(), reads: Vec::new(), peak: 0 });
    }
    limit::check_max_pix(resolved.picture.view.max_pix, reply)?;
    let graph = demand::graph(resolved, source, &composite, &transform)?;
    let indexes: u64 = index.levels.iter().map(|level| level.memory()).sum();
    let peak = schedule::peak(&graph).saturating_add(limits::HEADER_READ + indexes);
    limit::check_memory(resolved.picture.view.max_pix, index, reply, peak)?;
    let sources = graph.iter().filter_map(|(id, node)| {
        let Step::Source(step) = &node.step else { return None };
        Some(step.weigh().map(|source| (id, source)))
    });
    let sources = sources.collect::<Result<Vec<_>>>()?;
    let reads = sources.iter().flat_map(|(_, drawn)| drawn.reads(source.object)).collect();
    Ok(Plan { sizes, graph, sources, reads, peak })
}

impl Plan {
    /// Where the picture lies in the reply, with the surroundings that operations need; `None` where
    /// only background is seen.
    pub fn picture(&self) -> Option<Rect<ReplySpace>> {
        let (id, _) = self.sources.first()?;
        let (picture, reply) = (self.graph.get(*id)?.area, self.graph.last()?.area);
        let (x, y) = (picture.x - reply.x, picture.y - reply.y);
        Some(Rect::new(x, y, picture.width, picture.height))
    }

    /// The source that a node draws.
    pub fn source(&self, node: NodeId) -> Option<&PlannedSource> {
        self.sources.iter().find_map(|(id, source)| (*id == node).then_some(source))
    }
}

#[cfg(test)]
mod tests;
