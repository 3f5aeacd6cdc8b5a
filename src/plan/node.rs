//! The nodes of a plan: their operation, their inputs, and the memory that they need.

use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

use sha2::{Digest, Sha256};

use super::{coverage::Shape, source::SourceStep, warp::WarpStep};
use crate::{
    codec::EncodeOptions,
    color::Color,
    commands::{BlendMode, MaskUse},
    geometry::{Rect, ViewSpace},
    ops::Op,
    pixel::{PixelFormat, Raster},
    store::LayerCache,
};

/// One operation between the stored tiles and the encoded reply.
#[derive(Debug)]
pub struct Node {
    /// The operation.
    pub step: Step,
    /// The nodes whose pixels it reads. They precede it in the graph.
    pub inputs: Vec<NodeId>,
    /// The pixels of the view that it makes.
    pub area: Rect<ViewSpace>,
    /// The format of these pixels.
    pub pixel: PixelFormat,
    /// How it passes them to the next node.
    pub flow: Flow,
    /// Bytes of memory that it holds while it runs, without the raster that it outputs.
    pub working: u64,
    /// Whether its raster is put in the cache of layers.
    pub is_cached: bool,
    /// Bytes of stored objects that it reads. All of them are in memory until the last pixel is
    /// drawn.
    pub stored: u64,
}

/// The operation of a node.
#[derive(Debug, Hash)]
pub enum Step {
    /// Decodes tiles of a level and resamples them.
    Source(SourceStep),
    /// Converts CMYK, or grey, to RGB.
    Convert,
    /// Applies operations in order on `f32` rows, and rounds once at the end.
    Ops(Vec<Op>),
    /// Makes pixels of one colour.
    Fill(Color),
    /// Collects rows in a raster.
    Collect,
    /// A raster from the cache of layers, in place of the nodes that would draw it.
    Cached(CachedLayer),
    /// Transforms a raster to the view.
    Warp(WarpStep),
    /// Draws the coverage of paths as grey pixels.
    Coverage(Shape),
    /// Makes the silhouette of a layer from its raster, as grey rows.
    Silhouette(SilhouetteStep),
    /// Gives grey rows a colour: their values become its alpha.
    Tint(Color),
    /// Combines the alpha of its first input with its second input, a raster.
    Mask(MaskStep),
    /// Blends its second input onto its first, a raster that it takes over.
    Blend(BlendStep),
    /// Places the image on the canvas of the reply.
    Place(Canvas),
    /// Encodes the canvas.
    Encode(EncodeOptions),
}

/// A raster that an earlier request has drawn.
#[derive(Debug)]
pub struct CachedLayer {
    /// The key of the node that drew it.
    pub key: ContentHash,
    /// The raster.
    pub raster: Rc<Raster>,
}

/// How a layer's mask is combined with its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MaskStep {
    /// How the mask is used.
    pub mask_use: MaskUse,
    /// Whether the mask replaces the pixels' own alpha, or is multiplied with it.
    pub replaces: bool,
    /// Whether only its alpha counts; otherwise a mask without alpha counts by its luma.
    pub alpha_only: bool,
}

/// How the silhouette of an effect is made from its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SilhouetteStep {
    /// Which part of the layer it is.
    pub mask_use: MaskUse,
    /// Whether it is inverted, for an effect within the layer (E5).
    pub inverted: bool,
    /// How far it is shifted, in pixels of the view.
    pub shift: [i64; 2],
}

/// How pixels are blended onto a canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlendStep {
    /// The blend mode.
    pub mode: BlendMode,
    /// The opacity in ten-thousandths.
    pub opacity: u32,
    /// The number of the layer, from which `blendMode=dissolve` makes its pattern.
    pub seed: u32,
}

/// What the canvas shows around the image and behind its transparent pixels.
#[derive(Debug, Clone, Copy, Hash)]
pub enum Canvas {
    /// A colour: red, green and blue.
    Background([u8; 3]),
    /// Nothing: the canvas is a grey image of the picture's alpha.
    Alpha,
}

/// How a node passes its pixels to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Row by row, as the next node consumes them. It outputs no raster.
    Rows,
    /// As a raster, once all of it is complete.
    Raster,
    /// As the bytes of a file.
    File,
}

/// The position of a node in its [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(usize);

