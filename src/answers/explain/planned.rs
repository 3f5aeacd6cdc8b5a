//! Describes a plan: its pixels, tiles, bytes, reads and memory.

use serde::Serialize;

use crate::{
    error::Result,
    geometry::Rect,
    limits,
    pixel::ColorModel,
    plan::{ContentHash, Flow, Node, PlacedLayer, Plan, PlannedSource, Sizes},
    sources::{OpenSource, Sources},
    store::{ByteRange, Read},
};

/// A plan, ready to be serialized.
#[derive(Debug, Serialize)]
pub struct Planned {
    /// The image that layer 0 shows, or else the first of the other images, as it is stored; `None`
    /// for a picture without any image.
    source: Option<Pixels>,
    /// Levels of its pyramid.
    levels: usize,
    /// Layer 0 after its transforms.
    composite: Pixels,
    /// The composite, scaled and fitted.
    view: Pixels,
    /// The part of the view that is sent.
    reply: Pixels,
    /// The rendered part of the first image that is visible; `None` if none is.
    #[serde(skip)]
    pub(super) draw: Option<Drawn>,
    /// Where the layers lie, from the bottom to the top.
    #[serde(skip)]
    pub(super) layers: Vec<Placed>,
    /// The nodes that make the reply, in order.
    #[serde(skip)]
    pub(super) nodes: Vec<Made>,
    memory: Memory,
}

#[derive(Debug, Serialize)]
struct Pixels {
    width: u32,
    height: u32,
}

#[derive(Debug, Serialize)]
struct Area<T, L = u32> {
    x: T,
    y: T,
    width: L,
    height: L,
}

/// Where a layer lies.
#[derive(Debug, Serialize)]
pub struct Placed {
    layer: u32,
    /// Its rectangle, in pixels of the composite.
    rect: Area<i64>,
    /// The same in pixels of the reply.
    area: Area<f64, f64>,
}

/// A node of the plan.
#[derive(Debug, Serialize)]
pub struct Made {
    step: &'static str,
    /// The places of the nodes that it reads, in this list.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<usize>,
    area: Area<i64>,
    /// Its colour model.
    model: &'static str,
    alpha: bool,
    flow: &'static str,
    /// Bytes of its working memory and of the raster that it outputs.
    bytes: u64,
    /// A hash of what its pixels depend on.
    key: String,
}

/// The part of a level that is rendered.
#[derive(Debug, Serialize)]
pub struct Drawn {
    /// Its number; 0 is the largest.
    level: usize,
    width: u32,
    height: u32,
    /// Pixels of that level that are used.
    region: Area<u32>,
    tiles: Tiles,
    /// Bytes of those tiles that were already read with the pyramid's head.
    fetched: u64,
    /// The remaining reads, with neighbouring ranges merged.
    reads: Vec<Bytes>,
    /// Total bytes of these reads.
    bytes: u64,
}

#[derive(Debug, Serialize)]
struct Tiles {
    count: usize,
    width: u32,
    height: u32,
    /// Total bytes of these tiles in the file.
    bytes: u64,
    /// Runs of tile numbers, as first and last.
    numbers: Vec<[usize; 2]>,
}

#[derive(Debug, Serialize)]
struct Bytes {
    start: u64,
    length: u64,
}

/// Peak memory and the limit, in bytes. Both include the server's own overhead.
#[derive(Debug, Serialize)]
struct Memory {
    peak: u64,
    limit: u64,
}

impl Planned {
    /// Describes a plan and the images that it was made for.
    pub fn new(plan: &Plan, sources: &mut Sources) -> Result<Self> {
        let image = sources.main.as_mut().or(sources.layers.first_mut());
        let index = image.map(OpenSource::index).transpose()?;
        let object = |key: &str| {
            let mut opened = sources.main.iter().chain(&sources.layers);
            opened.find(|source| source.key == key)?.fetched.object(key)
        };
        let drawn = plan.sources.first().map(|(_, source)| {
            let object = object(source.key());
            drawn(plan, source, |range| object.is_some_and(|object| object.get(range).is_some()))
        });
        let Sizes { composite, view, reply } = plan.sizes;
        let size = index.as_ref().map(|index| index.size());
        Ok(Self {
            source: size.map(|size| Pixels { width: size.width, height: size.height }),
            levels: index.map_or(0, |index| index.levels.len()),
            composite: Pixels { width: composite.width, height: composite.height },
            view: Pixels { width: view.width, height: view.height },
            reply: Pixels { width: reply.width, height: reply.height },
            draw: drawn.transpose()?,
            layers: plan.placed.iter().map(placed).collect(),
            nodes: plan
                .graph
                .iter()
                .zip(plan.graph.keys())
                .map(|((_, node), key)| made(node, key))
                .collect(),
            memory: Memory { peak: plan.peak + limits::MEMORY_OVERHEAD, limit: limits::MEMORY },
        })
    }
}

fn drawn(
    plan: &Plan,
    source: &PlannedSource,
    is_fetched: impl Fn(ByteRange) -> bool,
) -> Result<Drawn> {
    let level = source.step.level()?;
    let (columns, rows) = (source.across.source(level.width), source.down.source(level.height));
    let bytes = |ranges: &mut dyn Iterator<Item = ByteRange>| ranges.map(|range| range.len).sum();
    let own = |read: &&Read| read.key == source.key();
    let reads = || plan.reads.iter().filter(own).map(|read| read.range);
    Ok(Drawn {
        level: source.step.level,
        width: level.width,
        height: level.height,
        region: Area {
            x: columns.start,
            y: rows.start,
            width: columns.end - columns.start,
            height: rows.end - rows.start,
        },
        tiles: Tiles {
            count: source.tiles.len(),
            width: level.tile_width,
            height: level.tile_height,
            bytes: bytes(&mut source.ranges()),
            numbers: runs(&source.tiles),
        },
        fetched: bytes(&mut source.ranges().filter(|range| is_fetched(*range))),
        reads: reads().map(|range| Bytes { start: range.start, length: range.len }).collect(),
        bytes: bytes(&mut reads()),
    })
}

fn placed(layer: &PlacedLayer) -> Placed {
    let Rect { x, y, width, height, .. } = layer.rect;
    let [from, to] = layer.corners;
    // Hundredths of a pixel are enough to point at a layer.
    let round = |len: f64| (len * 100.0).round() / 100.0;
    Placed {
        layer: layer.number,
        rect: Area { x, y, width, height },
        area: Area {
            x: round(from[0]),
            y: round(from[1]),
            width: round(to[0] - from[0]),
            height: round(to[1] - from[1]),
        },
    }
}

fn made(node: &Node, key: ContentHash) -> Made {
    let Rect { x, y, width, height, .. } = node.area;
    let hex = |key: ContentHash| key.0.iter().map(|byte| format!("{byte:02x}")).collect();
    Made {
        step: node.step.name(),
        inputs: node.inputs.iter().map(|input| input.index()).collect(),
        area: Area { x, y, width, height },
        model: match node.pixel.model {
            ColorModel::Gray => "gray",
            ColorModel::Rgb => "rgb",
            ColorModel::Cmyk => "cmyk",
        },
        alpha: node.pixel.alpha,
        flow: match node.flow {
            Flow::Rows => "rows",
            Flow::Raster => "raster",
            Flow::File => "file",
        },
        bytes: node.working + node.stored + node.raster(),
        key: hex(key),
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
    fn runs_are_listed_by_their_ends() {
        assert_eq!(runs(&[3, 4, 5, 9, 11, 12]), [[3, 5], [9, 9], [11, 12]]);
        assert!(runs(&[]).is_empty());
    }
}
