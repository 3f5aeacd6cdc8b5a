//! Attributes of a layer's source image: which image, which part of it, at what scale.

use super::{Apply, Command, Measure, OnComp, Support};
use crate::{
    error::{Error, Result},
    geometry::{Rect, SourceSpace},
    protocol::{Args, Wrapper, embedded, opens},
    ratio::Ratio,
    usage::Usage,
};

/// The source image of a layer, and the part of it that the layer shows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SourceAttributes {
    /// `src=`: the image; without it, layer 0 shows the object in the path.
    pub image: Option<Image>,
    /// `mask=`: an image that replaces the image's own alpha channel.
    pub mask: Option<Image>,
    /// `crop=` or `cropN=`; the last one wins.
    pub crop: Option<Crop>,
    /// `scale=`: layer pixels per source pixel, greater than 0.
    pub scale: Option<Ratio>,
    /// `res=`: layer pixels per unit of `catalog::Resolution`; `scale=` and `size=` override it.
    pub resolution: Option<Ratio>,
    /// `anchor=`: the point that stays in place; in pixels from the image's top-left corner, or in
    /// fractions of its size from its centre.
    pub anchor: Option<Measure<2>>,
}

/// Where an image comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Image {
    /// A catalog record or a path, as r-object looks it up; a leading `/` starts at the default
    /// catalog.
    Object(String),
    /// `is(…)`: a nested request, as written.
    Request(String),
    /// `(…)`: the URL of a remote image.
    Remote(String),
    /// `ir(…)` and `fxg(…)`: a request to another renderer, which is unsupported.
    Renderer(String),
}

/// A part of the source. It may extend beyond the image.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crop {
    /// In pixels of the full-resolution image.
    Pixels(Rect<SourceSpace>),
    /// x, y, width, height in fractions of the image's sides, from its top-left corner.
    Normalized([Ratio; 4]),
}

pub(super) const COMMANDS: &[Command] = &[
    Command {
        name: "crop",
        doc: "r-crop",
        usage: Usage::new(
            "Crop",
            "x (integer px),y (integer px),width (integer 1… px),height (integer 1… px)",
        )
        .help(
            "Cuts a rectangle out of the original, in its own pixels from the top left \
                 corner. A rectangle beyond the image adds transparent pixels.",
        )
        .example("crop=1400,700,2700,1800&wid=500")
        .basic(),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.crop = args.pixel_rectangle()?.map(Crop::Pixels);
            Ok(())
        }),
    },
    Command {
        name: "cropN",
        doc: "r-crop",
        usage: Usage::new("Crop by parts", "x (number),y (number),width (number),height (number)")
            .help(
                "Cuts a rectangle out of the original, in parts of its width and height: \
                 0.25,0.25,0.5,0.5 is the middle half.",
            )
            .example("cropN=0.25,0.25,0.5,0.5&wid=500")
            .basic(),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.crop = args.rectangle()?.map(Crop::Normalized);
            Ok(())
        }),
    },
    Command {
        name: "scale",
        doc: "r-is-http-scale",
        usage: Usage::new("Image scale", "factor (0…)")
            .help(
                "Scales the image of a layer: 0.5 makes it half as wide and half as high. Smaller \
                 than 1 shrinks, larger than 1 enlarges.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&scale=0.4"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.scale = args.factor(0)?;
            Ok(())
        }),
    },
    Command {
        name: "res",
        doc: "r-res",
        usage: Usage::new("Image resolution", "resolution (0…)")
            .help(
                "Scales the image of a layer to a resolution, such as pixels per inch, so that \
                 several products show at their true relative sizes. The catalog says what \
                 resolution the original has.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&res=30"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.resolution = args.factor(0)?;
            Ok(())
        }),
    },
    Command {
        name: "src",
        doc: "r-src",
        usage: Usage::new("Image", "object")
            .help(
                "The image of a layer: an object such as Samples/tulips, a whole request of its \
                 own in is(…), or the URL of a permitted remote image in brackets.",
            )
            .example("size=500,334&layer=1&src=Samples/tulips&size=200,200"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.image = image(args)?;
            refuse_renderers(args)
        }),
    },
    Command {
        name: "mask",
        doc: "r-mask",
        usage: Usage::new("Mask", "object")
            .help(
                "A second image that says what is visible: white stays, black becomes \
                 transparent. It replaces the transparency of the layer's own image.",
            )
            .example("mask=is(Samples/tulips?req=mask)&wid=400&bgc=e0e6f0"),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Layer0, |layer, args| {
            layer.source.mask = image(args)?;
            refuse_renderers(args)
        }),
    },
    Command {
        name: "cropPathE",
        doc: "r-croppath",
        usage: Usage::new("Crop to path", "pathNames").help(
            "Crops to the bounding box of a path that is stored in the image's file under \
                 this name. Several names, separated by commas, crop one after the other.",
        ),
        support: Support::Full,
        apply: Apply::Layer(OnComp::Composite, |layer, args| {
            layer.crop_embedded = path_names(args)?;
            Ok(())
        }),
    },
];

/// An image by its object name, or in brackets; `None` if the value is empty.
fn image(args: &Args) -> Result<Option<Image>> {
    if args.is_empty() {
        return Ok(None);
    }
    match embedded(args.value.trim()) {
        Some((Wrapper::ImageServing, text)) => Ok(Some(Image::Request(text.to_owned()))),
        Some((Wrapper::Bare, url)) if !url.trim().is_empty() => {
            Ok(Some(Image::Remote(url.trim().to_owned())))
        }
        Some((Wrapper::Bare, _)) => Err(args.wrong("a URL between the brackets")),
        Some((Wrapper::ImageRendering | Wrapper::Graphics, text)) => {
            Ok(Some(Image::Renderer(text.to_owned())))
        }
        None if opens(args.value.trim()) => Err(args.wrong("the bracket to be closed")),
        None => object(args).map(|name| Some(Image::Object(name.to_owned()))),
    }
}

fn refuse_renderers(args: &Args) -> Result<()> {
    let (wrapper, why) = match embedded(args.value.trim()) {
        Some((wrapper @ Wrapper::ImageRendering, _)) => {
            (wrapper, "Image Rendering is a separate product: render the image there and store it")
        }
        Some((wrapper @ Wrapper::Graphics, _)) => {
            (wrapper, "FXG needs Adobe's renderer: store the rendered image here")
        }
        Some((Wrapper::ImageServing | Wrapper::Bare, _)) | None => return Ok(()),
    };
    let message = format!("{}={}(…): not supported; {why}", args.command, wrapper.name());
    Err(Error::unsupported(message))
}

/// The name of an object; a comma or a control character is an error (r-object).
pub(super) fn object<'a>(args: &Args<'a>) -> Result<&'a str> {
    let name = args.value.trim();
    if name.contains(',') || name.chars().any(char::is_control) {
        return Err(args.wrong("an object such as rootId/id, without a comma"));
    }
    Ok(name)
}

/// The names of paths embedded in a file, which must be ASCII.
pub(super) fn path_names(args: &Args) -> Result<Vec<String>> {
    if !args.value.is_ascii() {
        return Err(args.wrong("names of paths in ASCII"));
    }
    let names = args.value.split(',').map(str::trim).filter(|name| !name.is_empty());
    Ok(names.map(str::to_owned).collect())
}
