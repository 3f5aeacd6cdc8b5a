//! View attributes: how the composite image becomes the reply.

use super::{Apply, Command, Support};
use crate::{
    color::Color,
    error::Result,
    geometry::{CompositeSpace, Rect, ViewSpace},
    protocol::Args,
    ratio::Ratio,
    resample::Kernel,
    usage::Usage,
};

/// View attributes. `None` means the catalog's attribute, or the rule of
/// r-view-transform-for-images.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ViewAttributes {
    /// `wid=`, in pixels.
    pub width: Option<u32>,
    /// `hei=`, in pixels.
    pub height: Option<u32>,
    /// `scl=`: composite pixels per view pixel, greater than 0.
    pub inverse_scale: Option<Ratio>,
    /// `fit=`: how the composite image is fitted to the size.
    pub fit: Option<Fit>,
    /// `align=`: horizontal and vertical; −1 is left or top, 1 is right or bottom.
    pub align: Option<[Ratio; 2]>,
    /// `bgc=`: the background colour; its alpha is ignored.
    pub background: Option<Color>,
    /// `rgn=`: the region of interest.
    pub region: Option<Rect<CompositeSpace>>,
    /// `rect=`: the part of the view that is the reply.
    pub rect: Option<ViewPart>,
    /// `resMode=`: the resampling kernel.
    pub res_mode: Option<Kernel>,
    /// `effectMask=`: whether effects are masked out where they overlap their layer; it overrides
    /// `attribute::ApplyEffectMask`.
    pub effect_mask: Option<bool>,
}

/// `rect=x,y,width,height[,scale]`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ViewPart {
    /// The part, in pixels of the scaled view.
    pub rect: Rect<ViewSpace>,
    /// The factor that scales the view, greater than 0.
    pub scale: Ratio,
}

/// `fit=mode,upscale`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fit {
    /// How the scale is computed.
    pub mode: FitMode,
    /// Whether the composite image may be enlarged; false by default (F2).
    pub upscale: bool,
}

