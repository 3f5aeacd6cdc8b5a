//! What a request makes of its view: as it says, as its catalog says, or as a thumbnail.

use crate::{
    catalog::{Attributes, ThumbnailType},
    commands::{self, Fit, FitMode, Reply, Request},
    error::Error,
    scene::View,
};

/// The view of a request. A nested picture is made for the layer it is in, not to be sent: no
/// attribute limits it.
pub fn view(request: &Request, attributes: &Attributes, nested: bool) -> View {
    let asked = &request.view;
    let view = View {
        size: [asked.width, asked.height],
        pixel_ratio: request.attributes.pixel_ratio.unwrap_or(1.0),
        inverse_scale: asked.inverse_scale,
        fit: asked.fit,
        align: asked.align.unwrap_or_default(),
        region: asked.region,
        rect: asked.rect,
        default_pix: if nested { [0; 2] } else { attributes.default_pix },
        max_pix: if nested { [0; 2] } else { attributes.max_pix },
        background: asked.background.unwrap_or(attributes.background),
        kernel: asked.res_mode.unwrap_or(attributes.res_mode),
    };
    if request.attributes.reply == Reply::Tmb { thumbnail(view, asked, attributes) } else { view }
}

/// r-view-transform-for-thumbnails: the catalog says what `wid=` and `hei=` leave open, where the
/// picture lies, and what is behind it.
fn thumbnail(view: View, asked: &commands::View, attributes: &Attributes) -> View {
    let thumbnail = &attributes.thumbnail;
    let usual = thumbnail.size.map(|side| (side > 0).then_some(side));
    let size = [view.size[0].or(usual[0]), view.size[1].or(usual[1])];
    let fit = |mode| size.iter().any(Option::is_some).then_some(Fit { mode, upscale: true });
    let (fit, inverse_scale) = match thumbnail.kind {
        ThumbnailType::Crop => (fit(FitMode::Crop), None),
        ThumbnailType::Fit => (fit(FitMode::Fit), None),
        // The layer has its scale already; the view only cuts and pads.
        ThumbnailType::Texture => (None, Some(1.0)),
    };
    View {
        size,
        fit,
        inverse_scale,
        align: thumbnail.align,
        background: asked.background.unwrap_or(thumbnail.background),
        ..view
    }
}

/// The scale of layer 0: as it is said, else that of a texture (r-thumbnail-rules).
pub fn layer_scale(said: Option<f64>, reply: Reply, attributes: &Attributes) -> Option<f64> {
    let thumbnail = &attributes.thumbnail;
    let texture = reply == Reply::Tmb && thumbnail.kind == ThumbnailType::Texture;
    said.or_else(|| texture.then(|| thumbnail.resolution / attributes.resolution))
}

/// What a thumbnail does not have yet. A layer with `size=` is as large as that (r-thumbnail-scaling),
/// not as its image; and of the view only `wid=` and `hei=` count.
pub fn undrawn_of_thumbnail(request: &Request) -> Option<Error> {
    let sized = request.layers.get(&0).is_some_and(|layer| layer.attributes.size != [None; 2]);
    let view = &request.view;
    let said =
        [("size", sized), ("scl", view.inverse_scale.is_some()), ("rgn", view.region.is_some())];
    let (name, _) = said.into_iter().find(|&(_, said)| said)?;
    let message = format!("{name}= with req=tmb: not supported yet; use wid=, hei= and crop=");
    (request.attributes.reply == Reply::Tmb).then(|| Error::unsupported(message))
}
