//! The graph of a plan.

use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use super::{
    node::{CachedLayer, ContentHash, DrawnLayer, Flow, Node, NodeId, Step},
    work,
};
use crate::{
    error::{Error, Result},
    geometry::{Rect, ViewSpace},
    pixel::PixelFormat,
    store::LayerCache,
};

/// Nodes in topological order: the inputs of a node precede it, and the last node makes the reply.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    /// The work of all nodes, and of those for which the cache has layers, in pixels of a
    /// [`TimeSlice`](crate::time_slice::TimeSlice).
    pub work: u64,
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

    /// Sets the bytes that a node holds until the last pixel is drawn.
    pub fn hold(&mut self, node: NodeId, stored: u64) {
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

    /// Takes the layers that are in the cache from there. [`Graph::prune`] removes what only they
    /// read.
    pub fn take_cached(&mut self, cache: &LayerCache) {
        let keys = self.keys();
        for (node, key) in self.nodes.iter_mut().zip(keys).filter(|(node, _)| node.is_cached) {
            if let Some(raster) = cache.get(key.0) {
                let step = Step::Cached(CachedLayer { key, raster });
                *node = Node::new(step, Vec::new(), (node.area, node.pixel), node.flow, 0);
            }
        }
    }

    /// The layers that are taken from the cache.
    pub fn cached_layers(&self) -> impl Iterator<Item = &CachedLayer> {
        self.nodes.iter().filter_map(|node| {
            let Step::Cached(layer) = &node.step else { return None };
            Some(layer)
        })
    }

    /// The layers whose rasters are put in the cache.
    pub fn drawn_layers(&self) -> Vec<DrawnLayer> {
        if !self.nodes.iter().any(|node| node.is_cached) {
            return Vec::new();
        }
        let nodes = self.iter().zip(self.keys()).filter(|((_, node), _)| node.is_cached);
        let layer = |((id, node), key): ((NodeId, &Node), ContentHash)| DrawnLayer {
            node: id,
            key,
            area: node.area,
            pixel: node.pixel,
            work: work::of_layer(self, id),
        };
        nodes.map(layer).collect()
    }

    /// The bytes that all nodes hold until the last pixel is drawn.
    pub fn stored(&self) -> u64 {
        self.nodes.iter().map(|node| node.stored).fold(0, u64::saturating_add)
    }

    /// Removes the nodes that the last one does not read, itself or through other nodes.
    pub fn prune(&mut self) {
        let mut is_read = vec![false; self.nodes.len()];
        is_read.last_mut().into_iter().for_each(|last| *last = true);
        for (at, node) in self.nodes.iter().enumerate().rev() {
            if is_read.get(at) == Some(&true) {
                let inputs = node.inputs.iter();
                inputs.for_each(|input| {
                    is_read.get_mut(input.0).into_iter().for_each(|it| *it = true);
                });
            }
        }
        // The new position of each node that stays.
        let places = is_read.iter().scan(0, |next, &is_read| {
            let place = *next;
            *next += usize::from(is_read);
            Some(place)
        });
        let places: Vec<usize> = places.collect();
        let mut keep = is_read.into_iter();
        self.nodes.retain(|_| keep.next() == Some(true));
        for input in self.nodes.iter_mut().flat_map(|node| &mut node.inputs) {
            input.0 = input.of(&places).unwrap_or(input.0);
        }
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

    /// The id of that node.
    pub fn last_id(&self) -> Result<NodeId> {
        let last = self.nodes.len().checked_sub(1);
        last.map(NodeId).ok_or_else(|| Error::bug("a graph without nodes"))
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
