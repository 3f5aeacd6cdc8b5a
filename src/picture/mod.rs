//! A picture as plain data: layers, the treatment of their composite, and the view.
//!
//! Macros and variables are replaced, and everything to render is looked up. Equal pictures of
//! equal sources have equal pixels.

mod clip;
mod contents;
mod object;
mod profile;
mod svg;

pub use clip::{Clip, ClipPath};
pub use object::ObjectId;
pub use profile::{Assumed, ConversionOptions, OutputProfile, ProfileName};
pub use svg::{EmbeddedImage, SvgInputs};

use crate::{
    catalog::ThumbnailType,
    color::Color,
    commands::{BlendMode, Crop, Fit, Flip, MaskUse, Measure, Perspective, ViewPart},
    error::{Error, Result},
    geometry::{CompositeSpace, Rect},
    ops::Ops,
    ratio::Ratio,
    resample::Kernel,
    text::LayerText,
};

/// The picture to render.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Picture {
    /// The layers from the bottom to the top. The first is layer 0, which always exists. Layers
    /// above it that are hidden are left out.
    pub layers: Vec<Layer>,
    /// The treatment of the composite.
    pub composite: Treatment,
    /// `cropPathE=` of the composite: the names of embedded paths in the image of layer 0.
    pub crop_paths: Vec<String>,
    /// Whether effects are cut off where their layer is (`effectMask=`).
    pub effect_mask: bool,
    /// What is blended onto the finished composite. Nested pictures have none.
    pub watermark: Option<Box<Watermark>>,
    /// `icc=` of a nested request. Without it, its colours are those of the picture around it.
    pub output: Option<OutputProfile>,
    /// How the composite is transformed to the view.
    pub view: View,
}

/// A watermark (r-watermarks).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Watermark {
    /// Its picture, without a view.
    pub content: Content,
    /// `sizeN=`: the box that it is scaled to fit, in fractions of the composite's sides.
    pub size: [Option<Ratio>; 2],
    /// `align=`: its position on the composite: −1 left or top, 0 centre, 1 right or bottom.
    pub align: [Ratio; 2],
    /// How it is blended.
    pub blend: Blend,
}

/// The mask of a layer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mask {
    /// The image.
    pub content: Content,
    /// Whether it is ignored if the layer's image has premultiplied alpha (`catalog::MaskPath`).
    pub yields: bool,
}

/// One layer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Layer {
    /// Its number. Higher layers cover lower ones.
    pub number: u32,
    /// Whether it is transparent. Only layer 0 can be hidden, because it sets the canvas.
    pub hidden: bool,
    /// Its content.
    pub content: Content,
    /// The image that replaces the alpha channel of its content.
    pub mask: Option<Mask>,
    /// How its alpha channel is used.
    pub mask_use: MaskUse,
    /// The part of its content that is shown, its scale and its shape.
    pub transform: Transform,
    /// The position of the layer on the canvas.
    pub placement: Placement,
    /// `color=`: fills the transparent parts of its content.
    pub fill: Option<Color>,
    /// `bgColor=`: fills the transparent parts of the whole layer.
    pub background: Option<Color>,
    /// The treatment of its pixels.
    pub treatment: Treatment,
}

/// The content of a layer or of its mask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub enum Content {
    /// No content was found. Only layer 0 has it.
    #[default]
    Empty,
    /// A stored or remote image.
    Source(Source),
    /// The picture of a nested request.
    Picture(Box<Picture>),
    /// A text.
    Text(Box<LayerText>),
    /// A solid colour.
    Solid(Color),
}

/// An image, and what its record tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Source {
    /// Its key in the object store; a URL for a remote image.
    pub key: String,
    /// `catalog::Anchor`: the point that stays in place, in pixels of the full-resolution image.
    pub anchor: Option<[i64; 2]>,
    /// `catalog::Resolution`: pixels per unit of `res=`, greater than 0.
    pub resolution: Ratio,
    /// The profile that it has if it contains none.
    pub assumed: Assumed,
    /// For an SVG, what it is drawn with.
    pub svg: Option<Box<SvgInputs>>,
}

/// The transform of a layer's content (r-layer-transforms).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Transform {
    /// `crop=` or `cropN=`
    pub crop: Option<Crop>,
    /// `cropPathE=`: the names of embedded paths. The rest of `crop=` is cropped to the bounding box
    /// of each in turn.
    pub crop_paths: Vec<String>,
    /// `scale=`: layer pixels per source pixel, greater than 0.
    pub scale: Option<Ratio>,
    /// `res=`: layer pixels per unit of [`Source::resolution`]. `scale=` and `size=` override it.
    pub resolution: Option<Ratio>,
    /// `size=`: the box it is scaled to fit, width × height in pixels; `None` leaves a side free.
    pub size: [Option<u32>; 2],
    /// `sizeN=`: the same in fractions of layer 0's sides, greater than 0, at most 1.
    pub size_normalized: [Option<Ratio>; 2],
    /// How a thumbnail fits the image into the box of `size=`. `None`: the layer has the size of
    /// its scaled image.
    pub boxed: Option<Boxed>,
    /// `rotate=`: degrees clockwise.
    pub rotate: Ratio,
    /// `perspective=`: the corners of the transformed content.
    pub perspective: Option<Perspective>,
    /// `extend=`: the margins that are added at the left, top, right and bottom.
    pub extend: Option<Measure<4>>,
}

/// The points that place a layer on the canvas (r-layer-placement).
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Placement {
    /// `anchor=`: the point of the content that becomes the origin; the centre of a rotation.
    pub anchor: Option<Measure<2>>,
    /// `origin=`: the point of the layer's rectangle that `pos=` places.
    pub origin: Option<Measure<2>>,
    /// `pos=`: the offset from the origin of layer 0 to that of this layer.
    pub position: Option<Measure<2>>,
}

/// The treatment of a layer's or the composite's pixels.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Treatment {
    /// The operations. Those of the composite apply to the composite or to the view (D4).
    pub ops: Ops,
    /// Which axes are mirrored.
    pub flip: Flip,
    /// `clipPath=`, `clipXPath=` and their forms with `E`: what lies outside or inside these paths
    /// is transparent.
    pub clips: Vec<Clip>,
    /// How it is blended with what lies below it.
    pub blend: Blend,
    /// Its effects, in order of their numbers.
    pub effects: Vec<Effect>,
}

/// How a layer or an effect is blended with what lies below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Blend {
    /// `blendMode=`
    pub mode: BlendMode,
    /// The first argument of `opac=`: the opacity of the layer with its effects, 0 to 100.
    pub opacity: u8,
    /// The second argument of `opac=`: the opacity of the layer's own content, 0 to 100.
    pub fill_opacity: u8,
}

impl Default for Blend {
    fn default() -> Self {
        Self { mode: BlendMode::Normal, opacity: 100, fill_opacity: 100 }
    }
}

/// A shadow or a glow: the silhouette of its layer in a colour (r-layer-effects).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Effect {
    /// Its number: below 0 it lies behind the layer, above 0 within it.
    pub number: i32,
    /// Its colour.
    pub color: Color,
    /// How its silhouette is made from the layer's alpha channel.
    pub mask_use: MaskUse,
    /// `pos=`: its offset from the layer.
    pub position: Option<Measure<2>>,
    /// Its operations.
    pub ops: Ops,
    /// How it is blended.
    pub blend: Blend,
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
