//! Builds the graph of a reply backwards from the view: each node makes only the pixels that the
//! nodes after it read.

use super::{
    content::ContentLayout,
    coverage::Shape,
    effect::EffectContext,
    graph::Graph,
    layer::LayerLayout,
    layout::Layout,
    node::{BlendStep, Canvas, Flow, Step},
    source::Opened,
    steps::{Builder, Drawn, FULL, Wanted},
    stored,
    view::Frame,
    warp::WarpStep,
};
use crate::{
    codec::EncodeOptions,
    commands::{BlendMode, MaskUse, Reply},
    error::{Error, Result},
    geometry::{self, Rect, Size, ViewSpace},
    ops::{self, Ops},
    picture::{Blend, Content, Effect, Layer, Picture, Treatment},
    pixel::PixelFormat,
    resample::Kernel,
    resolved::Resolved,
    store::LayerCache,
};

/// Builds the graph of a reply. The memory of each node is computed from sizes alone: no weights
/// are computed, and no list is allocated whose length a source file claims.
/// With a cache of layers, the layers of a picture with more than one are taken from it, and others
/// are collected for it. The reply is also encoded as each of `alternatives` that suits its size.
pub fn graph(
    resolved: &Resolved,
    layout: &Layout,
    sources: &[Opened],
    cache: Option<&LayerCache>,
    alternatives: &[EncodeOptions],
) -> Result<Graph> {
    let (picture, cut) = (&resolved.picture, layout.transform.reply);
    let mut builder = Builder::new(sources, cache.is_some() && picture.layers.len() > 1);
    let drawn = builder.picture(picture, layout, &layout.transform.frame, 1.0, (cut, 0))?;
    let mut graph = builder.graph;
    let (canvas, pixel) = if resolved.answer.reply == Reply::Mask {
        (Canvas::Alpha, PixelFormat::GRAY)
    } else {
        (Canvas::Background(picture.view.background.rgb), resolved.output.pixel)
    };
    let inputs = drawn.iter().map(|drawn| drawn.node).collect();
    graph.push(Step::Place(canvas), inputs, (cut, pixel), Flow::Raster, 0);
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
    let working = encodings.iter().map(|options| encoding(options, size, stored)).max();
    let working = working.unwrap_or(0).saturating_add(beside);
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

/// Whether a picture has one layer that is drawn straight to the reply: an image of which no pixel
/// is blended, masked, clipped or filled. The layout has its clips and those of the composite.
fn is_single(layer: &Layer, layout: &LayerLayout, composite: &Treatment) -> bool {
    let plain = |treatment: &Treatment| {
        let Treatment { ops: _, flip: _, clips: _, blend, effects } = treatment;
        effects.is_empty() && (blend.opacity, blend.fill_opacity) == (100, 100)
    };
    layout.clips.is_empty()
        && matches!(layer.content, Content::Source(_))
        && !layer.hidden
        && layer.mask.is_none()
        && layer.mask_use == MaskUse::Normal
        && layer.fill.is_none_or(|color| color.alpha == 0)
        && layer.background.is_none_or(|color| color.alpha == 0)
        && layout.warp.is_none()
        && plain(&layer.treatment)
        && plain(composite)
}

fn context<'a>(picture: &Picture, layout: &Layout, frame: &'a Frame) -> EffectContext<'a> {
    let (canvas, flip) = (layout.canvas, picture.composite.flip);
    let rect = frame.cover(Rect::of(canvas));
    EffectContext { frame, canvas, flip, effect_mask: picture.effect_mask, number: 0, rect }
}

