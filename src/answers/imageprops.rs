//! `req=imageprops`: properties of the source image (r-imageprops).

use super::state::State;
use crate::{
    error::Result,
    geometry::Size,
    http::HttpReply,
    limits,
    pyramid::{Index, Photometric, Span, path_names, profile_name},
    reply::{
        date,
        properties::{Properties, flag, properties},
    },
    resolved::Resolved,
};

/// The spans of the colour profile and the Photoshop paths. A span that is too long is not read.
pub fn needs(index: &Index) -> Vec<Span> {
    [index.icc, index.photoshop].into_iter().flatten().filter(is_short).collect()
}

fn is_short(span: &Span) -> bool {
    span.len <= limits::METADATA_BYTES
}

/// Prints properties from the index, the record and the metadata.
pub fn answer(state: &mut State) -> Result<HttpReply> {
    let index = state.index()?;
    let bytes = |span: Option<Span>| state.bytes(span.filter(is_short));
    let profile = bytes(index.icc).and_then(profile_name);
    let paths = bytes(index.photoshop).map(|resources| path_names(resources).0);
    let list = list(&state.resolved, &index, profile, &paths.unwrap_or_default());
    Ok(properties(&state.resolved, &list, state.tag.clone(), state.request.received_at))
}

/// `profile` is the name of the colour profile, `paths` the names of the Photoshop paths.
fn list(
    resolved: &Resolved,
    index: &Index,
    profile: Option<String>,
    paths: &[String],
) -> Properties {
    let Size { width, height, .. } = index.upright_size();
    let first = index.levels.first();
    let pixel_type = match first.map(|level| level.photometric) {
        Some(Photometric::Cmyk) => "CMYK",
        Some(Photometric::MinIsBlack | Photometric::MinIsWhite) => "BW",
        Some(Photometric::Rgb | Photometric::YCbCr | Photometric::Palette) | None => "RGB",
    };
    let fields = resolved.answer.record().map(|record| record.fields.clone()).unwrap_or_default();
    // 0 is no alpha, 1 premultiplied alpha, 2 other alpha, 3 a mask in a file of its own. A
    // transparency mask in the same file does not change the colours, so it is 2.
    let masked = first.is_some_and(|level| level.mask.is_some());
    let mask = match first.and_then(|level| level.alpha) {
        Some((_, true)) => "1",
        _ if fields.mask_path.is_some() => "3",
        None if !masked => "0",
        Some((_, false)) | None => "2",
    };
    let resolution = index.resolution.unwrap_or(resolved.answer.resolution as f32);
    let hours = resolved.delivery.expiration.map_or(-1.0, |seconds| f64::from(seconds) / 3600.0);
    // The default anchor is the centre.
    let centre = [i64::from(width / 2), i64::from(height / 2)];
    let [x, y] = fields.anchor.unwrap_or(centre);
    vec![
        ("image.anchor", format!("{x},{y}")),
        ("image.expiration", hours.to_string()),
        ("image.height", height.to_string()),
        ("image.iccProfile", profile.unwrap_or_default()),
        ("image.embeddedIccProfile", flag(index.icc.is_some())),
        ("image.embeddedPhotoshopPaths", flag(!paths.is_empty())),
        ("image.embeddedXmpData", flag(index.xmp.is_some())),
        ("image.mask", mask.into()),
        ("image.modifier", fields.modifier.unwrap_or_default()),
        ("image.photoshopPathNames", paths.join(",")),
        ("image.pixTyp", pixel_type.into()),
        ("image.postModifier", fields.post_modifier.unwrap_or_default()),
        ("image.printRes", resolved.output.print_resolution.to_string()),
        ("image.resolution", resolution.to_string()),
        ("image.timeStamp", index.modified.map(date::iso).unwrap_or_default()),
        ("image.thumbRes", resolved.answer.thumbnail.resolution.to_f64().to_string()),
        ("image.thumbType", resolved.answer.thumbnail.kind.number().to_string()),
        ("image.width", width.to_string()),
        ("image.translatedId", format!("{}/{}", resolved.object.root, resolved.object.id)),
    ]
}
