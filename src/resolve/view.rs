//! Builds the view of a request from its commands, its catalog, and the rules for thumbnails.

use super::Nesting;
use crate::{
    catalog::{Attributes, ThumbnailType},
    commands::{self, Fit, FitMode, LayerAttributes, Reply, Request},
    picture::{Boxed, View},
    ratio::Ratio,
};

/// The view of a request. The size limits of the catalog do not apply to a nested request, because
/// its image becomes a layer and is not sent. But one that an SVG embeds has DefaultPix without a
/// size (r-svg-support).
pub fn view(request: &Request, attributes: &Attributes, nesting: &Nesting) -> View {
    let (requested, nested) = (&request.view, nesting.depth > 0);
    let view = View {
        size: [requested.width, requested.height],
        pixel_ratio: request.attributes.pixel_ratio.factor(),
        inverse_scale: requested.inverse_scale,
        fit: requested.fit,
        upscale: attributes.upscale,
        align: requested.align.filter(|_| is_aligned(requested)).unwrap_or([Ratio::ZERO; 2]),
        region: requested.region,
        rect: requested.rect,
        default_pix: if nested && !nesting.is_embedded { [0; 2] } else { attributes.default_pix },
        max_pix: if nested { [0; 2] } else { attributes.max_pix },
        background: requested.background.unwrap_or(attributes.background),
        kernel: requested.res_mode.unwrap_or(attributes.res_mode),
    };
    if request.attributes.reply == Reply::Tmb {
        thumbnail(view, requested, attributes)
    } else {
        view
    }
}

/// Whether `align=` has an effect. It has none if `fit=` stretches each axis, or if `scl=` is used
/// without both `wid=` and `hei=` (r-align). `scl=` disables `fit=`.
fn is_aligned(requested: &commands::ViewAttributes) -> bool {
    match requested.inverse_scale {
        Some(_) => requested.width.is_some() && requested.height.is_some(),
        None => requested.fit.is_none_or(|fit| fit.mode != FitMode::Stretch),
    }
}

/// r-view-transform-for-thumbnails: the catalog sets the size if `wid=` and `hei=` do not, the
/// alignment, and the background. `scl=` overrides the scale of the thumbnail type.
fn thumbnail(view: View, requested: &commands::ViewAttributes, attributes: &Attributes) -> View {
    let thumbnail = &attributes.thumbnail;
    let usual = thumbnail.size.map(|side| (side > 0).then_some(side));
    let size = [view.size[0].or(usual[0]), view.size[1].or(usual[1])];
    let fit = |mode| size.iter().any(Option::is_some).then_some(Fit { mode, upscale: true });
    let (fit, inverse_scale) = match thumbnail.kind {
        ThumbnailType::Crop => (fit(FitMode::Crop), None),
        ThumbnailType::Fit => (fit(FitMode::Fit), None),
        // The layer is already scaled; the view only crops and pads.
        ThumbnailType::Texture => (None, Some(Ratio::ONE)),
    };
    View {
        size,
        fit,
        inverse_scale: view.inverse_scale.or(inverse_scale),
        align: thumbnail.align,
        background: requested.background.unwrap_or(thumbnail.background),
        ..view
    }
}

/// The scale of layer 0: that of the command, else that of a texture thumbnail (r-thumbnail-rules).
pub fn layer_scale(
    requested: Option<Ratio>,
    reply: Reply,
    attributes: &Attributes,
) -> Option<Ratio> {
    let thumbnail = &attributes.thumbnail;
    let texture = reply == Reply::Tmb && thumbnail.kind == ThumbnailType::Texture;
    requested.or_else(|| texture.then(|| thumbnail.resolution / attributes.resolution))
}

/// How a thumbnail fits layer 0 into its `size=`; `None` without `size=` (r-thumbnail-scaling).
pub fn boxed(reply: Reply, layer: &LayerAttributes, attributes: &Attributes) -> Option<Boxed> {
    let thumbnail = &attributes.thumbnail;
    (reply == Reply::Tmb && layer.size != [None; 2])
        .then_some(Boxed { kind: thumbnail.kind, align: thumbnail.align })
}