/// A hash of what a node's pixels depend on: its step and area, its inputs, and the key and the
/// version of each stored object that they are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 16]);

impl Hash for CachedLayer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

/// Nodes in topological order: the inputs of a node precede it, and the last node makes the reply.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// Appends a node that makes `area` from these inputs, and returns its id.
    pub fn push(
        &mut self,
        step: Step,
        inputs: Vec<NodeId>,
        (area, pixel): (Rect<ViewSpace>, PixelFormat),
        flow: Flow,
        working: u64,
    ) -> NodeId {
        self.nodes.push(Node::new(step, inputs, (area, pixel), flow, working));
        NodeId(self.nodes.len() - 1)
    }

    /// Sets the bytes of stored objects that a node reads.
    pub fn reads(&mut self, node: NodeId, stored: u64) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.stored = stored;
        }
    }

    /// Sets that the raster of a node is put in the cache of layers.
    pub fn cache(&mut self, node: NodeId) {
        if let Some(node) = self.nodes.get_mut(node.0) {
            node.is_cached = true;
        }
    }

    /// The same graph with the layers that are in the cache, without the nodes that only they read.
    pub fn with_cached(mut self, cache: &LayerCache) -> Self {
        let keys = self.keys();
        let mut is_read = vec![false; self.nodes.len()];
        if let Some(last) = is_read.last_mut() {
            *last = true;
        }
        for (at, (node, key)) in self.nodes.iter_mut().zip(keys).enumerate().rev() {
            if !is_read.get(at).is_some_and(|is_read| *is_read) {
                continue;
            }
            if let Some(raster) = cache.get(key.0).filter(|_| node.is_cached) {
                let step = Step::Cached(CachedLayer { key, raster });
                let Node { area, pixel, flow, .. } = *node;
                *node = Node::new(step, Vec::new(), (area, pixel), flow, 0);
            }
            for input in &node.inputs {
                if let Some(is_read) = is_read.get_mut(input.0) {
                    *is_read = true;
                }
            }
        }
        self.retain(&is_read);
        self
    }

    /// Removes the nodes that are not read.
    fn retain(&mut self, is_read: &[bool]) {
        let ids = is_read.iter().scan(0, |next, is_read| {
            let id = NodeId(*next);
            *next += usize::from(*is_read);
            Some(id)
        });
        let ids: Vec<NodeId> = ids.collect();
        let mut is_read = is_read.iter();
        self.nodes.retain(|_| is_read.next().is_some_and(|is_read| *is_read));
        for input in self.nodes.iter_mut().flat_map(|node| &mut node.inputs) {
            *input = input.of(&ids).unwrap_or(*input);
        }
    }

    /// The layers that are taken from the cache.
    pub fn cached_layers(&self) -> impl Iterator<Item = &CachedLayer> {
        self.nodes.iter().filter_map(|node| match &node.step {
            Step::Cached(layer) => Some(layer),
            _ => None,
        })
    }

    /// The nodes whose rasters are put in the cache of layers, and their keys.
    pub fn drawn_layers(&self) -> Vec<(NodeId, ContentHash)> {
        if !self.nodes.iter().any(|node| node.is_cached) {
            return Vec::new();
        }
        let nodes = self.iter().zip(self.keys());
        nodes.filter(|((_, node), _)| node.is_cached).map(|((id, _), key)| (id, key)).collect()
    }

    /// The bytes of stored objects that all nodes read.
    pub fn stored(&self) -> u64 {
        self.nodes.iter().map(|node| node.stored).fold(0, u64::saturating_add)
    }

    /// The node with this id.
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// All nodes with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(at, node)| (NodeId(at), node))
    }

    /// The node that makes the reply; `None` in a graph of a reply without pixels.
    pub fn last(&self) -> Option<&Node> {
        self.nodes.last()
    }

    /// The content hash of each node, in order.
    pub fn keys(&self) -> Vec<ContentHash> {
        let mut keys: Vec<ContentHash> = Vec::with_capacity(self.nodes.len());
        for Node { step, inputs, area, pixel, .. } in &self.nodes {
            if let Step::Cached(layer) = step {
                keys.push(layer.key);
                continue;
            }
            let mut content = ContentHasher::default();
            step.hash(&mut content);
            [area.x, area.y, area.width.into(), area.height.into()].hash(&mut content);
            pixel.hash(&mut content);
            inputs
                .iter()
                .filter_map(|input| keys.get(input.0))
                .for_each(|key| key.hash(&mut content));
            keys.push(content.key());
        }
        keys
    }

    /// The node and those whose rows stream into it, the nearest first. The last one makes the rows:
    /// it is an image, a colour or a raster, or reads one itself.
    pub fn rows_from(&self, id: NodeId) -> Vec<NodeId> {
        let mut chain = vec![id];
        let mut next = self.get(id).filter(|node| node.flow == Flow::Rows);
        while let Some(node) = next {
            let Some(&input) = node.inputs.first().filter(|_| !node.step.samples_raster()) else {
                break;
            };
            chain.push(input);
            next = self.get(input).filter(|node| node.flow == Flow::Rows);
        }
        chain
    }

    /// For each node the last node that reads its raster, itself or by rows that stream into it;
    /// the node itself where none does.
    pub fn last_readers(&self) -> Vec<NodeId> {
        let mut last: Vec<NodeId> = self.iter().map(|(id, _)| id).collect();
        for (id, node) in self.iter().filter(|(_, node)| node.flow != Flow::Rows) {
            let flowing = self.row_inputs(node).into_iter().filter_map(|id| self.get(id));
            for input in flowing.chain([node]).flat_map(|node| &node.inputs) {
                if let Some(last) = last.get_mut(input.0) {
                    *last = id;
                }
            }
        }
        last
    }

    /// The nodes whose rows stream into this one, directly or through other row nodes, the nearest
    /// first.
    pub fn row_inputs(&self, of: &Node) -> Vec<NodeId> {
        let mut found = Vec::new();
        let mut open = of.inputs.clone();
        while let Some(id) = open.pop() {
            if let Some(node) = self.get(id).filter(|node| node.flow == Flow::Rows) {
                found.push(id);
                open.extend(&node.inputs);
            }
        }
        found
    }
}

