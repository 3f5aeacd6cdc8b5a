//! Smart Imaging: adapts a reply to the formats, the screen and the connection of its client
//! (r-bfc, r-dpr, r-network; decisions O1 to O7).

use super::smart_quality;
use crate::{
    catalog::Attributes,
    client_hints::ClientHints,
    codec::{EncodeOptions, Format},
    commands::{PixelRatio, Reads, Reply, RequestAttributes},
    picture::View,
    ratio::Ratio,
    resolved::{Adaptation, Resolved},
};

/// The names of the formats that may be replaced (O1).
const REPLACED: [&str; 3] = ["jpeg", "pjpeg", "png"];

/// The names of the formats that replace them, if the client accepts them (O3).
const SMALLER: [&str; 2] = ["avif", "webp"];

/// What of a request depends on its client.
pub fn adaptation(
    request: &RequestAttributes,
    format: &Format,
    attributes: &Attributes,
) -> Adaptation {
    // A mask is data, which a lossy format would change.
    let replaced = request.reply.kind().reads >= Reads::Pixels
        && request.reply != Reply::Mask
        && format.names.first().is_some_and(|name| REPLACED.contains(name));
    Adaptation {
        format: replaced && request.convert.unwrap_or(attributes.convert),
        pixel_ratio: request.pixel_ratio == PixelRatio::Client,
        network: request.network == Some(true),
    }
}

/// Adapts the reply to what the client tells about itself.
pub fn adapt(resolved: &mut Resolved, hints: &ClientHints) {
    let Adaptation { format, pixel_ratio, network } = resolved.adaptation;
    let vary = &mut resolved.delivery.vary;
    vary.extend(format.then_some("Accept"));
    vary.extend(pixel_ratio.then_some("Sec-CH-DPR, DPR"));
    vary.extend(network.then_some("Save-Data, ECT"));
    let view = &mut resolved.picture.view;
    if pixel_ratio {
        view.pixel_ratio = hints.usual_pixel_ratio();
    }
    if network && hints.is_slow() {
        slow_down(view, &mut resolved.output);
    }
    if format {
        let smaller = SMALLER.iter().filter_map(|name| accepted(name, &resolved.output, hints));
        let carries = |options: &EncodeOptions| {
            resolved.embeds.iter().all(|metadata| options.format.stores(*metadata))
        };
        resolved.alternatives = smaller.filter(carries).collect();
    }
    resolved.identity.client = class(resolved);
}

/// The reply for a slow connection: a lower quality, and no pixels for a dense screen (O8).
fn slow_down(view: &mut View, output: &mut EncodeOptions) {
    view.pixel_ratio = Ratio::ONE;
    output.quality = (output.quality * 2 / 3).max(1);
}

/// The same picture in another format, if the client accepts it and the format can store it, with
/// the quality at which it looks as good as the JPEG (O5).
fn accepted(name: &str, output: &EncodeOptions, hints: &ClientHints) -> Option<EncodeOptions> {
    let (format, _) = Format::named(name)?;
    let pixel = output.pixel;
    let stores =
        format.models.contains(&pixel.model) && (!pixel.alpha || !format.alpha_names.is_empty());
    (stores && hints.accepts(format.mime)).then(|| EncodeOptions {
        format,
        quality: smart_quality::equal(format, output.quality),
        ..output.clone()
    })
}

/// What the hints have changed, as a part of the reply's identity. Clients with the same class share
/// a cached reply, however they wrote their headers.
fn class(resolved: &Resolved) -> String {
    let Adaptation { format, pixel_ratio, network } = resolved.adaptation;
    let mut class = String::new();
    if format {
        let names = resolved.alternatives.iter().map(|options| options.format.name);
        class.extend(names.flat_map(|name| [name, " "]));
    }
    if pixel_ratio || network {
        let ratio = resolved.picture.view.pixel_ratio.to_f64();
        class.push_str(&format!("×{ratio} q{}", resolved.output.quality));
    }
    class
}
