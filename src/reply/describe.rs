//! `req=props`, `imageprops`, `exists` and `resolve`: replies that describe.

use super::{
    cache::{entity_tag, tag_of, version_id},
    catalog, date,
    map::map,
    properties::{self, Properties},
    record::record,
    streams::streams,
    words::plain,
};
use crate::{
    commands::Reply,
    geometry::Size,
    http::{HttpReply, HttpRequest},
    plan::Plan,
    pyramid::{Index, Photometric},
    raster::ColorModel,
    resolved::{ReplyData, Resolved},
};

/// `req=props`: the reply image (r-props).
pub fn reply_properties(
    scene: &Resolved,
    index: &Index,
    plan: &Plan,
    tag: String,
    now: f64,
) -> HttpReply {
    let output = &scene.output;
    let pixel_type = match output.pixel.model {
        ColorModel::Rgb => "RGB",
        ColorModel::Grey => "BW",
        ColorModel::Cmyk => "CMYK",
    };
    let version = version_id(&index.version);
    let list: Properties = vec![
        ("image.bgc", scene.picture.view.background.hex8()),
        ("image.height", plan.sizes.reply.height.to_string()),
        ("image.iccEmbed", "0".into()),
        ("image.iccProfile", String::new()),
        // 0 where the reply is not cached; the engine itself caches none (L14).
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
    property_reply(scene, &list, tag, now)
}

/// `req=imageprops`: the source image (r-imageprops). `profile` is the name of its colour
/// profile, `paths` are those of its Photoshop paths.
pub fn image_properties(
    scene: &Resolved,
    index: &Index,
    (profile, paths): (Option<String>, Vec<String>),
    default_resolution: f64,
    tag: String,
    now: f64,
) -> HttpReply {
    let Size { width, height, .. } = index.upright_size();
    let first = index.levels.first();
    let pixel_type = match first.map(|level| level.photometric) {
        Some(Photometric::Cmyk) => "CMYK",
        Some(Photometric::MinIsBlack | Photometric::MinIsWhite) => "BW",
        Some(Photometric::Rgb | Photometric::YCbCr | Photometric::Palette) | None => "RGB",
    };
    // 1 is premultiplied alpha. A transparency mask of the same file leaves the colours as they are.
    let masked = first.is_some_and(|level| level.mask.is_some());
    let mask = match first.and_then(|level| level.alpha) {
        Some((_, true)) => "1",
        None if !masked => "0",
        Some((_, false)) | None => "2",
    };
    let resolution = index.resolution.unwrap_or(default_resolution as f32);
    let hours = scene.delivery.expiration.map_or(-1.0, |seconds| f64::from(seconds) / 3600.0);
    let fields =
        scene.answer.record.as_ref().map(|(record, _)| record.fields.clone()).unwrap_or_default();
    // The default anchor is the centre.
    let centre = [i64::from(width / 2), i64::from(height / 2)];
    let [x, y] = fields.anchor.unwrap_or(centre);
    let list: Properties = vec![
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
        ("image.printRes", scene.output.print_resolution.to_string()),
        ("image.resolution", resolution.to_string()),
        ("image.timeStamp", index.modified.map(date::iso).unwrap_or_default()),
        ("image.thumbRes", scene.answer.thumbnail.resolution.to_f64().to_string()),
        ("image.thumbType", scene.answer.thumbnail.kind.number().to_string()),
        ("image.width", width.to_string()),
        ("image.translatedId", format!("{}/{}", scene.object.root, scene.object.id)),
    ];
    property_reply(scene, &list, tag, now)
}

/// `req=exists`: one property, 1 or 0, and always status 200 (r-exists).
pub fn exists(scene: &Resolved, exists: bool, tag: String, now: f64) -> HttpReply {
    property_reply(scene, &vec![("catalogRecord.exists", flag(exists))], tag, now)
}

/// What the request, the record or the catalog says: no image is looked for.
pub fn without_source(scene: &Resolved, now: f64) -> HttpReply {
    let tag = entity_tag(scene, None);
    let list = match (scene.answer.reply, &scene.answer.data) {
        (Reply::UserData | Reply::Targets | Reply::ImageSet, _) => return record(scene),
        (Reply::Map, _) => return map(scene, None, tag),
        (_, ReplyData::Streams(list)) => return streams(scene, list, tag),
        (_, ReplyData::Catalog(attributes)) => catalog::properties(attributes),
        (_, ReplyData::Translations(ids)) => vec![("xlate.translatedIds", ids.join(","))],
        (Reply::Validate, _) => vec![("request.isValid", flag(true))],
        (Reply::Resolve, _) => {
            let text = format!("/is/image/{}\r\n", scene.answer.canonical);
            return plain(scene, TEXT, text.into_bytes(), tag);
        }
        (_, ReplyData::Nothing | ReplyData::Set(_)) => return plain(scene, TEXT, Vec::new(), tag),
    };
    property_reply(scene, &list, tag, now)
}

/// `req=loadcache`: the length of the image that `req=img` would be, in bytes (r-loadcache).
pub fn length(scene: &Resolved, bytes: usize, tag: String, now: f64) -> HttpReply {
    property_reply(scene, &vec![("image.length", bytes.to_string())], tag, now)
}

/// `req=xmp`: the packet as it is stored, or one that says nothing (r-xmp).
pub fn xmp(scene: &Resolved, packet: Option<&[u8]>, tag: String) -> HttpReply {
    let packet = packet.unwrap_or(b"<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>\n");
    plain(scene, "text/xml; charset=utf-8", packet.to_vec(), tag)
}

/// What `/is/image` without object and modifiers answers (A13).
pub fn banner(request: &HttpRequest) -> HttpReply {
    let list = vec![("server", format!("Azulejo {}", env!("CARGO_PKG_VERSION")))];
    let body = properties::text(&list, request.received_at);
    let headers = vec![
        ("content-type", TEXT.to_owned()),
        ("etag", tag_of("", None)),
        ("cache-control", "no-store".into()),
    ];
    HttpReply::new(200, headers, body.into_bytes())
}

const TEXT: &str = "text/plain; charset=utf-8";

fn flag(set: bool) -> String {
    if set { "1" } else { "0" }.to_owned()
}

pub(super) fn property_reply(
    scene: &Resolved,
    list: &Properties,
    tag: String,
    now: f64,
) -> HttpReply {
    let (id, handler) = &scene.answer.jsonp;
    let (mime, body) = properties::write(scene.answer.format, (id, handler), list, now);
    plain(scene, mime, body.into_bytes(), tag)
}
