//! The nodes of a plan: their operation, their inputs, and the memory that they need.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::source::SourceStep;
use crate::{
    codec::EncodeOptions,
    geometry::{Rect, ViewSpace},
    ops::Op,
    pixel::PixelFormat,
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
    /// Places the image on the canvas of the reply.
    Place(Canvas),
    /// Encodes the canvas.
    Encode(EncodeOptions),
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeId(usize);

/// A hash of what a node's pixels depend on: its step and area, its inputs, and the key and the
/// version of each stored object that they are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 16]);

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
        self.nodes.push(Node { step, inputs, area, pixel, flow, working });
        NodeId(self.nodes.len() - 1)
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
    /// Whether this node comes after `other` in the graph.
    pub fn is_after(self, other: Self) -> bool {
        self.0 > other.0
    }
}

impl Node {
    /// Bytes of the raster that it outputs; 0 for a node that outputs rows or a file.
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
    /// Its name in the reply to `req=explain`.
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
