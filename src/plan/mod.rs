//! Turns a resolved request and the index of a pyramid into a plan: the nodes that make the reply,
//! and the byte ranges that they read.
//!
//! The plan fixes all geometry and the peak memory before any tile is read. It refuses a reply that
//! needs too much memory before it computes any resampling weight.

mod alone;
mod areas;
mod axis;
mod blended;
mod clips;
mod composite;
mod content;
mod convert;
mod coverage;
mod demand;
mod effect;
mod embedded;
mod fit;
mod graph;
mod layer;
mod layer_content;
mod layout;
mod limit;
mod matrix;
mod node;
mod schedule;
mod source;
mod space;
mod steps;
mod stored;
mod svg;
mod svg_images;
mod text;
mod to_space;
mod tone;
mod turn;
mod view;
mod warp;
mod work;

pub use alone::ImageAlone;
pub use areas::areas;
pub use axis::Sampling;
pub use clips::PlacedClip;
pub use convert::{Conversion, PlannedConversion, ProfileSource, StoredBytes};
pub use coverage::{LINES, Outline, Shape};
pub use embedded::Embedded;
pub use graph::Graph;
pub use layout::{Layout, PlacedLayer};
pub use matrix::Matrix;
pub use node::{
    BlendStep, CachedLayer, Canvas, ContentHash, DrawnLayer, Flow, MaskStep, Node, NodeId, Paint,
    SilhouetteStep, Step,
};
pub use source::{Opened, PlannedSource, SourceStep};
pub use steps::{FULL, shape};
pub use svg::{SvgInput, SvgStep};
pub use text::{BAND, Edges, TextStep};
pub use turn::TurnStep;
pub use view::{Frame, ViewTransform, transform};
pub use warp::WarpStep;

use crate::{
    codec::{self, EncodeOptions},
    commands::Reads,
    error::Result,
    geometry::{self, Rect, ReplySpace, Size, ViewSpace},
    limits,
    resolved::Resolved,
    store::{LayerCache, Read},
    time_slice::{TimeSlice, at_once},
};

/// The plan of one reply.
#[derive(Debug)]
pub struct Plan {
    /// Sizes of the composite, the view and the reply.
    pub sizes: Sizes,
    /// Where the layers lie; empty for a reply without pixels.
    pub placed: Vec<PlacedLayer>,
    /// The nodes that make the reply; empty for a reply without pixels.
    pub graph: Graph,
    /// The source nodes of the graph, with their weights and tiles. Empty where the reply shows
    /// only background or has no pixels.
    pub sources: Vec<(NodeId, PlannedSource)>,
    /// The layers that are drawn for the cache.
    pub layers: Vec<DrawnLayer>,
    /// The conversions of the graph by profiles, with the transforms that are in the cache.
    pub conversions: Vec<PlannedConversion>,
    /// The metadata that is written into the reply.
    pub embedded: Embedded,
    /// Byte ranges of stored objects to read. Each names the version that the plan was made for.
    pub reads: Vec<Read>,
    /// Peak memory in bytes; 0 for a reply without pixels.
    pub peak: u64,
}

/// The sizes that a plan fixes, in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Sizes {
    /// The composite image: layer 0 after its transforms.
    pub composite: Size<geometry::CompositeSpace>,
    /// The view; `rect=` can select a part of it as the reply.
    pub view: Size<ViewSpace>,
    /// The reply image.
    pub reply: Size<ReplySpace>,
}

/// Plans the reply to `resolved` from the opened pyramids of its images. Fails where the request is
/// unsupported, or where the reply exceeds MaxPix or the memory limit.
pub fn plan(resolved: &Resolved, sources: &[Opened]) -> Result<Plan> {
    at_once(async |slice| plan_with(resolved, sources, None, slice).await)
}

