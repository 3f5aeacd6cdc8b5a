//! `req=props`: properties of the reply image (r-props).

use super::state::{State, plan};
use crate::{
    error::Result,
    http::HttpReply,
    picture::ProfileName,
    pixel::ColorModel,
    reply::{
        properties::{Properties, flag, properties},
        version_id,
    },
    time_slice::at_once,
};

/// Plans the image and prints its properties, without rendering it.
pub fn answer(state: &mut State) -> Result<HttpReply> {
    let State { resolved, source, layers, .. } = state;
    let plan = at_once(async |slice| plan(resolved, source, layers, None, slice).await)?;
    let resolved = &state.resolved;
    let output = &resolved.output;
    let pixel_type = match output.pixel.model {
        ColorModel::Rgb => "RGB",
        ColorModel::Gray => "BW",
        ColorModel::Cmyk => "CMYK",
    };
    // A picture without an image in layer 0 has the version of its first image.
    let version = state.source.as_ref().or(state.layers.first()).map(|source| &source.version);
    let version = version.map(version_id).unwrap_or_default();
    let requested = resolved.color.requested.as_ref().map(ProfileName::name);
    let contained = resolved.color.of_reply(output.pixel.model).filter(|_| plan.profile.is_some());
    let profile = requested.or(contained.map(ProfileName::name)).unwrap_or_default().to_owned();
    let list: Properties = vec![
        ("image.bgc", resolved.picture.view.background.hex8()),
        ("image.height", plan.sizes.reply.height.to_string()),
        ("image.iccEmbed", flag(plan.profile.is_some())),
        ("image.iccProfile", profile),
        // 0 if the reply is not cached; the engine itself caches none (L14).
        ("image.length", "0".into()),
        ("image.mask", flag(output.pixel.alpha)),
        ("image.pathEmbed", "0".into()),
        ("image.pixTyp", pixel_type.into()),
        ("image.printRes", output.print_resolution.to_string()),
        ("image.quality", output.quality.to_string()),
        ("image.type", output.format.mime.into()),
        ("image.width", plan.sizes.reply.width.to_string()),
        ("image.xmpEmbed", "0".into()),
        ("image.version", version.clone()),
        ("metadata.version", version),
    ];
    Ok(properties(resolved, &list, state.tag.clone(), state.request.received_at))
}
