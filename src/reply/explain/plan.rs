//! What a picture takes: which pixels, tiles, bytes, reads, and how much memory.

use serde::Serialize;

use crate::{
    error::Result,
    limits,
    plan::{self, Draw, Plan},
    pyramid::{Index, Level},
    store::ByteRange,
};

/// A plan in words and numbers.
#[derive(Debug, Serialize)]
pub struct Planned {
    /// The source image as it is stored.
    source: Pixels,
    /// Levels of its pyramid.
    levels: usize,
    /// Layer 0 after its transforms.
    composite: Pixels,
    /// The composite as it is looked at.
    view: Pixels,
    /// What of the view is sent.
    reply: Pixels,
    /// What is drawn of the source; nothing where only background is seen.
    #[serde(skip)]
    pub(super) draw: Option<Drawn>,
    memory: Memory,
}

#[derive(Debug, Serialize)]
struct Pixels {
    width: u32,
    height: u32,
}

#[derive(Debug, Serialize)]
struct Area {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

/// The part of a level that is drawn.
#[derive(Debug, Serialize)]
pub struct Drawn {
    /// Its number, 0 the largest.
    level: usize,
    width: u32,
    height: u32,
    /// Pixels of that level that are used.
    region: Area,
    tiles: Tiles,
    /// Bytes of those tiles that came with the pyramid's head already.
    held: u64,
    /// What is read still, neighbours as one read.
    reads: Vec<Bytes>,
    /// Bytes of all reads.
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct Tiles {
    count: usize,
    width: u32,
    height: u32,
    /// Their bytes.
    bytes: u64,
    /// First and last of each run of numbers.
    numbers: Vec<[usize; 2]>,
}

#[derive(Debug, Serialize)]
struct Bytes {
    start: u64,
    length: u64,
}

/// Bytes at the peak, and how many there may be; the server's own share is in both.
#[derive(Debug, Serialize)]
struct Memory {
    peak: u64,
    limit: u64,
}

impl Planned {
    /// Puts a plan into words; `held` tells which byte ranges are in memory already.
    pub fn new(plan: &Plan, index: &Index, held: impl Fn(ByteRange) -> bool) -> Result<Self> {
        let draw = plan.draw.as_ref();
        let draw = draw.map(|draw| Ok(drawn(plan, draw, plan::level(index, draw.level)?, held)));
        let size = index.size();
        Ok(Self {
            source: Pixels { width: size.width, height: size.height },
            levels: index.levels.len(),
            composite: Pixels { width: plan.composite.width, height: plan.composite.height },
            view: Pixels { width: plan.view.width, height: plan.view.height },
            reply: Pixels { width: plan.reply.width, height: plan.reply.height },
            draw: draw.transpose()?,
            memory: Memory { peak: plan.memory + limits::MEMORY_OVERHEAD, limit: limits::MEMORY },
        })
    }
}

fn drawn(plan: &Plan, draw: &Draw, level: &Level, held: impl Fn(ByteRange) -> bool) -> Drawn {
    let (columns, rows) = (draw.across.source(level.width), draw.down.source(level.height));
    let bytes = |ranges: &mut dyn Iterator<Item = ByteRange>| ranges.map(|range| range.len).sum();
    Drawn {
        level: draw.level,
        width: level.width,
        height: level.height,
        region: Area {
            x: columns.start,
            y: rows.start,
            width: columns.end - columns.start,
            height: rows.end - rows.start,
        },
        tiles: Tiles {
            count: draw.tiles.len(),
            width: level.tile_width,
            height: level.tile_height,
            bytes: bytes(&mut plan::wanted(level, &draw.tiles)),
            numbers: runs(&draw.tiles),
        },
        held: bytes(&mut plan::wanted(level, &draw.tiles).filter(|range| held(*range))),
        reads: plan
            .reads
            .iter()
            .map(|read| Bytes { start: read.start, length: read.len })
            .collect(),
        bytes: bytes(&mut plan.reads.iter().copied()),
    }
}

fn runs(numbers: &[usize]) -> Vec<[usize; 2]> {
    let mut runs: Vec<[usize; 2]> = Vec::new();
    for &number in numbers {
        match runs.last_mut() {
            Some([_, last]) if *last + 1 == number => *last = number,
            _ => runs.push([number, number]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn runs_are_told_by_their_ends() {
        assert_eq!(runs(&[3, 4, 5, 9, 11, 12]), [[3, 5], [9, 9], [11, 12]]);
        assert!(runs(&[]).is_empty());
    }
}
