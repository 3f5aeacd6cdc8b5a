//! Layer attributes. Only layer 0 is drawn so far; `layer=` itself comes with the compositor.

use super::{Apply, Command, Support, accepted, refused};

/// What becomes of the layer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layer {
    /// `size=`: the box the cropped source is scaled to fit, in pixels; a missing side is free.
    pub size: [Option<u32>; 2],
    /// `flip=`
    pub flip: Flip,
}

/// Which axes are mirrored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flip {
    /// Left and right are swapped.
    pub left_right: bool,
    /// Top and bottom are swapped.
    pub up_down: bool,
}

const ALONE: &str = "places layers on each other; there is only one yet";

pub(super) const COMMANDS: &[Command] = &[
    refused("layer", "r-layer", "n|comp[,name]", &["", "comp"]),
    Command {
        name: "size",
        doc: "r-size-reference",
        syntax: "width,height",
        support: Support::Full,
        apply: Apply::Layer(|layer, args| {
            layer.size = [args.pixels(0)?, args.pixels(1)?];
            Ok(())
        }),
    },
    // Not permitted for layer 0 (D9), and there is no other yet.
    refused("sizeN", "r-size-reference", "width,height (0…1)", &[]),
    Command {
        name: "flip",
        doc: "r-flip",
        syntax: "lr|ud|lrud",
        support: Support::Full,
        apply: Apply::Layer(|layer, args| {
            let flip = |left_right, up_down| Flip { left_right, up_down };
            let words =
                [("lr", flip(true, false)), ("ud", flip(false, true)), ("lrud", flip(true, true))];
            layer.flip = args.keyword(0, &words)?.unwrap_or_default();
            Ok(())
        }),
    },
    refused("rotate", "r-rotate", "angle", &["", "0"]),
    refused("extend", "r-extend", "left,top,right,bottom", &["", "0", "0,0,0,0"]),
    refused("extendN", "r-extend", "left,top,right,bottom", &["", "0", "0,0,0,0"]),
    refused("perspective", "r-perspective", "quad[,resOptions]", &[""]),
    refused("perspectiveN", "r-perspective", "quad[,resOptions]", &[""]),
    accepted("anchor", "r-anchor", "x,y", ALONE),
    accepted("anchorN", "r-anchor", "x,y", ALONE),
    accepted("origin", "r-origin", "x,y", ALONE),
    accepted("originN", "r-origin", "x,y", ALONE),
    accepted("pos", "r-pos", "x,y", "ignored for layer 0 and layer=comp"),
    accepted("posN", "r-pos", "x,y", "ignored for layer 0 and layer=comp"),
    accepted("blendMode", "r-blendmode", "mode", "ignored for layer 0 and layer=comp"),
    refused("opac", "r-opac", "opacity[,fillOpacity]", &["", "100", "100,100"]),
    refused("hide", "r-hide", "0|1", &["", "0"]),
    refused("bgColor", "r-bgcolor", "color", &[""]),
    refused("color", "r-color-commandref", "color", &[""]),
];