impl NodeId {
    /// The entry of this node in a list with one entry for each node of the graph.
    pub fn of<T: Copy>(self, all: &[T]) -> Option<T> {
        all.get(self.0).copied()
    }
}

impl Node {
    fn new(
        step: Step,
        inputs: Vec<NodeId>,
        (area, pixel): (Rect<ViewSpace>, PixelFormat),
        flow: Flow,
        working: u64,
    ) -> Self {
        Self { step, inputs, area, pixel, flow, working, is_cached: false, stored: 0 }
    }

    /// Bytes of the raster that it outputs; 0 for a node that outputs rows or a file, or that takes
    /// its raster from the cache.
    pub fn raster(&self) -> u64 {
        match self.flow {
            Flow::Raster if !matches!(self.step, Step::Cached(_)) => {
                u64::from(self.area.width)
                    * u64::from(self.area.height)
                    * self.pixel.samples() as u64
            }
            Flow::Raster | Flow::Rows | Flow::File => 0,
        }
    }
}

impl Step {
    /// Whether it makes rows from any part of its input, which is a raster.
    fn samples_raster(&self) -> bool {
        matches!(self, Self::Warp(_) | Self::Silhouette(_))
    }

    /// Its name in the reply to `req=explain`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Convert => "convert",
            Self::Ops(_) => "ops",
            Self::Fill(_) => "fill",
            Self::Collect => "collect",
            Self::Cached(_) => "cached",
            Self::Warp(_) => "warp",
            Self::Coverage(_) => "coverage",
            Self::Silhouette(_) => "silhouette",
            Self::Tint(_) => "tint",
            Self::Mask(_) => "mask",
            Self::Blend(_) => "blend",
            Self::Place(_) => "place",
            Self::Encode(_) => "encode",
        }
    }
}

/// Feeds values that implement [`Hash`] to SHA-256, so that nobody can construct a collision.
#[derive(Default)]
struct ContentHasher(Sha256);

impl ContentHasher {
    fn key(self) -> ContentHash {
        let digest = self.0.finalize();
        ContentHash(digest.first_chunk().copied().unwrap_or_default())
    }
}

impl Hasher for ContentHasher {
    #[inline(never)]
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Writes 8 bytes, so that hashes are the same on 32-bit and 64-bit machines.
    #[inline(never)]
    fn write_usize(&mut self, number: usize) {
        self.write(&(number as u64).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.0.clone().finalize().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }
}
