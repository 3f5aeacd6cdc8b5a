//! Attributes that all layers have: position, size, orientation and clipping.

use super::{
    Appearance, Apply, Command, OnComp, Path, Perspective, SourceAttributes, Support, Text,
};
use crate::{color::Color, error::Error, ratio::Ratio, usage::Usage};

/// The attributes of one layer, or of the composite image.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LayerAttributes {
    /// The image it shows, and which part of it.
    pub source: SourceAttributes,
    /// The text it shows.
    pub text: Text,
    /// The attributes that effects have too.
    pub appearance: Appearance,
    /// `size=`: the box that the cropped source is scaled to fit, in pixels; `None` is free.
    pub size: [Option<u32>; 2],
    /// `sizeN=`: the same in fractions of layer 0, 0 to 1; `None` is free.
    pub size_normalized: [Option<Ratio>; 2],
    /// `flip=`: the mirrored axes.
    pub flip: Flip,
    /// `rotate=`: degrees clockwise, above −360 and below 360.
    pub rotate: Ratio,
    /// `extend=`: the margins at the left, top, right and bottom; negative ones crop.
    pub extend: Option<Measure<4>>,
    /// `perspective=`: the new positions of the corners, clockwise from the top left.
    pub perspective: Option<Perspective>,
    /// `origin=`: the point that `pos=` places; in pixels from the top-left corner, or in fractions
    /// of the size from the centre.
    pub origin: Option<Measure<2>>,
    /// `hide=`: whether the layer is hidden.
    pub hidden: bool,
    /// `bgColor=`: the background of the layer's whole rectangle.
    pub background: Option<Color>,
    /// `clipPath=`: pixels outside the path are transparent.
    pub clip: Option<Path>,
    /// `clipXPath=`: pixels inside the path are transparent.
    pub clip_out: Option<Path>,
    /// `clipPathE=`: names of paths embedded in the image's file, used as `clipPath=`.
    pub clip_embedded: Vec<String>,
    /// `clipXPathE=`: names of paths embedded in the image's file, used as `clipXPath=`.
    pub clip_out_embedded: Vec<String>,
    /// `cropPathE=`: names of paths embedded in the image's file. The image is cropped to the
    /// bounding box of each in turn.
    pub crop_embedded: Vec<String>,
    /// `map=`: HTML areas in layer coordinates; empty means none.
    pub map: Option<String>,
    /// `mapA=`: HTML areas in source coordinates; empty means none.
    pub map_source: Option<String>,
}

/// The numbers of a command that has a form in pixels and a form in fractions (suffix `N`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure<const N: usize> {
    /// Integer pixels.
    Pixels([i64; N]),
    /// Fractions of the width and height that the command's page names.
    Normalized([Ratio; N]),
}

/// Which axes are mirrored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flip {
    /// Left and right are swapped.
    pub left_right: bool,
    /// Top and bottom are swapped.
    pub up_down: bool,
}

impl Flip {
    /// Applies one flip after the other: two flips of the same axis cancel.
    pub fn and(self, other: Self) -> Self {
        Self {
            left_right: self.left_right != other.left_right,
            up_down: self.up_down != other.up_down,
        }
    }
}

const PAIR: &str = "x,y";

