//! The nodes of a plan: their operation, their inputs, and the memory that they need.

use std::{
    hash::{Hash, Hasher},
    rc::Rc,
};

use super::{
    convert::Conversion, coverage::Shape, source::SourceStep, svg::SvgStep, text::TextStep,
    turn::TurnStep, warp::WarpStep,
};
use crate::{
    codec::EncodeOptions,
    color::Color,
    commands::{BlendMode, MaskUse},
    geometry::{Rect, ViewSpace},
    ops::Op,
    pixel::{PixelFormat, Raster},
};

/// One operation between the stored tiles and the encoded reply.
#[derive(Debug)]
pub struct Node {
    /// The operation.
    pub step: Step,
    /// The nodes whose pixels it reads. They precede it in the graph.
    pub inputs: Vec<NodeId>,
    /// The pixels of the view that it makes.
    pub area: Rect<ViewSpace>,
    /// The format of these pixels.
    pub pixel: PixelFormat,
    /// How it passes them to the next node.
    pub flow: Flow,
    /// Bytes of memory that it holds while it runs, without the raster that it outputs.
    pub working: u64,
    /// Whether its raster is put in the cache of layers.
    pub is_cached: bool,
    /// Bytes that it holds until the last pixel is drawn: those of stored objects that no earlier
    /// node reads, and its weights.
    pub stored: u64,
}

/// The operation of a node.
#[derive(Debug, Hash)]
pub enum Step {
    /// Decodes tiles of a level and resamples them.
    Source(SourceStep),
    /// Draws an SVG.
    Svg(SvgStep),
    /// Converts by profiles, or without them to the model of its pixels.
    Convert(Option<Conversion>),
    /// Applies operations in order on `f32` rows, and rounds once at the end.
    Ops(Vec<Op>),
    /// Makes pixels of one colour.
    Fill(Paint),
    /// Collects rows in a raster.
    Collect,
    /// Transforms a raster to the view.
    Warp(WarpStep),
    /// Turns a raster by 90° or 270°.
    Turn(TurnStep),
    /// Draws the coverage of paths as grey pixels.
    Coverage(Shape),
    /// Makes the silhouette of a layer from its raster, as grey rows.
    Silhouette(SilhouetteStep),
    /// Gives grey rows a colour: their values become its alpha.
    Tint(Paint),
    /// Combines the alpha of its first input with its second input, a raster.
    Mask(MaskStep),
    /// Blends its second input onto its first, a raster that it takes over.
    Blend(BlendStep),
    /// Places the image on the canvas of the reply.
    Place(Canvas),
    /// Encodes the canvas, once for each of these options. The smallest file is the reply. The first
    /// options are the requested ones.
    Encode(Vec<EncodeOptions>),
    /// A raster from the cache of layers, in place of the nodes that would draw it.
    Cached(CachedLayer),
    /// Draws a text.
    Text(TextStep),
}

/// A colour that is drawn.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Paint {
    /// The colour, as it was written.
    pub color: Color,
    /// How it is converted to the space of the pixels; `None` for no or a naive conversion.
    pub conversion: Option<Conversion>,
}

impl Paint {
    /// Bytes of memory that its conversion takes.
    pub fn memory(&self) -> u64 {
        self.conversion.as_ref().map_or(0, Conversion::memory)
    }
}

impl From<Color> for Paint {
    fn from(color: Color) -> Self {
        Self { color, conversion: None }
    }
}

/// A raster that an earlier request has drawn.
#[derive(Debug)]
pub struct CachedLayer {
    /// The key of the node that drew it.
    pub key: ContentHash,
    /// The raster.
    pub raster: Rc<Raster>,
}

/// A layer that is drawn for the cache.
#[derive(Debug, Clone, Copy)]
pub struct DrawnLayer {
    /// The node whose raster it is.
    pub node: NodeId,
    /// Its key.
    pub key: ContentHash,
    /// Its pixels of the view.
    pub area: Rect<ViewSpace>,
    /// Their format.
    pub pixel: PixelFormat,
    /// The work of drawing it from other layers, in pixels of a
    /// [`TimeSlice`](crate::time_slice::TimeSlice).
    pub work: u64,
}

/// How a layer's mask is combined with its pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MaskStep {
    /// How the mask is used.
    pub mask_use: MaskUse,
    /// Whether the mask replaces the pixels' own alpha, or is multiplied with it.
    pub replaces: bool,
    /// Whether only its alpha counts; otherwise a mask without alpha counts by its luma.
    pub alpha_only: bool,
    /// Whether the pixels lie on black, as those of premultiplied files do.
    pub on_black: bool,
}

