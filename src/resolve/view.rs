//! What a request makes of its view: as it says, as its catalog says, or as a thumbnail.

use crate::{
    catalog::{Attributes, ThumbnailType},
    commands::{self, Fit, FitMode, LayerAttributes, Reply, Request},
    picture::{Boxed, View},
    ratio::Ratio,
};

/// The view of a request. A nested picture is made for the layer it is in, not to be sent: no
/// attribute limits it.
pub fn view(request: &Request, attributes: &Attributes, nested: bool) -> View {
    let asked = &request.view;
    let view = View {
        size: [asked.width, asked.height],
        pixel_ratio: request.attributes.pixel_ratio.unwrap_or(Ratio::ONE),
        inverse_scale: asked.inverse_scale,
        fit: asked.fit,
        upscale: attributes.upscale,
        align: asked.align.filter(|_| is_aligned(asked)).unwrap_or([Ratio::ZERO; 2]),
        region: asked.region,
        rect: asked.rect,
        default_pix: if nested { [0; 2] } else { attributes.default_pix },
        max_pix: if nested { [0; 2] } else { attributes.max_pix },
        background: asked.background.unwrap_or(attributes.background),
        kernel: asked.res_mode.unwrap_or(attributes.res_mode),
    };
    if request.attributes.reply == Reply::Tmb { thumbnail(view, asked, attributes) } else { view }
}

/// Whether `align=` counts: not where each axis is stretched, nor where `scl=` leaves room on an
/// axis that `wid=` or `hei=` alone is said of (r-align). `scl=` makes `fit=` void.
fn is_aligned(asked: &commands::ViewAttributes) -> bool {
    match asked.inverse_scale {
        Some(_) => asked.width.is_some() && asked.height.is_some(),
        None => asked.fit.is_none_or(|fit| fit.mode != FitMode::Stretch),
    }
}

/// r-view-transform-for-thumbnails: the catalog says what `wid=` and `hei=` leave open, where the
/// picture lies, and what is behind it. `scl=` goes before the scale of its type.
fn thumbnail(view: View, asked: &commands::ViewAttributes, attributes: &Attributes) -> View {
    let thumbnail = &attributes.thumbnail;
    let usual = thumbnail.size.map(|side| (side > 0).then_some(side));
    let size = [view.size[0].or(usual[0]), view.size[1].or(usual[1])];
    let fit = |mode| size.iter().any(Option::is_some).then_some(Fit { mode, upscale: true });
    let (fit, inverse_scale) = match thumbnail.kind {
        ThumbnailType::Crop => (fit(FitMode::Crop), None),
        ThumbnailType::Fit => (fit(FitMode::Fit), None),
        // The layer has its scale already; the view only cuts and pads.
        ThumbnailType::Texture => (None, Some(Ratio::ONE)),
    };
    View {
        size,
        fit,
        inverse_scale: view.inverse_scale.or(inverse_scale),
        align: thumbnail.align,
        background: asked.background.unwrap_or(thumbnail.background),
        ..view
    }
}

/// The scale of layer 0: as it is said, else that of a texture (r-thumbnail-rules).
pub fn layer_scale(said: Option<Ratio>, reply: Reply, attributes: &Attributes) -> Option<Ratio> {
    let thumbnail = &attributes.thumbnail;
    let texture = reply == Reply::Tmb && thumbnail.kind == ThumbnailType::Texture;
    said.or_else(|| texture.then(|| thumbnail.resolution / attributes.resolution))
}

/// How a thumbnail puts layer 0 into its `size=`, if it has one (r-thumbnail-scaling).
pub fn boxed(reply: Reply, layer: &LayerAttributes, attributes: &Attributes) -> Option<Boxed> {
    let thumbnail = &attributes.thumbnail;
    (reply == Reply::Tmb && layer.size != [None; 2])
        .then_some(Boxed { kind: thumbnail.kind, align: thumbnail.align })
}
