//! A picture as plain data: layers, the treatment of their composite, and the view.
//!
//! Macros and variables are replaced, and everything to render is looked up. Equal pictures of
//! equal sources have equal pixels.

mod object;

pub use object::ObjectId;

use crate::{
    catalog::ThumbnailType,
    color::Color,
    commands::{Crop, Fit, Flip, ViewPart},
    error::{Error, Result},
    geometry::{CompositeSpace, Rect},
    ops::Ops,
    ratio::Ratio,
    resample::Kernel,
};

/// The picture to render.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Picture {
    /// The layers from the bottom to the top. The first is layer 0, which always exists.
    pub layers: Vec<Layer>,
    /// The treatment of the composite.
    pub composite: Treatment,
    /// How the composite is transformed to the view.
    pub view: View,
}

/// One layer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Layer {
    /// Its number. Higher layers cover lower ones.
    pub number: u32,
    /// Its content.
    pub content: Content,
    /// `mask=`: the image that replaces its alpha channel.
    pub mask: Option<Content>,
    /// The part of its content that is shown, and its scale.
    pub transform: Transform,
    /// The treatment of its pixels.
    pub treatment: Treatment,
}

/// The content of a layer or of its mask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// The image that was looked up for layer 0.
    #[default]
    Image,
    /// The first of these objects that exists. Only unsupported layers and masks have it.
    Objects(Vec<ObjectId>),
    /// A remote image, whose URL is permitted.
    Remote(String),
    /// The picture of a nested request.
    Picture(Box<Picture>),
    /// A text, as the command gives it.
    Text(String),
    /// A solid colour.
    Solid,
}

/// A part of an image, scaled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Transform {
    /// `crop=` or `cropN=`
    pub crop: Option<Crop>,
    /// `scale=`: layer pixels per source pixel, greater than 0.
    pub scale: Option<Ratio>,
    /// `size=`: the box it is scaled to fit, width × height in pixels; `None` leaves a side free.
    pub size: [Option<u32>; 2],
    /// How a thumbnail fits the image into the box of `size=`. `None`: the layer has the size of
    /// its scaled image.
    pub boxed: Option<Boxed>,
}

/// The treatment of pixels: operations, then mirroring.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Treatment {
    /// The operations. Those of the composite apply to the view.
    pub ops: Ops,
    /// Which axes are mirrored.
    pub flip: Flip,
}

/// A layer with the size of the box of `size=`, whatever the aspect ratio of its image
/// (r-thumbnail-scaling).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Boxed {
    /// How the image is scaled.
    pub kind: ThumbnailType,
    /// The position of the image in the box: −1 left or top, 0 centre, 1 right or bottom.
    pub align: [Ratio; 2],
}

/// The view: all inputs of `r-view-transform-for-images`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct View {
    /// `wid=` and `hei=`, in pixels.
    pub size: [Option<u32>; 2],
    /// `dpr=`: the factor by which the view is larger than requested, as far as `max_pix` permits.
    pub pixel_ratio: Ratio,
    /// Composite pixels per view pixel.
    pub inverse_scale: Option<Ratio>,
    /// `fit=`, if the request has it.
    pub fit: Option<Fit>,
    /// Whether the composite may be enlarged if the request has no `fit=`.
    pub upscale: bool,
    /// The position of the picture in the view: −1 left or top, 0 centre, 1 right or bottom. It is
    /// 0 where `align=` has no effect.
    pub align: [Ratio; 2],
    /// `rgn=`: the region of interest.
    pub region: Option<Rect<CompositeSpace>>,
    /// `rect=`: the part of the view that is the reply.
    pub rect: Option<ViewPart>,
    /// The largest view without a requested size, width × height in pixels; 0 is unlimited.
    pub default_pix: [u32; 2],
    /// The largest reply, width × height in pixels; 0 is unlimited.
    pub max_pix: [u32; 2],
    /// The colour where no image covers the view.
    pub background: Color,
    /// The resampling kernel.
    pub kernel: Kernel,
}

impl Picture {
    /// Layer 0. Fails only by a programming error, since it always exists.
    pub fn layer_0(&self) -> Result<&Layer> {
        self.layers.first().ok_or_else(|| Error::bug("a picture without a layer"))
    }

    /// Whether the picture has layers above layer 0.
    pub fn has_upper_layers(&self) -> bool {
        self.layers.iter().any(|layer| layer.number > 0)
    }
}
