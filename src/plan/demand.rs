//! Builds the graph of a reply: its nodes, and the pixels that each of them makes.

use super::{
    axis::LayerAxis,
    composite::Composite,
    node::{Canvas, Flow, Graph, Step},
    source::{Opened, SourceStep},
    view::ViewTransform,
};
use crate::{
    codec::EncodeOptions,
    commands::Reply,
    error::Result,
    geometry::{self, Size},
    ops::{self, Chain},
    pixel::{ColorModel, PixelFormat},
    resolved::Resolved,
};

/// Builds the graph of a reply. The memory of each node is computed from sizes alone: no weights
/// are computed, and no list is allocated whose length a source file claims.
pub fn graph(
    resolved: &Resolved,
    source: &Opened,
    composite: &Composite,
    transform: &ViewTransform,
) -> Result<Graph> {
    let mut graph = Graph::default();
    let picture = &resolved.picture;
    let scale = transform.across.scale.min(transform.down.scale);
    let layer = &picture.layer_0()?.treatment.ops;
    let of_source = |axis: &LayerAxis| f64::from(axis.to) / axis.crop as f64;
    let of_source = of_source(&composite.across).min(of_source(&composite.down));
    let mut ops = ops::of_mask(layer, scale * of_source);
    ops.extend(ops::in_order(layer, scale, &picture.composite.ops));
    let (needs, kernel) = (ops::needs(&ops), picture.view.kernel);
    let step = SourceStep::new(source, kernel, composite, transform, needs);
    let (mut picture, mut stored) = (Vec::new(), 0);
    if let Some((step, area)) = step {
        let rows = step.clone();
        stored = step.stored_memory(source.object)?;
        let working = stored.saturating_add(step.decoding_memory()?);
        let mut pixel = step.level()?.drawn_type();
        let mut last =
            graph.push(Step::Source(step), Vec::new(), (area, pixel), Flow::Rows, working);
        if pixel.model == ColorModel::Cmyk
            || pixel.model == ColorModel::Gray && ops::make_color(&ops)
        {
            pixel.model = ColorModel::Rgb;
            let row = rows.rows(area, pixel).samples();
            last = graph.push(Step::Convert, vec![last], (area, pixel), Flow::Rows, row);
        }
        if !ops.is_empty() {
            let rows = rows.rows(area, pixel);
            let working = Chain::memory(&ops, rows).saturating_add(rows.samples());
            last = graph.push(Step::Ops(ops), vec![last], (area, pixel), Flow::Rows, working);
        }
        picture.push(last);
    }
    let (canvas, pixel) = if resolved.answer.reply == Reply::Mask {
        (Canvas::Alpha, PixelFormat::GRAY)
    } else {
        (Canvas::Background(resolved.picture.view.background.rgb), resolved.output.pixel)
    };
    let cut = transform.reply;
    let place = graph.push(Step::Place(canvas), picture, (cut, pixel), Flow::Raster, 0);
    let working = encoding(&resolved.output, Size::new(cut.width, cut.height), stored);
    let encode = Step::Encode(resolved.output.clone());
    graph.push(encode, vec![place], (cut, pixel), Flow::File, working);
    Ok(graph)
}

/// Bytes of memory that encoding needs in addition to its raster. `stored` is the memory that the
/// pyramid's bytes took.
fn encoding(options: &EncodeOptions, size: Size<geometry::ReplySpace>, stored: u64) -> u64 {
    let memory = (options.format.memory)(options, size);
    let working = memory.saturating_sub(options.raster_bytes(size));
    // An encoder that returns one block also counts the freed tiles. wasm memory never shrinks: it
    // reached 66.3 MiB where a PNG used 61.6 MiB after its tiles were freed (measured). We assume
    // that the file fits into none of the freed blocks.
    if options.format.one_block { working.saturating_add(stored) } else { working }
}