/// The modes of `fit=` (r-fit).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FitMode {
    /// The whole image, in exactly the requested size; the rest is background.
    Fit,
    /// The whole image, without background: one side may be smaller than requested.
    Constrain,
    /// Exactly the requested size, without background: what exceeds it is cut off.
    Crop,
    /// No background and nothing cut off: one side may be larger than requested.
    Wrap,
    /// Scales each axis independently.
    Stretch,
    /// Fits the width; the height is cropped or padded with background.
    HFit,
    /// Fits the height; the width is cropped or padded with background.
    VFit,
}

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "wid",
        doc: "r-is-http-wid",
        usage: Usage::new("Width", "width (integer 0… px)")
            .help(
                "The width of the picture in pixels. If only the width is given, the height \
                 follows from the picture.",
            )
            .example("wid=400")
            .basic(),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            view.width = args.pixels(0)?;
            Ok(())
        }),
    },
    Command {
        name: "hei",
        doc: "r-is-http-hei",
        usage: Usage::new("Height", "height (integer 0… px)")
            .help(
                "The height of the picture in pixels. If only the height is given, the width \
                 follows from the picture.",
            )
            .example("hei=250")
            .basic(),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            view.height = args.pixels(0)?;
            Ok(())
        }),
    },
    Command {
        name: "scl",
        doc: "r-scl",
        usage: Usage::new("Scale", "invFactor (0…)")
            .help(
                "Shrinks the picture by this number: 1 is its full size, 4 a quarter of it. Width \
                 and height then crop it.",
            )
            .example("scl=4&wid=400&hei=300")
            .basic(),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            view.inverse_scale = args.factor(0)?;
            Ok(())
        }),
    },
    Command {
        name: "fit",
        doc: "r-fit",
        usage: Usage::new("Fit", "mode: fit|constrain|crop|wrap|stretch|hfit|vfit[,upscale: 0|1]")
            .help(
                "How the picture gets into a width and height: whole with background (fit), whole \
                 without (constrain), filling it with the rest cut off (crop), or distorted \
                 (stretch). With 1 a small picture may be enlarged.",
            )
            .example("wid=300&hei=300&fit=crop")
            .basic(),
        support: Support::Full,
        apply: Apply::View(set_fit),
    },
    Command {
        name: "align",
        doc: "r-align",
        usage: Usage::new("Align", "horiz (−1…1),vert (−1…1)")
            .help(
                "Where the picture lies in its frame, and which part remains where it is cropped: \
                 -1 is left or top, 0 the centre, 1 right or bottom.",
            )
            .example("wid=200&hei=300&fit=crop&align=1,0"),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            let within = |number: Ratio| number.clamp(-Ratio::ONE, Ratio::ONE);
            let (x, y) = (args.exact(0)?.map(within), args.exact(1)?.map(within));
            view.align = x.or(y).map(|_| [x.unwrap_or(Ratio::ZERO), y.unwrap_or(Ratio::ZERO)]);
            Ok(())
        }),
    },
    Command {
        name: "bgc",
        doc: "r-bgc",
        usage: Usage::new("Background", "color")
            .help(
                "The colour behind the picture, where it is transparent or does not fill its \
                 frame.",
            )
            .example("wid=300&hei=300&bgc=f4efe6")
            .basic(),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            // `bgc=` and `bgc=,,` mean the catalog's colour (H9).
            view.background = Color::optional(args.command, args.value.trim_matches([',', ' ']))?;
            Ok(())
        }),
    },
    Command {
        name: "rgn",
        doc: "r-rgn",
        usage: Usage::new(
            "Region",
            "x (integer px),y (integer px),width (integer 1… px),height (integer 1… px)",
        )
        .help(
            "Shows only a region of the picture, in pixels before it is scaled to its final \
                 size.",
        )
        .example("rgn=1400,700,2700,1800&wid=500"),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            view.region = args.pixel_rectangle()?;
            Ok(())
        }),
    },
    Command {
        name: "rect",
        doc: "r-rect",
        usage: Usage::new(
            "Part of picture",
            "x (integer px),y (integer px),width (integer 1… px),height (integer 1… px)[,\
             scale (0…)]",
        )
        .help(
            "Cuts a rectangle out of the finished picture, as viewers do for their tiles. The \
                 scale enlarges or shrinks the picture before.",
        )
        .example("wid=1000&rect=250,150,400,300"),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            let scale = args.factor(4)?.unwrap_or(Ratio::ONE);
            view.rect = args.pixel_rectangle()?.map(|rect| ViewPart { rect, scale });
            Ok(())
        }),
    },
    Command {
        name: "resMode",
        doc: "r-is-http-resmode",
        usage: Usage::new("Resampling", "mode: bilin|bicub|sharp2|bisharp")
            .help(
                "How pixels are computed when the picture is scaled. sharp2 is the sharpest, \
                 bilin the softest; bisharp is Photoshop's bicubic sharper.",
            )
            .example("wid=400&resMode=bilin")
            .basic(),
        support: Support::Full,
        apply: Apply::View(|view, args| {
            view.res_mode = kernel(args.text(0).unwrap_or_default());
            Ok(())
        }),
    },
];

fn set_fit(view: &mut ViewAttributes, args: &Args) -> Result<()> {
    let modes = [
        ("fit", FitMode::Fit),
        ("constrain", FitMode::Constrain),
        ("crop", FitMode::Crop),
        ("wrap", FitMode::Wrap),
        ("stretch", FitMode::Stretch),
        ("hfit", FitMode::HFit),
        ("vfit", FitMode::VFit),
    ];
    let upscale = args.switch(1)?.unwrap_or(false);
    view.fit = args.keyword(0, &modes)?.map(|mode| Fit { mode, upscale });
    Ok(())
}

/// The six names in use (G1). `None` for an unknown name, which means the catalog's mode.
fn kernel(name: &str) -> Option<Kernel> {
    match name.to_ascii_lowercase().as_str() {
        "bilin" | "trilin" => Some(Kernel::Bilin),
        "bicub" => Some(Kernel::Bicub),
        "sharp" => Some(Kernel::Sharp),
        "sharp2" => Some(Kernel::Sharp2),
        "bisharp" => Some(Kernel::Bisharp),
        _ => None,
    }
}
