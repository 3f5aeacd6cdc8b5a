//! The nodes of a plan: what each makes, of what, and what it takes.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::source::SourceStep;
use crate::{
    codec::EncodeOptions,
    geometry::{Rect, ViewSpace},
    ops::Op,
    pixel::PixelFormat,
};

/// One step of the way from stored tiles to the encoded reply.
#[derive(Debug)]
pub struct Node {
    /// What it does.
    pub step: Step,
    /// The nodes whose pixels it takes. They stand before it.
    pub inputs: Vec<NodeId>,
    /// The pixels of the view that it makes.
    pub area: Rect<ViewSpace>,
    /// What these pixels are.
    pub pixel: PixelFormat,
    /// How it hands them on.
    pub flow: Flow,
    /// Bytes that it holds while it runs, besides the raster that it leaves.
    pub working: u64,
    /// Changes with everything that its pixels depend on.
    pub key: ContentHash,
}

/// What a node does.
#[derive(Debug, Hash)]
pub enum Step {
    /// Decodes tiles of a level and resamples them.
    Source(SourceStep),
    /// Converts CMYK to RGB.
    Convert,
    /// Applies operations in order, on `f32` rows that are rounded once.
    Ops(Vec<Op>),
    /// Puts the picture on the canvas of the reply.
    Place(Canvas),
    /// Encodes the canvas.
    Encode(EncodeOptions),
}

/// What is on the canvas around and behind the picture.
#[derive(Debug, Clone, Copy, Hash)]
pub enum Canvas {
    /// A colour.
    Background([u8; 3]),
    /// Nothing: the canvas takes the alpha of the picture, in grey.
    Alpha,
}

/// How a node hands on its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Row by row, in step with the node that takes them. Nothing is left behind.
    Rows,
    /// As a raster, when all of it is made.
    Raster,
    /// As the bytes of a file.
    File,
}

/// The place of a node in its [`Graph`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(usize);

/// A hash of what a node's pixels depend on: its step and area, its inputs, and the key and the
/// version of each stored object that they are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 16]);

/// Nodes in topological order: the inputs of a node stand before it, and the last node makes the
/// reply.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
}

impl Graph {
    /// Adds a node that makes `area` of these inputs.
    pub fn push(
        &mut self,
        step: Step,
        inputs: Vec<NodeId>,
        (area, pixel): (Rect<ViewSpace>, PixelFormat),
        flow: Flow,
        working: u64,
    ) -> NodeId {
        let mut content = ContentHasher::default();
        step.hash(&mut content);
        [area.x, area.y, area.width.into(), area.height.into()].hash(&mut content);
        pixel.hash(&mut content);
        inputs.iter().filter_map(|&id| self.get(id)).for_each(|node| node.key.hash(&mut content));
        let key = content.key();
        self.nodes.push(Node { step, inputs, area, pixel, flow, working, key });
        NodeId(self.nodes.len() - 1)
    }

    /// A node by its place.
    pub fn get(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// All nodes, each with its place.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> {
        self.nodes.iter().enumerate().map(|(at, node)| (NodeId(at), node))
    }

    /// The node that makes the reply; `None` in a graph of a reply without pixels.
    pub fn last(&self) -> Option<&Node> {
        self.nodes.last()
    }

    /// The nodes whose rows flow into this one, the nearest first: as far as they hand on rows.
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
    /// Whether it stands after another.
    pub fn is_after(self, other: Self) -> bool {
        self.0 > other.0
    }
}

impl Node {
    /// Bytes of the raster that it leaves for the nodes that take it.
    pub fn raster(&self) -> u64 {
        match self.flow {
            Flow::Raster => {
                u64::from(self.area.width)
                    * u64::from(self.area.height)
                    * self.pixel.samples() as u64
            }
            Flow::Rows | Flow::File => 0,
        }
    }
}

impl Step {
    /// Its name in an explanation.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Convert => "convert",
            Self::Ops(_) => "ops",
            Self::Place(_) => "place",
            Self::Encode(_) => "encode",
        }
    }
}

/// Feeds what implements [`Hash`] to SHA-256, so that nobody can make two contents of one key.
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

    /// The same on machines of 32 bits and of 64.
    #[inline(never)]
    fn write_usize(&mut self, number: usize) {
        self.write(&(number as u64).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.0.clone().finalize().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
    }
}
