//! The data read so far: the input of the stages that discover which reads they need.

use std::collections::HashMap;

use super::{Block, ByteRange, Version};

/// The parts of objects that have been read, by key.
#[derive(Debug, Clone, Default)]
pub struct Fetched {
    objects: HashMap<String, Option<Object>>,
    /// Number of reads made so far, which the limits on reads and the tests count.
    pub reads: usize,
    /// Number of bytes read so far.
    pub bytes: u64,
}

/// One existing object: its version and the blocks of it that have been read.
#[derive(Debug, Clone)]
pub struct Object {
    /// The version of all blocks.
    pub version: Version,
    /// Length of the whole object in bytes.
    pub len: u64,
    /// When it was stored, in milliseconds since 1970.
    pub modified: Option<f64>,
    blocks: Vec<(u64, Vec<u8>)>,
}

impl Fetched {
    /// Whether the object at `key` has been looked up, found or not.
    pub fn is_looked_up(&self, key: &str) -> bool {
        self.objects.contains_key(key)
    }

    /// The object at `key`; `None` if it is missing or has not been looked up.
    pub fn object(&self, key: &str) -> Option<&Object> {
        self.objects.get(key)?.as_ref()
    }

    /// Records that there is no object at `key`.
    pub fn insert_missing(&mut self, key: &str) {
        self.objects.insert(key.to_owned(), None);
    }

    /// Inserts an object without any blocks, from the data of a cached index.
    pub fn insert_unread(&mut self, key: &str, version: Version, len: u64, modified: Option<f64>) {
        let object = Object { version, len, modified, blocks: Vec::new() };
        self.objects.insert(key.to_owned(), Some(object));
    }

    /// Inserts a whole object from a cache; it does not count as a read.
    pub fn insert_whole(&mut self, key: &str, version: Version, bytes: Vec<u8>) {
        let len = bytes.len() as u64;
        let object = Object { version, len, modified: None, blocks: vec![(0, bytes)] };
        self.objects.insert(key.to_owned(), Some(object));
    }

    /// Inserts the first bytes of an object from a cache; it does not count as a read.
    pub fn insert_start(&mut self, key: &str, version: Version, len: u64, bytes: Vec<u8>) {
        let object = Object { version, len, modified: None, blocks: vec![(0, bytes)] };
        self.objects.insert(key.to_owned(), Some(object));
    }

    /// Adds the objects of another buffer, in place of those with the same key.
    pub fn append(&mut self, other: Self) {
        self.objects.extend(other.objects);
        self.reads += other.reads;
        self.bytes += other.bytes;
    }

    /// A copy with the blocks of one object only; empty if none of its blocks have been read.
    pub fn only(&self, key: &str) -> Self {
        let read = |object: &&Object| !object.blocks.is_empty();
        let object = self.object(key).filter(read).cloned();
        let objects = object.map(|object| (key.to_owned(), Some(object))).into_iter().collect();
        Self { objects, reads: 0, bytes: 0 }
    }

    /// Inserts a block. Returns false if its version differs from that of the other blocks.
    pub fn insert(&mut self, key: &str, block: Block) -> bool {
        self.reads += 1;
        self.bytes += block.bytes.len() as u64;
        let Block { start, bytes, version, object_len, modified } = block;
        match self.objects.get_mut(key) {
            Some(Some(object)) if object.version != version => false,
            Some(Some(object)) => {
                object.blocks.push((start, bytes));
                true
            }
            Some(None) | None => {
                let blocks = vec![(start, bytes)];
                let object = Object { version, len: object_len, modified, blocks };
                self.objects.insert(key.to_owned(), Some(object));
                true
            }
        }
    }
}

impl Object {
    /// The bytes of `range`, if one block contains all of them.
    pub fn get(&self, range: ByteRange) -> Option<&[u8]> {
        self.blocks.iter().find_map(|(start, bytes)| {
            let from = usize::try_from(range.start.checked_sub(*start)?).ok()?;
            let to = from.checked_add(usize::try_from(range.len).ok()?)?;
            bytes.get(from..to)
        })
    }

    /// All bytes, if one block contains them; `None` for an empty object.
    pub fn whole(&self) -> Option<&[u8]> {
        self.get(ByteRange::new(0, self.len)).filter(|bytes| !bytes.is_empty())
    }

    /// Bytes that are in memory.
    pub fn memory(&self) -> u64 {
        self.blocks.iter().map(|(_, bytes)| bytes.len() as u64).sum()
    }

    /// The bytes from `start` to the end of the block that reaches furthest; `None` if no block
    /// contains `start`.
    pub fn from(&self, start: u64) -> Option<&[u8]> {
        let tail = |(at, bytes): &'_ (u64, Vec<u8>)| -> Option<usize> {
            let from = usize::try_from(start.checked_sub(*at)?).ok()?;
            (from < bytes.len()).then(|| bytes.len() - from)
        };
        let block = self.blocks.iter().max_by_key(|block| tail(block).unwrap_or(0))?;
        let len = tail(block)?;
        block.1.get(block.1.len() - len..)
    }
}
