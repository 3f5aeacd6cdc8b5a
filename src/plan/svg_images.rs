//! The pictures that an SVG embeds: a raster of each is an input of its node.

use super::{
    demand::Demand,
    layout::Layout,
    node::NodeId,
    space::Space,
    steps::Builder,
    svg::{SvgInput, SvgStep},
    view::{Frame, Mapping, ViewTransform},
};
use crate::{
    error::Result,
    geometry::{Rect, ViewSpace},
    picture::{Picture, Source},
    pixel::ColorModel,
    svg::SvgPlace,
};

impl Builder<'_> {
    /// Draws the pictures that the images of an SVG show in this area, and adds them to its step.
    /// `space` is that of the SVG.
    ///
    /// A picture is drawn as a whole, whatever part of the view is wanted. It has the size that its
    /// request gives it, or fewer pixels where the view shows it smaller.
    pub fn images_of_svg(
        &mut self,
        image: &Source,
        step: &mut SvgStep,
        space: &Space,
        area: Rect<ViewSpace>,
    ) -> Result<Vec<NodeId>> {
        let embedded = image.svg.as_ref().and_then(|inputs| inputs.images.as_ref());
        let mut nodes = Vec::new();
        let places = step.places(area)?;
        for (number, (embedded, place)) in embedded.into_iter().flatten().zip(places).enumerate() {
            let SvgPlace { scale, visible: true } = place else { continue };
            let picture = &embedded.picture;
            let layout = Layout::of(picture, self.sources)?;
            let reply = layout.transform.reply;
            let side = |len: u32| ((f64::from(len) * scale).ceil() as u32).max(1).min(len);
            let size = [side(reply.width), side(reply.height)];
            let (frame, scale) = frame(&layout.transform, size);
            let (area, kernel) = (Rect::new(0, 0, size[0], size[1]), picture.view.kernel);
            let demand = Demand { frame: &frame, kernel, area, reach: 0 };
            let to = self.space_of_embedded(picture, &layout, space)?;
            self.depth += 1;
            let drawn = self.picture(picture, &layout, (scale, &to), demand);
            self.depth -= 1;
            if let Some(drawn) = drawn? {
                nodes.push(self.raster(drawn).node);
                step.images.push(SvgInput { number, size });
            }
        }
        Ok(nodes)
    }

    /// The space of an embedded picture: its own, because colours are not converted when it is
    /// embedded (r-svg-support), or that of its `icc=`. One without an RGB space gets that of the SVG.
    fn space_of_embedded(&self, picture: &Picture, layout: &Layout, svg: &Space) -> Result<Space> {
        let own = match &picture.output {
            Some(_) => Some(self.space_of_picture(picture)?),
            None => self.shared_space(picture, layout)?,
        };
        let own = own.filter(|space| space.model == ColorModel::Rgb);
        Ok(own.unwrap_or_else(|| svg.clone()))
    }
}

/// The frame of a picture whose reply is scaled to this size, and the length of one of its pixels.
fn frame(transform: &ViewTransform, [width, height]: [u32; 2]) -> (Frame, f64) {
    let ViewTransform { frame, reply, .. } = transform;
    let scaled = |axis: &Mapping, start: i64, len: u32, to: u32| {
        let scale = f64::from(to) / f64::from(len);
        let offset = (axis.offset - start as f64) * scale;
        (Mapping { origin: axis.origin, scale: axis.scale * scale, offset }, scale)
    };
    let (across, wide) = scaled(&frame.across, reply.x, reply.width, width);
    let (down, high) = scaled(&frame.down, reply.y, reply.height, height);
    (Frame { across, down }, wide.min(high))
}