/// The same with a cache of layers, from which layers are taken and into which they are put.
pub async fn plan_with(
    resolved: &Resolved,
    sources: &[Opened<'_>],
    cache: Option<&LayerCache>,
    slice: &mut TimeSlice<'_>,
) -> Result<Plan> {
    resolved.drawable()?;
    let layout = Layout::new(&resolved.picture, sources)?;
    let transform = &layout.transform;
    let reply = Size::new(transform.reply.width, transform.reply.height);
    let sizes = Sizes { composite: layout.canvas, view: transform.size, reply };
    let embedded = Embedded::of(resolved, &layout, sources)?;
    if resolved.answer.reply.kind().reads < Reads::Pixels {
        // A reply that only describes the image is never too large.
        return Ok(Plan { embedded, ..Plan::without_pixels(sizes) });
    }
    limit::check_max_pix(resolved.picture.view.max_pix, reply)?;
    codec::check_size(resolved.output.format, reply)?;
    let levels = sources.iter().flat_map(|source| &source.index.levels);
    let indexes: u64 = levels.map(|level| level.memory()).sum();
    let metadata = clips::memory(resolved, sources);
    let drawn = |cache: Option<&LayerCache>, alternatives: &[EncodeOptions]| {
        let graph = demand::graph(resolved, &layout, sources, &embedded, cache, alternatives)?;
        let peak = schedule::peak(&graph).saturating_add(limits::HEADER_READ + indexes + metadata);
        limit::check_memory(resolved.picture.view.max_pix, sources, reply, peak)?;
        limit::check_work(reply, graph.work)?;
        Ok((graph, peak))
    };
    // A layer for the cache is collected in a raster, and another format needs an encoder. There may
    // be no memory for them.
    let alternatives = resolved.alternatives.as_slice();
    let mut drawn_as = drawn(cache, alternatives);
    if drawn_as.is_err() && cache.is_some() {
        drawn_as = drawn(None, alternatives);
    }
    if drawn_as.is_err() && !alternatives.is_empty() {
        drawn_as = drawn(None, &[]);
    }
    let (graph, peak) = drawn_as?;
    let mut planned = Vec::new();
    for (id, node) in graph.iter() {
        if let Step::Source(step) = &node.step {
            planned.push((id, step.weigh()?));
            // To compute a byte of the weights takes as long as to draw a pixel.
            slice.spend(step.weights_memory()).await;
        }
    }
    let conversions = convert::conversions(&graph);
    let mut unread = convert::unread(&conversions, embedded.profile.as_ref());
    unread.extend(&embedded.xmp);
    let mut reads = stored::reads(&planned, sources, &unread);
    reads.extend(convert::reads(&unread));
    let layers = graph.drawn_layers();
    let placed = layout.placed(&resolved.picture);
    Ok(Plan { sizes, placed, graph, sources: planned, layers, conversions, embedded, reads, peak })
}

impl Plan {
    fn without_pixels(sizes: Sizes) -> Self {
        Self {
            sizes,
            placed: Vec::new(),
            graph: Graph::default(),
            sources: Vec::new(),
            layers: Vec::new(),
            conversions: Vec::new(),
            embedded: Embedded::default(),
            reads: Vec::new(),
            peak: 0,
        }
    }

    /// The rectangle of the first image in the reply, with the margin that operations need around
    /// it. `None` where the reply shows no image.
    pub fn picture(&self) -> Option<Rect<ReplySpace>> {
        let (id, _) = self.sources.first()?;
        let (picture, reply) = (self.graph.get(*id)?.area, self.graph.last()?.area);
        let (x, y) = (picture.x - reply.x, picture.y - reply.y);
        Some(Rect::new(x, y, picture.width, picture.height))
    }

    /// The planned source of a source node; `None` for other nodes.
    pub fn source(&self, node: NodeId) -> Option<&PlannedSource> {
        self.sources.iter().find_map(|(id, source)| (*id == node).then_some(source))
    }
}

#[cfg(test)]
mod tests;
