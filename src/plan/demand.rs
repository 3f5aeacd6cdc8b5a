//! Builds the graph of a reply backwards from the view: each node makes only the pixels that the
//! nodes after it read.

use super::{
    embedded::Embedded,
    graph::Graph,
    layout::Layout,
    node::{Canvas, Flow, Step},
    source::Opened,
    space::{Managed, Space, of_reply},
    steps::Builder,
    stored,
    view::Frame,
    work,
};
use crate::{
    codec::EncodeOptions,
    commands::Reply,
    error::Result,
    geometry::{self, Rect, Size, ViewSpace},
    pixel::PixelFormat,
    resample::Kernel,
    resolved::Resolved,
    store::LayerCache,
};

/// The pixels that a node has to make, and what they depend on besides the picture.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// How the composite lies in the view.
    pub frame: &'a Frame,
    /// The kernel of `resMode=`.
    pub kernel: Kernel,
    /// The pixels of the view that are wanted.
    pub area: Rect<ViewSpace>,
    /// How many pixels around them are read, too.
    pub reach: u32,
}

impl Demand<'_> {
    /// Demands these pixels, and none around them.
    pub fn of(self, area: Rect<ViewSpace>) -> Self {
        Self { area, reach: 0, ..self }
    }
}

/// Builds the graph of a reply. The memory of each node is computed from sizes alone: no weights
/// are computed, and no list is allocated whose length a source file claims.
/// `embedded` is written into the reply. With a cache of layers, the layers of a
/// picture with more than one are taken from it, and others are collected for it. The reply is also
/// encoded as each of `alternatives` that suits its size.
pub fn graph(
    resolved: &Resolved,
    layout: &Layout,
    sources: &[Opened],
    embedded: &Embedded,
    cache: Option<&LayerCache>,
    alternatives: &[EncodeOptions],
) -> Result<Graph> {
    let (picture, cut) = (&resolved.picture, layout.transform.reply);
    let is_mask = resolved.answer.reply == Reply::Mask;
    let color = if is_mask { None } else { Managed::new(&resolved.color)? };
    let pixel = if is_mask { PixelFormat::GRAY } else { resolved.output.pixel };
    let to = match &color {
        Some(_) => Space { model: pixel.model, profile: of_reply(resolved, sources)? },
        None if is_mask => Space::UNMANAGED,
        None => Space { model: pixel.model, profile: None },
    };
    let mut builder = Builder::new(sources, cache.is_some() && picture.layers.len() > 1, color);
    let (frame, kernel) = (&layout.transform.frame, picture.view.kernel);
    let demand = Demand { frame, kernel, area: cut, reach: 0 };
    let drawn = builder.picture(picture, layout, (1.0, &to), demand)?;
    let mut graph = builder.graph;
    let canvas = match is_mask {
        true => Canvas::Alpha,
        false => Canvas::Background(picture.view.background),
    };
    let inputs = drawn.iter().map(|drawn| drawn.node).collect();
    graph.push(Step::Place(canvas), inputs, (cut, pixel), Flow::Raster, 0);
    // A picture is refused whether or not its layers are in the cache.
    graph.work = work::of(&graph);
    if let Some(cache) = cache {
        graph.take_cached(cache);
    }
    // A layer without opacity may have been drawn for an effect that turns out to be invisible.
    graph.prune();
    for (source, held) in stored::memory(&graph, sources)? {
        graph.hold(source, held);
    }
    let (place, stored) = (graph.last_id()?, graph.stored());
    let size = Size::new(cut.width, cut.height);
    let output = &resolved.output;
    let tried = alternatives.iter().filter(|options| options.format.is_tried(size));
    let encodings: Vec<EncodeOptions> = std::iter::once(output).chain(tried).cloned().collect();
    // Beside each encoder but the last there is a copy of the canvas, and beside each but the first
    // the smallest file so far, which is shorter than the canvas.
    let beside = if encodings.len() > 1 { 2 * output.raster_bytes(size) } else { 0 };
    let metadata = embedded.memory().saturating_mul(3);
    let working = encodings.iter().map(|options| encoding(options, size, stored)).max();
    let working = working.unwrap_or(0).saturating_add(beside).saturating_add(metadata);
    graph.push(Step::Encode(encodings), vec![place], (cut, pixel), Flow::File, working);
    Ok(graph)
}

/// Bytes of memory that encoding needs in addition to its raster. `stored` is the memory that the
/// pyramids' bytes took.
fn encoding(options: &EncodeOptions, size: Size<geometry::ReplySpace>, stored: u64) -> u64 {
    let memory = (options.format.memory)(options, size);
    let working = memory.saturating_sub(options.raster_bytes(size));
    // An encoder that returns one block also counts the freed tiles. wasm memory never shrinks: it
    // reached 66.3 MiB where a PNG used 61.6 MiB after its tiles were freed (measured). We assume
    // that the file fits into none of the freed blocks.
    if options.format.one_block { working.saturating_add(stored) } else { working }
}
