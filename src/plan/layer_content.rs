//! The nodes of what a layer shows: image, mask, operations, fill colour, rotation and clip paths.

use std::mem::replace;

use super::{
    content::ContentLayout,
    coverage::Shape,
    demand::Demand,
    layer::LayerLayout,
    layout::is_premultiplied,
    node::{BlendStep, MaskStep},
    space::Space,
    steps::{Builder, Drawn, FULL},
    text::{Edges, TextStep},
    turn::TurnStep,
    warp::WarpStep,
};
use crate::{
    commands::{BlendMode, MaskUse},
    error::{Error, Result},
    geometry::Rect,
    ops::{self, Op},
    picture::{Content, Layer},
};

impl Builder<'_> {
    /// Draws the content of a layer: image, mask, operations, fill colour, rotation and clips.
    pub fn content(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let perspective = layer.transform.perspective.as_ref();
        let rotation = layout.warp.as_ref().filter(|_| perspective.is_none());
        let turn = rotation.and_then(|matrix| TurnStep::new(matrix, demand.frame));
        let drawn = match (&layout.warp, turn) {
            (None, _) => self.upright(layer, layout, demand)?,
            (Some(_), Some((turn, frame))) => {
                let (frame, area) = (&frame, turn.input(demand.area));
                let drawn = self.upright(layer, layout, Demand { frame, area, ..demand })?;
                drawn.map(|drawn| self.turn(drawn, turn))
            }
            (Some(matrix), None) => {
                let sampling = perspective.map(|perspective| perspective.sampling);
                let warp = WarpStep::new(matrix, &layout.content, demand.frame, sampling);
                match warp.and_then(|warp| Some((warp.areas(demand.area)?, warp))) {
                    None => None,
                    Some(((area, input), warp)) => {
                        let frame = &warp.frame();
                        let demand = Demand { frame, area: input, ..demand };
                        let drawn = self.upright(layer, layout, demand)?;
                        drawn.map(|drawn| self.warp(drawn, warp, area))
                    }
                }
            }
        };
        let Some(drawn) = drawn.filter(|_| !layout.clips.is_empty()) else { return Ok(drawn) };
        Ok(Some(self.clip(drawn, Shape::new(&layout.clips, demand.frame))))
    }

    /// Draws the content of a layer before its rotation: image, mask, operations, fill colour.
    fn upright(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let drawn = self.masked_content(layer, layout, demand)?;
        let fill = layer.fill.filter(|fill| fill.alpha > 0);
        let fill = fill.filter(|_| !matches!(layer.content, Content::Solid(_)));
        let (Some(fill), area) = (fill, demand.frame.cover(layout.filled).intersect(&demand.area))
        else {
            return Ok(drawn);
        };
        let base = Some(self.paint(fill)?);
        let base = self.canvas(base, area);
        let step = BlendStep { mode: BlendMode::Normal, opacity: FULL, seed: 0 };
        Ok(Some(drawn.map_or(base, |drawn| self.blend(base, drawn, step))))
    }

    /// Draws the content of a layer with its mask and operations. Those of RGB apply to RGB.
    fn masked_content(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let ops = layout.content.ops(&layer.treatment.ops, demand.frame.scale());
        let around = self.space.clone();
        self.space = self.space_for(around.clone(), &ops);
        let drawn = self.changed_content(layer, layout, ops, demand)?;
        let own = replace(&mut self.space, around.clone());
        Ok(drawn.map(|drawn| self.converted(drawn, &own, &around)))
    }

    /// Draws the content of a layer with its mask and these operations.
    fn changed_content(
        &mut self,
        layer: &Layer,
        layout: &LayerLayout,
        ops: Vec<Op>,
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        let demand = Demand { reach: ops::needs(&ops), ..demand };
        let drawn = self.content_in(&layer.content, &layout.content, demand)?;
        let Some(mut drawn) = drawn else { return Ok(None) };
        let mask = layer.mask.as_ref().zip(layout.mask.as_ref());
        let on_black = mask.is_none() && is_premultiplied(&layer.content, self.sources)?;
        let step = MaskStep { on_black, ..MaskStep::of(layer.mask_use) };
        if layer.mask_use == MaskUse::Off {
            drawn = self.mask(drawn, None, step);
        } else if let Some((mask, layout)) = mask {
            // The layer is transparent where its mask shows nothing.
            let nothing = Rect::new(drawn.area.x, drawn.area.y, 0, 0);
            // A mask has coverage, not colours.
            let around = (
                self.color.take(),
                replace(&mut self.space, Space::UNMANAGED),
                replace(&mut self.output, Space::UNMANAGED),
            );
            let mask = self.content_in(&mask.content, layout, demand)?;
            (self.color, self.space, self.output) = around;
            let mask = mask.unwrap_or_else(|| self.canvas(None, nothing));
            drawn = self.mask(drawn, Some(mask), step);
        } else if layer.mask_use == MaskUse::Invert {
            drawn = self.mask(drawn, None, step);
        }
        let tone = self.tone(&layer.content, &layout.content, demand.kernel, &ops)?;
        Ok(Some(self.ops(drawn, ops, tone)))
    }

    /// Draws the content of a layer or of a mask.
    pub fn content_in(
        &mut self,
        content: &Content,
        layout: &ContentLayout,
        demand: Demand,
    ) -> Result<Option<Drawn>> {
        match content {
            Content::Source(_) => self.image(content, layout, demand),
            Content::Solid(color) => {
                layout.visible(demand).map(|area| self.fill(*color, area)).transpose()
            }
            Content::Picture(picture) => {
                let inner = layout.nested.as_ref();
                let inner = inner.ok_or_else(|| Error::bug("a nested picture has no layout"))?;
                let Some(area) = layout.visible(demand) else { return Ok(None) };
                // Drawn directly in the space of the outer picture, at its scale (F20).
                let (frame, scale) = layout.nested_frame(demand.frame, &inner.transform);
                let kernel = picture.view.kernel;
                let demand = Demand { frame: &frame, kernel, area, reach: 0 };
                let (from, to) = (self.space_of_picture(picture)?, self.space.clone());
                self.depth += 1;
                let drawn = self.picture(picture, inner, (scale, &from), demand);
                self.depth -= 1;
                Ok(drawn?.map(|drawn| self.converted(drawn, &from, &to)))
            }
            Content::Text(text) => {
                let (Some(area), Some(drawing)) = (layout.visible(demand), &layout.text) else {
                    return Ok(None);
                };
                let renderer = text.document.renderer;
                let edges = Edges::new(renderer, text.attributes.anti_aliasing);
                let paints = self.text_paints(renderer, &drawing.colors())?;
                let step = TextStep::new(drawing, (edges, paints), layout, demand.frame);
                Ok(Some(self.text(step, area)))
            }
            Content::Empty => Err(Error::bug("the content of a layer cannot be drawn")),
        }
    }
}
