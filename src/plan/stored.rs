//! The stored objects that a graph reads: the memory of their bytes, and the reads that fetch
//! them.

use std::{ops::Range, rc::Rc};

use super::{
    convert::{Conversion, StoredBytes},
    graph::Graph,
    node::{NodeId, Step},
    source::{Opened, PlannedSource, SourceStep},
};
use crate::{
    error::Result,
    limits,
    store::{Object, Read, coalesce},
};

/// The columns and rows of a level that have been counted, and their bytes.
struct Counted<'a> {
    key: &'a str,
    level: usize,
    region: [Range<u32>; 2],
    bytes: u64,
}

/// The bytes of some tiles.
struct Tiles {
    count: u64,
    /// Those that are not in memory.
    unread: u64,
    bytes: u64,
}

/// The memory that each node of a graph, in order, needs as long as pixels are drawn: of the bytes
/// of stored objects, of weights and of transforms. Those that several nodes read count once.
pub fn memory(graph: &Graph, sources: &[Opened]) -> Result<Vec<(NodeId, u64)>> {
    let (mut counted, mut objects, mut drawings) = (Vec::new(), Vec::new(), Vec::new());
    let mut conversions: Vec<&Conversion> = Vec::new();
    let mut all = Vec::new();
    for (id, node) in graph.iter() {
        let known = conversions.len();
        for conversion in node.step.conversions() {
            if !conversions.contains(&conversion) {
                conversions.push(conversion);
            }
        }
        let held = conversions.iter().skip(known).map(|conversion| conversion.held());
        let held = held.fold(0, u64::saturating_add);
        if held > 0 {
            all.push((id, held));
        }
        if let Step::Svg(step) = &node.step
            && !drawings.iter().any(|drawn| Rc::ptr_eq(drawn, &step.drawing))
        {
            // The text of each drawing is counted, although those of one file share it.
            let text = sources.iter().filter(|source| {
                source.drawings.iter().any(|(_, drawn)| Rc::ptr_eq(drawn, &step.drawing))
            });
            let text: u64 = text.filter_map(|source| source.object).map(Object::memory).sum();
            all.push((id, step.drawing.memory().saturating_add(text)));
            drawings.push(Rc::clone(&step.drawing));
        }
        let Step::Source(step) = &node.step else { continue };
        let object = sources.iter().find(|source| source.key == step.key);
        let object = object.and_then(|source| source.object);
        let mut held = step.weights_memory();
        if !objects.contains(&step.key.as_str()) {
            objects.push(&step.key);
            held = held.saturating_add(object.map_or(0, Object::memory));
        }
        let region = step.region(step.level()?);
        let tiles = of(step, object, &region)?;
        // Tile numbers take 8 bytes each. Their ranges, and the merged ranges, take 16 bytes each.
        let lists = tiles.count * 8 + tiles.unread * 2 * 16;
        let unread = add(&mut counted, step, object, (region, tiles))?;
        all.push((id, held.saturating_add(lists).saturating_add(unread)));
    }
    Ok(all)
}

/// Adds the tiles of a step to those that have been counted, and returns the bytes by which they
/// grow. They are never more than those of the smallest region around all.
fn add<'a>(
    counted: &mut Vec<Counted<'a>>,
    step: &'a SourceStep,
    object: Option<&Object>,
    (region, tiles): ([Range<u32>; 2], Tiles),
) -> Result<u64> {
    // Coalescing adds at most an eighth.
    let besides = |tiles: &Tiles| match tiles.unread {
        0 | 1 => tiles.bytes,
        _ => tiles.bytes.saturating_add(tiles.bytes / limits::COALESCE_SHARE),
    };
    let same = |counted: &&mut Counted| counted.key == step.key && counted.level == step.level;
    let Some(before) = counted.iter_mut().find(same) else {
        let bytes = besides(&tiles);
        counted.push(Counted { key: &step.key, level: step.level, region, bytes });
        return Ok(bytes);
    };
    let around = [0, 1].map(|axis: usize| {
        let (one, other) = (&before.region[axis], &region[axis]);
        one.start.min(other.start)..one.end.max(other.end)
    });
    let most = besides(&of(step, object, &around)?).saturating_sub(before.bytes);
    let more = most.min(besides(&tiles));
    (before.region, before.bytes) = (around, before.bytes.saturating_add(more));
    Ok(more)
}

/// The tiles of a region of the level that a step reads.
fn of(step: &SourceStep, object: Option<&Object>, region: &[Range<u32>; 2]) -> Result<Tiles> {
    let level = step.level()?;
    let is_here = |range| object.is_some_and(|object| object.get(range).is_some());
    let mut tiles = Tiles { count: 0, unread: 0, bytes: 0 };
    let [columns, rows] = region.clone();
    for number in level.tiles_in(columns, rows) {
        tiles.count += 1;
        let span = level.tile(number).filter(|span| span.len > 0);
        if let Some(span) = span.filter(|span| !is_here((*span).into())) {
            tiles.unread += 1;
            tiles.bytes = tiles.bytes.saturating_add(span.len);
        }
    }
    Ok(tiles)
}

/// Reads of the tiles and of embedded profiles that are not in memory, for all images together.
/// Neighbouring ranges of an object are merged.
pub fn reads(
    planned: &[(NodeId, PlannedSource)],
    sources: &[Opened],
    profiles: &[&StoredBytes],
) -> Vec<Read> {
    let mut reads = Vec::new();
    for source in sources {
        let held = |range| source.object.is_some_and(|object| object.get(range).is_some());
        let drawn = planned.iter().filter(|(_, drawn)| drawn.key() == source.key);
        let profiles = profiles.iter().filter(|bytes| bytes.is_embedded && bytes.key == source.key);
        let ranges = drawn.flat_map(|(_, drawn)| drawn.ranges());
        let ranges = ranges.chain(profiles.map(|bytes| bytes.range()));
        let unread = ranges.filter(|&range| !held(range));
        let merged = coalesce(unread.collect(), limits::COALESCE_MAX).into_iter();
        let (key, version) = (source.key, &source.index.version);
        reads.extend(merged.map(|range| Read {
            key: key.to_owned(),
            range,
            version: Some(version.clone()),
        }));
    }
    reads
}