impl MaskStep {
    /// The mask, by its luma or alpha, is multiplied with the alpha of the pixels.
    pub fn of(mask_use: MaskUse) -> Self {
        Self { mask_use, replaces: false, alpha_only: false, on_black: false }
    }
}

/// How the silhouette of an effect is made from its layer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SilhouetteStep {
    /// Which part of the layer it is.
    pub mask_use: MaskUse,
    /// Whether it is inverted, for an effect within the layer (E5).
    pub inverted: bool,
    /// The rectangle of the layer. It can be larger than the layer's raster.
    pub rect: Rect<ViewSpace>,
    /// How far it is shifted, in pixels of the view.
    pub shift: [i64; 2],
}

/// How pixels are blended onto a canvas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct BlendStep {
    /// The blend mode.
    pub mode: BlendMode,
    /// The opacity in ten-thousandths.
    pub opacity: u32,
    /// The number from which `blendMode=dissolve` makes its pattern.
    pub seed: u32,
}

/// What the canvas shows around the image and behind its transparent pixels.
#[derive(Debug, Clone, Copy, Hash)]
pub enum Canvas {
    /// A colour, without its alpha.
    Background(Color),
    /// Nothing: the canvas is a grey image of the picture's alpha.
    Alpha,
}

/// How a node passes its pixels to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Row by row, as the next node consumes them. It outputs no raster.
    Rows,
    /// As a raster, once all of it is complete.
    Raster,
    /// As the bytes of a file.
    File,
}

/// The position of a node in its [`Graph`](super::Graph).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodeId(pub(super) usize);

impl NodeId {
    /// Its place among the nodes of the graph, from 0.
    pub fn index(self) -> usize {
        self.0
    }
}

/// A hash of what a node's pixels depend on: its step and area, its inputs, and the key and the
/// version of each stored object that they are read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentHash(pub [u8; 16]);

impl Hash for CachedLayer {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl NodeId {
    /// The entry of this node in a list with one entry for each node of the graph.
    pub fn of<T: Copy>(self, all: &[T]) -> Option<T> {
        all.get(self.0).copied()
    }
}

impl Node {
    pub(super) fn new(
        step: Step,
        inputs: Vec<NodeId>,
        (area, pixel): (Rect<ViewSpace>, PixelFormat),
        flow: Flow,
        working: u64,
    ) -> Self {
        Self { step, inputs, area, pixel, flow, working, is_cached: false, stored: 0 }
    }

    /// Bytes of the raster that it outputs; 0 for a node that outputs rows or a file, or that takes
    /// its raster from the cache.
    pub fn raster(&self) -> u64 {
        match self.flow {
            Flow::Raster if !matches!(self.step, Step::Cached(_)) => {
                u64::from(self.area.width)
                    * u64::from(self.area.height)
                    * self.pixel.samples() as u64
            }
            Flow::Raster | Flow::Rows | Flow::File => 0,
        }
    }
}

impl Step {
    /// Whether it makes rows from any part of its input, which is a raster.
    pub fn samples_raster(&self) -> bool {
        matches!(self, Self::Warp(_) | Self::Turn(_) | Self::Silhouette(_))
    }

    /// The conversions by profiles that it needs.
    pub fn conversions(&self) -> impl Iterator<Item = &Conversion> {
        let (own, paints): (Option<&Conversion>, &[Paint]) = match self {
            Self::Convert(conversion) => (conversion.as_ref(), &[]),
            Self::Fill(paint) | Self::Tint(paint) => (None, std::slice::from_ref(paint)),
            Self::Text(step) => (None, &step.paints),
            Self::Source(_)
            | Self::Svg(_)
            | Self::Ops(_)
            | Self::Collect
            | Self::Warp(_)
            | Self::Turn(_)
            | Self::Coverage(_)
            | Self::Silhouette(_)
            | Self::Mask(_)
            | Self::Blend(_)
            | Self::Place(_)
            | Self::Encode(_)
            | Self::Cached(_) => (None, &[]),
        };
        own.into_iter().chain(paints.iter().filter_map(|paint| paint.conversion.as_ref()))
    }

    /// Its name in the reply to `req=explain`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Source(_) => "source",
            Self::Svg(_) => "svg",
            Self::Convert(_) => "convert",
            Self::Ops(_) => "ops",
            Self::Fill(_) => "fill",
            Self::Collect => "collect",
            Self::Cached(_) => "cached",
            Self::Warp(_) => "warp",
            Self::Turn(_) => "turn",
            Self::Coverage(_) => "coverage",
            Self::Text(_) => "text",
            Self::Silhouette(_) => "silhouette",
            Self::Tint(_) => "tint",
            Self::Mask(_) => "mask",
            Self::Blend(_) => "blend",
            Self::Place(_) => "place",
            Self::Encode(_) => "encode",
        }
    }
}
