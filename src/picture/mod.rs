//! A picture as plain data: layers, what is done to all of them together, and the view.
//!
//! No macro or variable is left to replace, and of what is drawn nothing to look up. Equal pictures
//! of equal sources have equal pixels.

mod object;

pub use object::ObjectId;

use crate::{
    catalog::ThumbnailType,
    color::Color,
    commands::{Crop, Fit, Flip},
    error::{Error, Result},
    ops::Ops,
    ratio::Ratio,
    resample::Kernel,
};

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Picture {
    /// From the back to the front. The first is layer 0, which always exists.
    pub layers: Vec<Layer>,
    /// What is done to the layers together.
    pub composite: Treatment,
    /// How the composite becomes the view.
    pub view: View,
}

/// One layer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Layer {
    /// Its number. Higher ones cover lower ones.
    pub number: u32,
    /// What it shows.
    pub content: Content,
    /// `mask=`: what takes the place of its alpha channel.
    pub mask: Option<Content>,
    /// Which part of its content is shown, and how large.
    pub transform: Transform,
    /// What is done to its pixels.
    pub treatment: Treatment,
}

/// What a layer shows, or is masked by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// The image that was looked up for layer 0.
    #[default]
    Image,
    /// The first of these objects that exists. Only layers that are not drawn yet have it.
    Objects(Vec<ObjectId>),
    /// A remote image, whose URL is permitted.
    Remote(String),
    /// A picture of its own: a nested request.
    Picture(Box<Picture>),
    /// A text, as it is written.
    Text(String),
    /// Nothing but its colour.
    Solid,
}

/// A part of an image, scaled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Transform {
    /// `crop=` or `cropN=`
    pub crop: Option<Crop>,
    /// `scale=`: layer pixels per source pixel, greater than 0.
    pub scale: Option<Ratio>,
    /// `size=`: the box it is scaled to fit, in pixels; a missing side is free.
    pub size: [Option<u32>; 2],
    /// How a thumbnail puts it into the box of `size=`; elsewhere it is as large as its image.
    pub boxed: Option<Boxed>,
}

/// What is done to pixels, in this order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Treatment {
    /// Operations. Those of the composite are those of the view.
    pub ops: Ops,
    /// Which axes are mirrored.
    pub flip: Flip,
}

/// A layer that is as large as the box of `size=`, whatever the shape of its image
/// (r-thumbnail-scaling).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Boxed {
    /// What is scaled how.
    pub kind: ThumbnailType,
    /// Where the image lies in the box: −1 left or top, 0 the middle, 1 right or bottom.
    pub align: [Ratio; 2],
}

/// The view: everything `r-view-transform-for-images` considers.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct View {
    /// `wid=` and `hei=`.
    pub size: [Option<u32>; 2],
    /// `dpr=`: how many times larger than asked for the view is, as far as `max_pix` allows.
    pub pixel_ratio: Ratio,
    /// Composite pixels per view pixel.
    pub inverse_scale: Option<Ratio>,
    /// `fit=`, where it is said.
    pub fit: Option<Fit>,
    /// Whether the composite may be enlarged where `fit=` is not said.
    pub upscale: bool,
    /// Where the picture lies in the view, as far as `align=` counts: −1 … 1, 0 the middle.
    pub align: [Ratio; 2],
    /// The region of interest: x, y, width, height in pixels of the composite.
    pub region: Option<[i64; 4]>,
    /// The part of the view that is the reply, and the factor that scales the view.
    pub rect: Option<([i64; 4], Ratio)>,
    /// The largest view where none is asked for; 0 is free.
    pub default_pix: [u32; 2],
    /// The largest reply; 0 is free.
    pub max_pix: [u32; 2],
    /// What shows where there is no image.
    pub background: Color,
    /// The resampling kernel.
    pub kernel: Kernel,
}

impl Picture {
    /// Layer 0.
    pub fn layer_0(&self) -> Result<&Layer> {
        self.layers.first().ok_or_else(|| Error::bug("a picture without a layer"))
    }

    /// Whether layers above layer 0 are named.
    pub fn has_upper_layers(&self) -> bool {
        self.layers.iter().any(|layer| layer.number > 0)
    }
}
