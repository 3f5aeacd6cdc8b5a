//! Attributes that all layers have: position, size, orientation and clipping.

use super::{
    Appearance, Apply, Command, OnComp, Path, Perspective, SourceAttributes, Support, Text,
};
use crate::{color::Color, error::Error, ratio::Ratio};

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
        syntax: "n|comp|name, or n,name",
        support: Support::Full,
        apply: Apply::Segment,
    },
    Command {
        name: "size",
        doc: "r-size-reference",
        syntax: "width,height",
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
        syntax: "width,height (0…1)",
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
        syntax: "lr|ud|lrud",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.flip = args.keyword(0, &FLIPS)?.unwrap_or_default();
            Ok(())
        }),
    },
    Command {
        name: "rotate",
        doc: "r-rotate",
        syntax: "angle (degrees)",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.rotate = args.exact(0)?.unwrap_or(Ratio::ZERO) % Ratio::from(360_i64);
            Ok(())
        }),
    },
    Command {
        name: "extend",
        doc: "r-extend",
        syntax: "left,top,right,bottom",
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
        syntax: "left,top,right,bottom (parts)",
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
        syntax: "x0,y0,x1,y1,x2,y2,x3,y3[,R1|R2|R3|R3Tn]",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.perspective = Perspective::read(args, false)?;
            Ok(())
        }),
    },
    Command {
        name: "perspectiveN",
        doc: "r-perspective",
        syntax: "x0,y0,x1,y1,x2,y2,x3,y3[,R1|R2|R3|R3Tn] (parts)",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.perspective = Perspective::read(args, true)?;
            Ok(())
        }),
    },
    Command {
        name: "anchor",
        doc: "r-anchor",
        syntax: PAIR,
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.anchor = args.offsets(PAIR)?.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "anchorN",
        doc: "r-anchor",
        syntax: "x,y (parts, from the centre)",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.anchor = args.numbers(PAIR)?.map(Measure::Normalized);
            Ok(())
        }),
    },
    Command {
        name: "origin",
        doc: "r-origin",
        syntax: PAIR,
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.origin = args.offsets(PAIR)?.map(Measure::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "originN",
        doc: "r-origin",
        syntax: "x,y (parts, from the centre)",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.origin = args.numbers(PAIR)?.map(Measure::Normalized);
            Ok(())
        }),
    },
    Command {
        name: "hide",
        doc: "r-hide",
        syntax: "0|1",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.hidden = args.switch(0)?.unwrap_or(false);
            Ok(())
        }),
    },
    Command {
        name: "bgColor",
        doc: "r-bgcolor",
        syntax: "color",
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.background =
                Color::optional(args.command, args.value)?.filter(|color| color.alpha > 0);
            Ok(())
        }),
    },
];

const SIDES: &str = "left,top,right,bottom";
