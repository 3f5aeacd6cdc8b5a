//! The small image from which an operation learns the tones of a whole layer.

use super::{
    axis::LayerAxis,
    content::ContentLayout,
    demand::Demand,
    layout::Layout,
    node::NodeId,
    steps::Builder,
    view::{Frame, Mapping},
};
use crate::{
    error::Result,
    geometry::{Rect, Size},
    ops::{self, Op},
    picture::{Content, Picture},
    resample::Kernel,
};

/// The most pixels of a side.
const SIDE: u32 = 64;

impl Builder<'_> {
    /// Draws the whole content of a layer as a small raster, if one of the operations needs its
    /// tones. The raster does not depend on the view, so parts of a view are equal to the whole.
    pub fn tone(
        &mut self,
        content: &Content,
        layout: &ContentLayout,
        kernel: Kernel,
        ops: &[Op],
    ) -> Result<Option<NodeId>> {
        if !ops::need_tone(ops) {
            return Ok(None);
        }
        let whole = |axis: &LayerAxis| LayerAxis {
            clip: [axis.at, axis.at.saturating_add(axis.to.into())],
            ..*axis
        };
        let layout = ContentLayout {
            across: whole(&layout.across),
            down: whole(&layout.down),
            ..layout.clone()
        };
        let side = |axis: &LayerAxis| axis.to.min(SIDE);
        let mapping = |axis: &LayerAxis| Mapping {
            origin: axis.at as f64,
            scale: f64::from(side(axis)) / f64::from(axis.to),
            offset: 0.0,
        };
        let frame = Frame { across: mapping(&layout.across), down: mapping(&layout.down) };
        let area = Rect::new(0, 0, side(&layout.across), side(&layout.down));
        let demand = Demand { frame: &frame, kernel, area, reach: 0 };
        let drawn = self.content_in(content, &layout, demand)?;
        Ok(drawn.map(|drawn| self.raster(drawn).node))
    }

    /// Draws the layers of a whole picture as a small raster, if one of the operations on their
    /// composite needs its tones.
    pub fn tone_of_layers(
        &mut self,
        picture: &Picture,
        layout: &Layout,
        kernel: Kernel,
        ops: &[Op],
    ) -> Result<Option<NodeId>> {
        if !ops::need_tone(ops) {
            return Ok(None);
        }
        let side = |len: u32| len.min(SIDE);
        let mapping = |len: u32| Mapping {
            origin: 0.0,
            scale: f64::from(side(len)) / f64::from(len),
            offset: 0.0,
        };
        let Size { width, height, .. } = layout.canvas;
        let frame = Frame { across: mapping(width), down: mapping(height) };
        let area = Rect::new(0, 0, side(width), side(height));
        let demand = Demand { frame: &frame, kernel, area, reach: 0 };
        Ok(Some(self.layers(picture, layout, demand)?.node))
    }
}
