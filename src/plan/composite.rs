//! The nodes of a picture: its layers on a canvas, then what applies to their composite.

use super::{
    coverage::Shape,
    demand::Demand,
    effect::EffectContext,
    layer::LayerLayout,
    layout::Layout,
    node::BlendStep,
    space::Space,
    steps::{Builder, Drawn, FULL},
    view::Frame,
};
use crate::{
    commands::{BlendMode, MaskUse},
    error::Result,
    geometry::Rect,
    ops::{self, Op, Ops},
    picture::{Blend, Content, Layer, Picture, Treatment},
    pixel::ColorModel,
};

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
    /// Draws a picture, and converts it to a space. `scale` is the length of a pixel of its view: 1
    /// but for nested pictures. `None` where it shows nothing.
    pub fn picture(
        &mut self,
        picture: &Picture,
        layout: &Layout,
        (scale, to): (f64, &Space),
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let around = (self.space.clone(), self.output.clone(), self.color.clone());
        if let (Some(managed), Some(output)) = (&mut self.color, &picture.output) {
            managed.options = output.options;
        }
        self.output = match to.model {
            ColorModel::Cmyk => to.clone(),
            ColorModel::Gray | ColorModel::Rgb => self.working(),
        };
        let drawn = self.composite(picture, layout, scale, demand)?;
        let drawn = drawn.map(|drawn| self.converted(drawn, &self.space.clone(), to));
        (self.space, self.output, self.color) = around;
        Ok(drawn)
    }

    /// Draws a picture in its own space.
    fn composite(
        &mut self,
        picture: &Picture,
        layout: &Layout,
        scale: f64,
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let shared = self.shared_space(picture, layout)?;
        let frame = demand.frame;
        let size = frame.scale();
        let ops = ops::in_order(&Ops::default(), size, &picture.composite.ops, scale);
        self.space = self.space_for(shared.clone().unwrap_or_else(|| self.output.clone()), &ops);
        let whole = frame.cover(Rect::of(layout.canvas));
        if let ([layer], [laid_out]) = (picture.layers.as_slice(), layout.layers.as_slice())
            && layout.clips.is_empty()
            && picture.watermark.is_none()
            && is_single(layer, laid_out, &picture.composite)
            // What is blurred spreads into the transparent pixels around the image.
            && (ops::needs(&ops) == 0
                || laid_out.content.visible(Demand { reach: 0, area: whole, ..demand })
                    == Some(whole))
        {
            return self.single(layer, laid_out, (ops, shared), demand);
        }
        let Treatment { blend, effects, .. } = &picture.composite;
        let composite = context(picture, layout, frame);
        let shown = demand.area.grow(demand.reach).intersect(&whole);
        let margin = ops::needs(&ops).saturating_add(composite.reach(effects));
        let area = shown.grow(margin).intersect(&whole);
        if shown.is_empty() {
            return Ok(None);
        }
        let canvas = self.layers(picture, layout, demand.of(area))?;
        let tone = self.tone_of_layers(picture, layout, demand.kernel, &ops)?;
        let mut drawn = self.ops(canvas, ops, tone);
        if !layout.clips.is_empty() {
            drawn = self.clip(drawn, Shape::new(&layout.clips, frame));
        }
        let opacity = u32::from(blend.opacity) * u32::from(blend.fill_opacity);
        if opacity < FULL || !effects.is_empty() {
            let base = self.canvas(None, shown);
            let step = BlendStep { mode: BlendMode::Normal, opacity, seed: 0 };
            drawn = self.with_effects(base, Some(drawn), &picture.composite, step, composite)?;
        }
        if let Some((mark, laid_out)) = picture.watermark.as_ref().zip(layout.watermark.as_ref()) {
            let base = self.canvas(None, shown);
            let over = BlendStep { mode: BlendMode::Normal, opacity: FULL, seed: 0 };
            drawn = self.blend(base, drawn, over);
            if let Some(content) = self.content_in(&mark.content, laid_out, demand.of(shown))? {
                let Blend { mode, opacity, fill_opacity } = mark.blend;
                let opacity = u32::from(opacity) * u32::from(fill_opacity);
                drawn = self.blend(drawn, content, BlendStep { mode, opacity, seed: 0 });
            }
        }
        Ok(Some(drawn))
    }

    /// Draws a picture of a single image, whose rows go straight to the reply. Without operations
    /// they stay in `own`, its space.
    fn single(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        (of_picture, own): (Vec<Op>, Option<Space>),
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let mut ops = layout.content.ops(&layer.treatment.ops, demand.frame.scale());
        ops.extend(of_picture);
        if let Some(own) = own.filter(|_| ops.is_empty()) {
            self.space = own;
        }
        let reach = demand.reach.max(ops::needs(&ops));
        let drawn = self.content_in(&layer.content, &layout.content, Demand { reach, ..demand })?;
        let Some(drawn) = drawn else { return Ok(None) };
        let tone = self.tone(&layer.content, &layout.content, demand.kernel, &ops)?;
        Ok(Some(self.ops(drawn, ops, tone)))
    }

    /// Blends the layers of a picture onto a canvas.
    pub fn layers(&mut self, picture: &Picture, layout: &Layout, demand: Demand) -> Result<Drawn> {
        let composite = context(picture, layout, demand.frame);
        let mut canvas = self.canvas(None, demand.area);
        for (layer, laid_out) in picture.layers.iter().zip(&layout.layers) {
            let rect = demand.frame.cover(laid_out.rect);
            let context = EffectContext { number: layer.number, rect, ..composite };
            canvas = self.layer(canvas, layer, laid_out, demand.kernel, context)?;
        }
        Ok(canvas)
    }
}
