//! Where the layers of a picture lie on its canvas (r-the-compositing-canvas, r-layer-transforms,
//! r-layer-placement).

use super::{
    clips::{self, PlacedClip},
    content::{self, ContentLayout},
    layer::{self, LayerLayout},
    matrix::Matrix,
    source::Opened,
    view::{ViewTransform, transform},
};
use crate::{
    error::{Error, Result},
    geometry::{CompositeSpace, Rect, Size},
    picture::{Content, Layer, Picture},
};

/// A picture with all its sizes and positions.
#[derive(Debug, Clone)]
pub struct Layout {
    /// The canvas: layer 0 after its transforms, cropped by `cropPathE=` of the composite.
    pub canvas: Size<CompositeSpace>,
    /// The layers in the order of the picture's.
    pub layers: Vec<LayerLayout>,
    /// The clip paths of the composite.
    pub clips: Vec<PlacedClip>,
    /// How the watermark lies on the canvas.
    pub watermark: Option<ContentLayout>,
    /// How the canvas is transformed to the view.
    pub transform: ViewTransform,
}

/// Where a layer lies.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedLayer {
    /// Its number.
    pub number: u32,
    /// Its rectangle on the canvas.
    pub rect: Rect<CompositeSpace>,
    /// The top left and bottom right corners of that rectangle, in pixels of the reply. They may lie
    /// outside of it.
    pub corners: [[f64; 2]; 2],
}

/// The longest side of a layer, in pixels. Longer ones are refused, so that coordinates stay exact
/// in `f64`.
pub const SIDE_MAX: u32 = 10_000_000;

impl Layout {
    /// Lays out a picture from the sizes of its images. Fails if an image is missing, a layer is
    /// too large or too far from the canvas, or the embedded paths are too long.
    pub fn new(picture: &Picture, sources: &[Opened]) -> Result<Self> {
        clips::check(picture, sources)?;
        Self::of(picture, sources)
    }

    /// Lays out a picture, or one in another whose paths were checked.
    pub(super) fn of(picture: &Picture, sources: &[Opened]) -> Result<Self> {
        let mut layers: Vec<LayerLayout> = Vec::with_capacity(picture.layers.len());
        let mut canvas = Size::new(0, 0);
        let mut origin = [0.0; 2];
        for layer in &picture.layers {
            let base = layers.first().map(|_| canvas);
            let mut placed = layer::layout(layer, base, sources)?;
            if base.is_none() {
                canvas = Size::new(placed.rect.width, placed.rect.height);
                origin = placed.origin;
            } else {
                placed.place(layer.placement.position, origin, canvas)?;
            }
            layers.push(placed);
        }
        let content = &picture.layer_0()?.content;
        let image = |layers: &[LayerLayout]| {
            layers.first().map_or(Matrix::moved([0.0; 2]), LayerLayout::image)
        };
        let names = &picture.crop_paths;
        let cut = clips::cropped(Rect::of(canvas), names, &image(&layers), content, sources)?;
        if cut != Rect::of(canvas) {
            canvas = Size::new(cut.width, cut.height);
            layers.iter_mut().for_each(|layer| layer.shift([-cut.x, -cut.y]));
        }
        let whole = Rect::of(canvas);
        for (laid_out, layer) in layers.iter_mut().zip(&picture.layers) {
            // A layer casts its shadow from outside the canvas, too.
            let seen = if layer.treatment.effects.is_empty() { whole } else { laid_out.rect };
            laid_out.clip(seen);
            laid_out.mirror(picture.composite.flip, canvas);
        }
        let transforms = (Matrix::moved([0.0; 2]), image(&layers));
        let clips = clips::placed(&picture.composite.clips, transforms, content, sources)?;
        let transform = transform(&picture.view, canvas)?;
        let watermark = picture.watermark.as_ref();
        let watermark = watermark.map(|mark| content::watermark(mark, canvas, sources));
        Ok(Self { canvas, layers, clips, watermark: watermark.transpose()?, transform })
    }

    /// Where the layers of the picture lie, from the bottom to the top.
    pub fn placed(&self, picture: &Picture) -> Vec<PlacedLayer> {
        let ViewTransform { frame, reply, .. } = &self.transform;
        let in_reply = |x: i64, y: i64| {
            let (x, y) = (frame.across.map(x as f64), frame.down.map(y as f64));
            [x - reply.x as f64, y - reply.y as f64]
        };
        let placed = |(layer, LayerLayout { rect, .. }): (&Layer, &LayerLayout)| {
            let ends = [in_reply(rect.x, rect.y), in_reply(rect.right(), rect.bottom())];
            // A view with a negative scale is mirrored.
            let corner = |pick: fn(f64, f64) -> f64| {
                [pick(ends[0][0], ends[1][0]), pick(ends[0][1], ends[1][1])]
            };
            let corners = [corner(f64::min), corner(f64::max)];
            PlacedLayer { number: layer.number, rect: *rect, corners }
        };
        picture.layers.iter().zip(&self.layers).map(placed).collect()
    }

    /// The layout of layer 0. Fails only by a programming error, since it always exists.
    pub fn layer_0(&self) -> Result<&LayerLayout> {
        self.layers.first().ok_or_else(|| Error::bug("a layout without a layer"))
    }
}

