//! Where the layers of a picture lie on its canvas (r-the-compositing-canvas, r-layer-transforms,
//! r-layer-placement).

use super::{
    layer::{self, LayerLayout},
    source::Opened,
    view::{ViewTransform, transform},
};
use crate::{
    error::{Error, Result},
    geometry::{CompositeSpace, Rect, Size},
    picture::{Content, Picture},
};

/// A picture with all its sizes and positions.
#[derive(Debug)]
pub struct Layout {
    /// The canvas: layer 0 after its transforms.
    pub canvas: Size<CompositeSpace>,
    /// The layers in the order of the picture's.
    pub layers: Vec<LayerLayout>,
    /// How the canvas is transformed to the view.
    pub transform: ViewTransform,
}

/// The longest side of a layer, in pixels. Longer ones are refused, so that coordinates stay exact
/// in `f64`.
pub const SIDE_MAX: u32 = 10_000_000;

impl Layout {
    /// Lays out a picture from the sizes of its images. Fails if an image is missing, or a layer is
    /// too large or too far from the canvas.
    pub fn new(picture: &Picture, sources: &[Opened]) -> Result<Self> {
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
        let whole = Rect::of(canvas);
        for (laid_out, layer) in layers.iter_mut().zip(&picture.layers) {
            // A layer casts its shadow from outside the canvas, too.
            let seen = if layer.treatment.effects.is_empty() { whole } else { laid_out.rect };
            laid_out.clip(seen);
            laid_out.mirror(picture.composite.flip, canvas);
        }
        let transform = transform(&picture.view, canvas)?;
        Ok(Self { canvas, layers, transform })
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
