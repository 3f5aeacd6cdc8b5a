//! The nodes that blend a layer with its background and its effects onto a canvas.

use super::{
    demand::Demand,
    effect::EffectContext,
    layer::LayerLayout,
    node::BlendStep,
    steps::{Builder, Drawn, FULL},
};
use crate::{
    commands::{BlendMode, MaskUse},
    error::Result,
    geometry::Rect,
    picture::{Content, Effect, Layer, Treatment},
    resample::Kernel,
};

impl Builder<'_> {
    /// Blends a layer onto a canvas.
    pub fn layer(
        &mut self,
        canvas: Drawn,
        layer: &Layer,
        layout: &LayerLayout,
        kernel: Kernel,
        context: EffectContext,
    ) -> Result<Drawn> {
        let Treatment { blend, effects, .. } = &layer.treatment;
        let (whole, reach) = (context.rect, context.reach(effects));
        let rect = whole.intersect(&canvas.area);
        let read = whole.intersect(&canvas.area.grow(reach));
        if read.is_empty() || layer.hidden {
            return Ok(canvas);
        }
        let opacity = u32::from(blend.opacity) * u32::from(blend.fill_opacity);
        let content = match opacity == 0 && effects.is_empty() {
            true => None,
            false => {
                let demand = Demand { frame: context.frame, kernel, area: read, reach: 0 };
                self.content(layer, layout, demand)?
            }
        };
        let is_plain = matches!(layer.content, Content::Solid(_));
        let content = content.map(|drawn| if is_plain { drawn } else { self.cached(drawn) });
        let step = BlendStep { mode: blend.mode, opacity, seed: self.seed(layer.number) };
        let Some(background) = layer.background.filter(|color| color.alpha > 0) else {
            return self.with_effects(canvas, content, &layer.treatment, step, context);
        };
        // r-bgcolor: the background is filled after opac=. Effects lie between it and the content.
        let over = BlendStep { mode: BlendMode::Normal, opacity: FULL, ..step };
        let base = if effects.is_empty() {
            let background = Some(self.paint(background)?);
            self.canvas(background, rect)
        } else {
            let is_normal = step.mode == BlendMode::Normal;
            let around = whole.grow(reach).intersect(&canvas.area);
            let base = if is_normal { canvas } else { self.canvas(None, around) };
            let background = self.fill(background, rect)?;
            let base = self.blend(base, background, over);
            if is_normal {
                return self.with_effects(base, content, &layer.treatment, step, context);
            }
            base
        };
        // The layer is blended together with its background.
        let over = BlendStep { mode: BlendMode::Normal, ..step };
        let base = self.with_effects(base, content, &layer.treatment, over, context)?;
        Ok(self.blend(canvas, base, BlendStep { opacity: FULL, ..step }))
    }

    /// Blends outer effects, the content of a layer, and inner effects onto a canvas.
    pub fn with_effects(
        &mut self,
        mut canvas: Drawn,
        content: Option<Drawn>,
        treatment: &Treatment,
        step: BlendStep,
        context: EffectContext,
    ) -> Result<Drawn> {
        // The effects of a layer's rectangle are visible where the layer is not.
        let of_rect = treatment.effects.iter().any(|effect| effect.mask_use != MaskUse::Normal);
        let nothing = || Rect::new(context.rect.x, context.rect.y, 0, 0);
        let content = content.or_else(|| of_rect.then(|| self.canvas(None, nothing())));
        let Some(mut content) = content else { return Ok(canvas) };
        if !treatment.effects.is_empty() {
            content = self.raster(content);
        }
        let (outer, inner): (Vec<&Effect>, Vec<&Effect>) =
            treatment.effects.iter().partition(|effect| effect.number < 0);
        for effect in outer {
            canvas = self.effect(canvas, content, effect, treatment.blend, context)?;
        }
        if step.opacity > 0 {
            canvas = self.blend(canvas, content, step);
        }
        for effect in inner {
            canvas = self.effect(canvas, content, effect, treatment.blend, context)?;
        }
        Ok(canvas)
    }
}