/// The opened pyramid of an image. Fails if it is not among the sources.
pub fn opened<'s, 'a>(content: &Content, sources: &'s [Opened<'a>]) -> Result<&'s Opened<'a>> {
    let Content::Source(source) = content else {
        return Err(Error::bug("a layer without a pyramid"));
    };
    let found = sources.iter().find(|opened| opened.key == source.key);
    found.ok_or_else(|| Error::bug("an image of the picture was not opened"))
}

/// Whether the content of a layer is an image with premultiplied (associated) alpha.
pub fn is_premultiplied(content: &Content, sources: &[Opened]) -> Result<bool> {
    let Content::Source(_) = content else { return Ok(false) };
    let level = opened(content, sources)?.index.levels.first();
    Ok(level.and_then(|level| level.alpha).is_some_and(|(_, premultiplied)| premultiplied))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::plan::tests::{pyramid, resolved};

    fn layout(query: &str) -> Result<Layout> {
        let index = Rc::new(pyramid(400, 300));
        let key = "assets/Shop/shoe.tif";
        Layout::new(
            &resolved(query).picture,
            &[Opened { key, index: &index, object: None, drawings: &[] }],
        )
    }

    /// x, y, width and height of the last layer's rectangle.
    fn rect(query: &str) -> [i64; 4] {
        let layout = layout(query).unwrap();
        let rect = layout.layers.last().unwrap().rect;
        [rect.x, rect.y, rect.width.into(), rect.height.into()]
    }

    #[test]
    fn the_canvas_is_layer_0_after_its_transforms() {
        for (query, canvas) in [
            ("", (400, 300)),
            ("size=200,0", (200, 150)),
            ("rotate=90", (300, 400)),
            ("rotate=-450", (300, 400)),
            ("rotate=30", (497, 460)),
            ("extend=10,20,30,40", (440, 360)),
            ("size=100,0&rotate=90&extendN=0.5,0,0,-0.5", (113, 50)),
            ("crop=-50,0,100,100&layer=1&color=ff0000&size=900,900", (100, 100)),
            ("perspective=10,10,90,10,90,90,10,90", (400, 300)),
        ] {
            let canvas_of = layout(query).unwrap().canvas;
            assert_eq!((canvas_of.width, canvas_of.height), canvas, "{query}");
        }
    }

    #[test]
    fn a_layer_lies_with_its_origin_at_that_of_layer_0_plus_pos() {
        let solid = "layer=1&color=ff0000&size=40,30";
        for (before, after, at) in [
            ("", "", [180, 135]),
            ("", "pos=10,-5", [190, 130]),
            ("", "posN=0.5,0", [380, 135]),
            ("", "origin=0,0", [200, 150]),
            ("", "originN=0.5,-0.5", [160, 150]),
            ("origin=0,0&", "origin=0,0&pos=7,5", [7, 5]),
            ("originN=0.5,0.5&", "originN=0.5,0.5", [360, 270]),
            ("anchor=100,100&", "origin=0,0", [100, 100]),
            ("anchor=100,100&size=200,0&flip=lr&", "origin=0,0", [110, 50]),
            ("layer=0&flip=lr&anchor=100,100&", "origin=0,0", [300, 100]),
            ("anchorN=-0.5,-0.5&extend=20,10,0,0&", "origin=0,0", [20, 10]),
            ("anchor=0,0&rotate=90&", "origin=0,0", [300, 0]),
            ("", "extend=10,0,0,0", [175, 135]),
            ("size=201,0&", "size=40,31", [81, 60]),
        ] {
            let query = format!("{before}{solid}&{after}");
            assert_eq!(rect(&query)[..2], at, "{query}");
        }
    }

    #[test]
    fn sizen_is_a_part_of_layer_0() {
        assert_eq!(rect("size=200,0&layer=1&color=ff0000&sizeN=0.5,0.1")[2..], [100, 15]);
        assert_eq!(rect("layer=1&src=/Shop/shoe&sizeN=0.5,0.5")[2..], [200, 150]);
        assert_eq!(rect("layer=1&src=/Shop/shoe&sizeN=0,0.1")[2..], [40, 30]);
    }

    #[test]
    fn res_scales_by_the_resolution_of_the_source() {
        assert_eq!(rect("res=36"), [0, 0, 200, 150]);
        assert_eq!(rect("res=36&scale=2"), [0, 0, 800, 600]);
    }

    #[test]
    fn a_solid_layer_without_size_is_as_large_as_its_path() {
        let path = "origin=0,0&layer=1&color=ff0000&clipPath=M30.5,20L130,20,80,99.5Z";
        assert_eq!(rect(path), [30, 20, 100, 80]);
        assert_eq!(rect(&format!("{path}&pos=5,5")), [35, 25, 100, 80]);
    }

    #[test]
    fn a_nested_picture_is_as_large_as_its_reply() {
        let nested = "layer=1&src=is{/Shop/shoe?wid=100&rotate=90}";
        assert_eq!(rect(nested)[2..], [100, 134]);
        assert_eq!(rect("layer=1&src=is{/Shop/shoe?rect=10,10,50,40}&scale=2")[2..], [100, 80]);
    }

    #[test]
    fn what_is_too_far_or_has_no_extent_is_refused() {
        for query in [
            "extend=-300,0,-100,0",
            "extend=99999999,0,0,0",
            "layer=1&color=ff0000&size=9,9&pos=999999999,0",
            "scale=99999",
            "crop=999999999,0,1,1",
        ] {
            assert!(layout(query).is_err(), "{query}");
        }
    }
}