impl Builder<'_> {
    /// Draws a picture. `scale` is the length of a pixel of its view: 1 but for nested pictures.
    /// `None` where it shows nothing.
    fn picture(
        &mut self,
        picture: &Picture,
        layout: &Layout,
        frame: &Frame,
        scale: f64,
        (wanted, reach): Wanted,
    ) -> Result<Option<Drawn>> {
        let kernel = picture.view.kernel;
        let size = frame.scale();
        let ops = ops::in_order(&Ops::default(), size, &picture.composite.ops, scale);
        let whole = frame.cover(Rect::of(layout.canvas));
        if let ([layer], [laid_out]) = (picture.layers.as_slice(), layout.layers.as_slice())
            && layout.clips.is_empty()
            && picture.watermark.is_none()
            && is_single(layer, laid_out, &picture.composite)
            // What is blurred spreads into the transparent pixels around the image.
            && (ops::needs(&ops) == 0
                || laid_out.content.visible(frame, (whole, 0)) == Some(whole))
        {
            let mut of_layer = laid_out.content.ops(&layer.treatment.ops, size);
            of_layer.extend(ops);
            let ops = of_layer;
            let wanted = (wanted, reach.max(ops::needs(&ops)));
            let drawn = self.image(&layer.content, &laid_out.content, frame, kernel, wanted)?;
            let Some(drawn) = drawn else { return Ok(None) };
            let tone = self.tone(&layer.content, &laid_out.content, kernel, &ops)?;
            return Ok(Some(self.ops(drawn, ops, tone)));
        }
        let Treatment { blend, effects, .. } = &picture.composite;
        let composite = context(picture, layout, frame);
        let shown = wanted.grow(reach).intersect(&whole);
        let margin = ops::needs(&ops).saturating_add(composite.reach(effects));
        let area = shown.grow(margin).intersect(&whole);
        if shown.is_empty() {
            return Ok(None);
        }
        let mut canvas = self.canvas(None, area);
        for (layer, laid_out) in picture.layers.iter().zip(&layout.layers) {
            let rect = frame.cover(laid_out.rect);
            let context = EffectContext { number: layer.number, rect, ..composite };
            canvas = self.layer(canvas, layer, laid_out, kernel, context)?;
        }
        let mut drawn = self.ops(canvas, ops, None);
        if !layout.clips.is_empty() {
            drawn = self.clip(drawn, Shape::new(&layout.clips, frame));
        }
        let opacity = u32::from(blend.opacity) * u32::from(blend.fill_opacity);
        if opacity < FULL || !effects.is_empty() {
            let base = self.canvas(None, shown);
            let step = BlendStep { mode: BlendMode::Normal, opacity, seed: 0 };
            drawn = self.with_effects(base, Some(drawn), &picture.composite, step, composite);
        }
        if let Some((mark, laid_out)) = picture.watermark.as_ref().zip(layout.watermark.as_ref()) {
            let base = self.canvas(None, shown);
            let over = BlendStep { mode: BlendMode::Normal, opacity: FULL, seed: 0 };
            drawn = self.blend(base, drawn, over);
            if let Some(content) =
                self.content_in(&mark.content, laid_out, frame, kernel, (shown, 0))?
            {
                let Blend { mode, opacity, fill_opacity } = mark.blend;
                let opacity = u32::from(opacity) * u32::from(fill_opacity);
                drawn = self.blend(drawn, content, BlendStep { mode, opacity, seed: 0 });
            }
        }
        Ok(Some(drawn))
    }

    /// Blends a layer onto a canvas.
    fn layer(
        &mut self,
        canvas: Drawn,
        layer: &Layer,
        layout: &LayerLayout,
        kernel: Kernel,
        context: EffectContext,
    ) -> Result<Drawn> {
        let Treatment { blend, effects, .. } = &layer.treatment;
        let (whole, frame, reach) = (context.rect, context.frame, context.reach(effects));
        let rect = whole.intersect(&canvas.area);
        let read = whole.intersect(&canvas.area.grow(reach));
        if read.is_empty() || layer.hidden {
            return Ok(canvas);
        }
        let opacity = u32::from(blend.opacity) * u32::from(blend.fill_opacity);
        let content = match opacity == 0 && effects.is_empty() {
            true => None,
            false => self.content(layer, layout, frame, kernel, read)?,
        };
        let is_plain = matches!(layer.content, Content::Solid(_));
        let content = content.map(|drawn| if is_plain { drawn } else { self.cached(drawn) });
        let step = BlendStep { mode: blend.mode, opacity, seed: layer.number };
        let Some(background) = layer.background.filter(|color| color.alpha > 0) else {
            return Ok(self.with_effects(canvas, content, &layer.treatment, step, context));
        };
        // r-bgcolor: the background is filled after opac=. Effects lie between it and the content.
        let over = BlendStep { mode: BlendMode::Normal, opacity: FULL, ..step };
        let base = if effects.is_empty() {
            self.canvas(Some(background), rect)
        } else {
            let is_normal = step.mode == BlendMode::Normal;
            let around = whole.grow(reach).intersect(&canvas.area);
            let base = if is_normal { canvas } else { self.canvas(None, around) };
            let background = self.fill(background, rect);
            let base = self.blend(base, background, over);
            if is_normal {
                return Ok(self.with_effects(base, content, &layer.treatment, step, context));
            }
            base
        };
        // The layer is blended together with its background.
        let over = BlendStep { mode: BlendMode::Normal, ..step };
        let base = self.with_effects(base, content, &layer.treatment, over, context);
        Ok(self.blend(canvas, base, BlendStep { opacity: FULL, ..step }))
    }

    /// Blends outer effects, the content of a layer, and inner effects onto a canvas.
    fn with_effects(
        &mut self,
        mut canvas: Drawn,
        content: Option<Drawn>,
        treatment: &Treatment,
        step: BlendStep,
        context: EffectContext,
    ) -> Drawn {
        // The effects of a layer's rectangle are visible where the layer is not.
        let of_rect = treatment.effects.iter().any(|effect| effect.mask_use != MaskUse::Normal);
        let nothing = || Rect::new(context.rect.x, context.rect.y, 0, 0);
        let content = content.or_else(|| of_rect.then(|| self.canvas(None, nothing())));
        let Some(mut content) = content else { return canvas };
        if !treatment.effects.is_empty() {
            content = self.raster(content);
        }
        let (outer, inner): (Vec<&Effect>, Vec<&Effect>) =
            treatment.effects.iter().partition(|effect| effect.number < 0);
        for effect in outer {
            canvas = self.effect(canvas, content, effect, treatment.blend, context);
        }
        if step.opacity > 0 {
            canvas = self.blend(canvas, content, step);
        }
        for effect in inner {
            canvas = self.effect(canvas, content, effect, treatment.blend, context);
        }
        canvas
    }

    /// Draws the content of a layer: image, mask, operations, fill colour, rotation and clips.
    fn content(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        frame: &Frame,
        kernel: Kernel,
        wanted: Rect<ViewSpace>,
    ) -> Result<Option<Drawn>> {
        let drawn = match &layout.warp {
            None => self.upright(layer, layout, frame, kernel, wanted)?,
            Some(matrix) => {
                let sampling = layer.transform.perspective.map(|perspective| perspective.sampling);
                let warp = WarpStep::new(matrix, &layout.content, frame, sampling);
                match warp.and_then(|warp| Some((warp.areas(wanted)?, warp))) {
                    None => None,
                    Some(((area, input), warp)) => {
                        let drawn = self.upright(layer, layout, &warp.frame(), kernel, input)?;
                        drawn.map(|drawn| self.warp(drawn, warp, area))
                    }
                }
            }
        };
        let Some(drawn) = drawn.filter(|_| !layout.clips.is_empty()) else { return Ok(drawn) };
        Ok(Some(self.clip(drawn, Shape::new(&layout.clips, frame))))
    }

    /// Draws the content of a layer before its rotation: image, mask, operations, fill colour.
    fn upright(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        frame: &Frame,
        kernel: Kernel,
        wanted: Rect<ViewSpace>,
    ) -> Result<Option<Drawn>> {
        let drawn = self.masked_content(layer, layout, frame, kernel, wanted)?;
        let fill = layer.fill.filter(|fill| fill.alpha > 0);
        let fill = fill.filter(|_| !matches!(layer.content, Content::Solid(_)));
        let (Some(fill), area) = (fill, frame.cover(layout.filled).intersect(&wanted)) else {
            return Ok(drawn);
        };
        let base = self.canvas(Some(fill), area);
        let step = BlendStep { mode: BlendMode::Normal, opacity: FULL, seed: 0 };
        Ok(Some(drawn.map_or(base, |drawn| self.blend(base, drawn, step))))
    }

    /// Draws the content of a layer with its mask and operations.
    fn masked_content(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        frame: &Frame,
        kernel: Kernel,
        wanted: Rect<ViewSpace>,
    ) -> Result<Option<Drawn>> {
        let ops = layout.content.ops(&layer.treatment.ops, frame.scale());
        let wanted = (wanted, ops::needs(&ops));
        let drawn = self.content_in(&layer.content, &layout.content, frame, kernel, wanted)?;
        let Some(mut drawn) = drawn else { return Ok(None) };
        let mask = layer.mask.as_ref().zip(layout.mask.as_ref());
        if layer.mask_use == MaskUse::Off {
            drawn = self.mask(drawn, None, MaskUse::Off);
        } else if let Some((mask, layout)) = mask {
            // The layer is transparent where its mask shows nothing.
            let nothing = Rect::new(drawn.area.x, drawn.area.y, 0, 0);
            let mask = self.content_in(mask, layout, frame, kernel, wanted)?;
            let mask = mask.unwrap_or_else(|| self.canvas(None, nothing));
            drawn = self.mask(drawn, Some(mask), layer.mask_use);
        } else if layer.mask_use == MaskUse::Invert {
            drawn = self.mask(drawn, None, MaskUse::Invert);
        }
        let tone = self.tone(&layer.content, &layout.content, kernel, &ops)?;
        Ok(Some(self.ops(drawn, ops, tone)))
    }

    /// Draws the content of a layer or of a mask.
    pub fn content_in(
        &mut self,
        content: &Content,
        layout: &ContentLayout,
        frame: &Frame,
        kernel: Kernel,
        wanted: Wanted,
    ) -> Result<Option<Drawn>> {
        match content {
            Content::Source(_) => self.image(content, layout, frame, kernel, wanted),
            Content::Solid(color) => {
                Ok(layout.visible(frame, wanted).map(|area| self.fill(*color, area)))
            }
            Content::Picture(picture) => {
                let inner = layout.nested.as_ref();
                let inner = inner.ok_or_else(|| Error::bug("a nested picture has no layout"))?;
                let Some(area) = layout.visible(frame, wanted) else { return Ok(None) };
                // Drawn directly in the space of the outer picture, at its scale (F20).
                let (frame, scale) = layout.nested_frame(frame, &inner.transform);
                self.picture(picture, inner, &frame, scale, (area, 0))
            }
            Content::Empty | Content::Text(_) => {
                Err(Error::bug("the content of a layer cannot be drawn"))
            }
        }
    }
}