const FLIPS: [(&str, Flip); 3] = [
    ("lr", Flip { left_right: true, up_down: false }),
    ("ud", Flip { left_right: false, up_down: true }),
    ("lrud", Flip { left_right: true, up_down: true }),
];

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "layer",
        doc: "r-layer",
        usage: Usage::new("Layer", "layer[,name]")
            .help(
                "Selects the layer that the commands after it change: a number from 0 at the \
                 bottom, a layer's name, or comp for the whole picture. A number may be given a \
                 name.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&size=200,200&pos=120,40"),
        support: Support::Full,
        apply: Apply::Segment,
    },
    Command {
        name: "size",
        doc: "r-size-reference",
        usage: Usage::new("Layer size", "width (integer 0… px),height (integer 0… px)")
            .help("Fits a layer into a box and keeps its proportions. 0 leaves that side free.")
            .example("size=500,334&layer=1&src=Samples/tulips&size=150,150"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.size = [args.pixels(0)?, args.pixels(1)?];
            Ok(())
        }),
    },
    // Not permitted for layer 0 (D9).
    Command {
        name: "sizeN",
        doc: "r-size-reference",
        usage: Usage::new("Layer size by parts", "width (0…1),height (0…1)")
            .help(
                "Fits a layer into a box that is given in parts of the bottom layer. Not for the \
                 bottom layer itself.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&sizeN=0.5,0.5"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Refused, |layer, args| {
            let side = |nth| Ok::<_, Error>(args.factor(nth)?.map(|part| part.min(Ratio::ONE)));
            layer.size_normalized = [side(0)?, side(1)?];
            Ok(())
        }),
    },
    Command {
        name: "flip",
        doc: "r-flip",
        usage: Usage::new("Flip", "direction: lr|ud|lrud")
            .help("Mirrors the picture or layer: left to right, upside down, or both.")
            .example("flip=lr&wid=500")
            .basic(),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.flip = args.keyword(0, &FLIPS)?.unwrap_or_default();
            Ok(())
        }),
    },
    Command {
        name: "rotate",
        doc: "r-rotate",
        usage: Usage::new("Rotate", "angle (degrees)")
            .help(
                "Turns the layer clockwise. Corners that become free are transparent and show the \
                 background.",
            )
            .example("rotate=12&wid=500&bgc=f4efe6")
            .basic(),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.rotate = args.exact(0)?.unwrap_or(Ratio::ZERO) % Ratio::from(360_i64);
            Ok(())
        }),
    },
    Command {
        name: "extend",
        doc: "r-extend",
        usage: Usage::new(
            "Extend",
            "left (integer px),top (integer px),right (integer px),bottom (integer px)",
        )
        .help(
            "Adds transparent margins around the layer, which show its background colour. \
                 Negative margins cut off.",
        )
        .example("size=400,0&extend=20,20,20,60&bgColor=f4efe6"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            let sides = args.offsets::<4>(SIDES)?.filter(|sides| *sides != [0; 4]);
            layer.extend = sides.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "extendN",
        doc: "r-extend",
        usage: Usage::new(
            "Extend by parts",
            "left (number),top (number),right (number),bottom (number)",
        )
        .help(
            "Adds margins around the layer in parts of its width and height. Negative margins \
                 cut off.",
        )
        .example("size=400,0&extendN=0.05,0.05,0.05,0.2&bgColor=f4efe6"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            let sides = args.numbers::<4>(SIDES)?.filter(|sides| *sides != [Ratio::ZERO; 4]);
            layer.extend = sides.map(Measure::Normalized);
            Ok(())
        }),
    },
    Command {
        name: "perspective",
        doc: "r-perspective",
        usage: Usage::new(
            "Perspective",
            "x0 (px),y0 (px),x1 (px),y1 (px),x2 (px),y2 (px),x3 (px),y3 (px)[,resampling: R1|R2|\
             R3]",
        )
        .help(
            "Distorts a layer so that its corners come to these points: top left, top right, \
                 bottom right, bottom left. R1 is fastest, R3 is best, and R3T20 softens steps \
                 with a jitter of 0 to 200.",
        )
        .example("size=500,334&layer=1&src=Samples/tulips&perspective=60,40,260,80,240,260,40,300"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.perspective = Perspective::read(args, false)?;
            Ok(())
        }),
    },
    Command {
        name: "perspectiveN",
        doc: "r-perspective",
        usage: Usage::new(
            "Perspective by parts",
            "x0 (number),y0 (number),x1 (number),y1 (number),x2 (number),y2 (number),x3 (number),\
             y3 (number)[,resampling: R1|R2|R3]",
        )
        .help(
            "Distorts a layer like perspective=, with its corners in parts of the bottom \
                 layer: 0,0 is its top left, 1,1 its bottom right corner.",
        )
        .example(
            "size=500,334&layer=1&src=Samples/tulips&perspectiveN=0.1,0.1,0.5,0.2,0.5,0.8,0.1,\
                 0.9",
        ),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.perspective = Perspective::read(args, true)?;
            Ok(())
        }),
    },
    Command {
        name: "anchor",
        doc: "r-anchor",
        usage: Usage::new("Anchor", "x (integer px),y (integer px)")
            .help(
                "The point of the source image that stays in place when the layer is turned, \
                 flipped or placed, in pixels from its top left corner.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&anchor=0,0&scale=0.4"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.anchor = args.offsets(PAIR)?.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "anchorN",
        doc: "r-anchor",
        usage: Usage::new("Anchor by parts", "x (number),y (number)")
            .help(
                "The point of the source image that stays in place, in parts of its size from its \
                 centre: -0.5,-0.5 is the top left corner.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&anchorN=-0.5,-0.5&scale=0.4"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.anchor = args.numbers(PAIR)?.map(Measure::Normalized);
            Ok(())
        }),
    },
    Command {
        name: "origin",
        doc: "r-origin",
        usage: Usage::new("Origin", "x (integer px),y (integer px)")
            .help(
                "The point of a layer that pos= places, in pixels from the layer's top left \
                 corner.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&size=150,150&origin=0,0&pos=20,20"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.origin = args.offsets(PAIR)?.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "originN",
        doc: "r-origin",
        usage: Usage::new("Origin by parts", "x (number),y (number)")
            .help(
                "The point of a layer that pos= places, in parts of the layer from its centre: \
                 -0.5,-0.5 is the top left corner.",
            )
            .example(
                "size=500,334&originN=-0.5,-0.5&layer=1&src=Samples/tulips&size=150,150&\
                 originN=-0.5,-0.5&pos=20,20",
            ),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.origin = args.numbers(PAIR)?.map(Measure::Normalized);
            Ok(())
        }),
    },
    Command {
        name: "hide",
        doc: "r-hide",
        usage: Usage::new("Hide", "hidden: 0|1")
            .help("Hides a layer and leaves its commands in the URL.")
            .example("size=500,334&layer=1&src=Samples/tulips&size=200,200&hide=1"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.hidden = args.switch(0)?.unwrap_or(false);
            Ok(())
        }),
    },
    Command {
        name: "bgColor",
        doc: "r-bgcolor",
        usage: Usage::new("Layer background", "color")
            .help(
                "Fills the transparent parts of a layer's whole rectangle, with its margins. A \
                 fourth number is the opacity.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&size=200,200&bgColor=ffffff"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.background =
                Color::optional(args.command, args.value)?.filter(|color| color.alpha > 0);
            Ok(())
        }),
    },
];

const SIDES: &str = "left,top,right,bottom";
