//! Effect layers: the silhouette of a layer, shifted, grown, blurred and coloured
//! (r-layer-effects; decisions E).

use super::{
    node::{BlendStep, Flow, MaskStep, SilhouetteStep, Step},
    steps::{Builder, Drawn, shape},
    view::Frame,
};
use crate::{
    commands::{Flip, MaskUse, Measure},
    error::Result,
    geometry::{CompositeSpace, Rect, Size, ViewSpace},
    ops::{self, Ops},
    picture::{Blend, Effect},
    pixel::PixelFormat,
};

/// What effects need to know of the picture that they belong to.
#[derive(Debug, Clone, Copy)]
pub struct EffectContext<'a> {
    /// How the composite lies in the view.
    pub frame: &'a Frame,
    /// The size of the composite.
    pub canvas: Size<CompositeSpace>,
    /// Whether the composite is mirrored.
    pub flip: Flip,
    /// Whether outer effects are cut off where their layer is opaque.
    pub effect_mask: bool,
    /// The number of the layer.
    pub number: u32,
    /// The rectangle of the layer in the view.
    pub rect: Rect<ViewSpace>,
}

impl EffectContext<'_> {
    /// How far pixels of a layer have an effect on pixels around them, in pixels of the view.
    pub fn reach(&self, effects: &[Effect]) -> u32 {
        let reach = effects.iter().map(|effect| {
            let [x, y] = self.shift(effect).map(i64::unsigned_abs);
            let ops = self.ops(effect);
            let shift = u32::try_from(x.max(y)).unwrap_or(u32::MAX);
            shift.saturating_add(ops::needs(&ops).saturating_mul(2))
        });
        reach.max().unwrap_or(0)
    }

    /// The offset of an effect in whole pixels of the view.
    fn shift(&self, effect: &Effect) -> [i64; 2] {
        let [x, y] = match effect.position {
            None => [0.0; 2],
            Some(Measure::Pixels(offset)) => offset.map(|at| at as f64),
            Some(Measure::Normalized([x, y])) => [
                x.to_f64() * f64::from(self.canvas.width),
                y.to_f64() * f64::from(self.canvas.height),
            ],
        };
        let round = |offset: f64, scale: f64, flipped: bool| {
            let offset = if flipped { -offset } else { offset };
            (offset * scale + 0.5).floor().max(-1e6).min(1e6) as i64
        };
        [
            round(x, self.frame.across.scale, self.flip.left_right),
            round(y, self.frame.down.scale, self.flip.up_down),
        ]
    }

    fn ops(&self, effect: &Effect) -> Vec<ops::Op> {
        ops::in_order(&effect.ops, self.frame.scale(), &Ops::default(), 1.0)
    }
}

impl Builder<'_> {
    /// Blends an effect of a layer onto a canvas. `parent` is the raster of the layer, and `blend`
    /// its opacity.
    pub fn effect(
        &mut self,
        canvas: Drawn,
        parent: Drawn,
        effect: &Effect,
        blend: Blend,
        context: EffectContext,
    ) -> Result<Drawn> {
        let is_inner = effect.number > 0;
        let shift = context.shift(effect);
        let ops = context.ops(effect);
        let needs = ops::needs(&ops);
        let normal = effect.mask_use == MaskUse::Normal;
        let shifted = if normal { parent.area } else { context.rect }.shift(shift);
        let reached = if is_inner { parent.area } else { shifted.grow(needs) };
        let area = reached.intersect(&canvas.area);
        let opacity = u32::from(blend.opacity) * u32::from(effect.blend.opacity);
        if area.is_empty() || opacity == 0 || effect.color.alpha == 0 {
            return Ok(canvas);
        }
        // Operations repeat the pixels at the edges of their input, so it has a margin.
        let (area, pixel) = (area.grow(needs), PixelFormat::GRAY);
        let (mask_use, rect) = (effect.mask_use, context.rect);
        let step = SilhouetteStep { mask_use, inverted: is_inner, rect, shift };
        let working = shape(area, pixel, false).samples();
        let (silhouette, made) = (Step::Silhouette(step), (area, pixel));
        let node = self.graph.push(silhouette, vec![parent.node], made, Flow::Rows, working);
        let mut drawn = Drawn { node, area, pixel, ..canvas };
        if !ops.is_empty() {
            let blurred = self.ops(drawn, ops, None);
            drawn = self.cached(blurred);
        }
        let (pixel, paint) = (self.canvas_pixel(), self.paint(effect.color)?);
        let working = shape(area, pixel, false).samples().saturating_add(paint.memory());
        let tint = Step::Tint(paint);
        drawn.node = self.graph.push(tint, vec![drawn.node], (area, pixel), Flow::Rows, working);
        drawn.pixel = pixel;
        if is_inner || context.effect_mask {
            let mask_use = if is_inner { MaskUse::Normal } else { MaskUse::Invert };
            let step = MaskStep { alpha_only: true, ..MaskStep::of(mask_use) };
            drawn = self.masked(step, vec![drawn.node, parent.node], drawn);
        }
        let seed = self.seed(context.number) ^ effect.number.cast_unsigned();
        Ok(self.blend(canvas, drawn, BlendStep { mode: effect.blend.mode, opacity, seed }))
    }
}
