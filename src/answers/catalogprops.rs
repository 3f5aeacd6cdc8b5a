//! `req=catalogprops`: attributes of the catalog (r-catalogprops).

use crate::{
    catalog::Attributes,
    codec::Subsampling,
    http::HttpReply,
    reply::{
        date,
        properties::{Properties, properties},
    },
    resample::Kernel,
    resolved::{ReplyData, Resolved},
};

/// Prints the attributes of the catalog; an empty list if they were not looked up.
pub fn answer(resolved: &Resolved, tag: String, now: f64) -> HttpReply {
    let list = match &resolved.answer.data {
        ReplyData::Catalog(attributes) => list(attributes),
        ReplyData::Nothing
        | ReplyData::Set(_)
        | ReplyData::Streams(_)
        | ReplyData::Translations(_) => Properties::new(),
    };
    properties(resolved, &list, tag, now)
}

/// The properties in the order of r-catalogprops. That page writes two of them with `::`; here all
/// have a dot.
pub fn list(attributes: &Attributes) -> Properties {
    let thumbnail = &attributes.thumbnail;
    let (quality, subsampling) = attributes.jpeg_quality;
    let chroma = match subsampling {
        Subsampling::Yuv420 => 0,
        Subsampling::Yuv444 => 1,
    };
    let kernel = match attributes.res_mode {
        Kernel::Sharp => 1,
        Kernel::Bilin => 2,
        Kernel::Bicub => 3,
        // The attribute has no value for `bisharp`.
        Kernel::Sharp2 | Kernel::Bisharp => 4,
    };
    let pair = |[width, height]: [u32; 2]| format!("{width},{height}");
    let [across, down] = thumbnail.align.map(|align| (align.round() + 2).to_string());
    vec![
        ("catalog.bkgColor", attributes.background.hex8()),
        ("catalog.defaultExt", attributes.default_ext.clone()),
        ("catalog.defaultPix", pair(attributes.default_pix)),
        ("catalog.defaultThumbPix", pair(thumbnail.size)),
        ("catalog.expiration", attributes.expiration.to_string()),
        ("catalog.defaultExpiration", attributes.default_expiration.to_string()),
        ("catalog.nonImgExpiration", attributes.non_image_expiration.to_string()),
        // A compiled catalog has no file whose time could replace a missing attribute.
        ("catalog.fileTime", attributes.time_stamp.map(date::iso).unwrap_or_default()),
        ("catalog.jpegQuality", format!("{quality},{chroma}")),
        ("catalog.maxPix", pair(attributes.max_pix)),
        ("catalog.printResolution", attributes.print_resolution.to_string()),
        ("catalog.publishInfo", attributes.text("PublishInfo").to_owned()),
        ("catalog.resMode", kernel.to_string()),
        ("catalog.resolution", attributes.resolution.to_f64().to_string()),
        ("catalog.thumbBkgColor", thumbnail.background.hex8()),
        ("catalog.thumbHorizAlign", across),
        ("catalog.thumbRes", thumbnail.resolution.to_f64().to_string()),
        ("catalog.thumbType", thumbnail.kind.number().to_string()),
        ("catalog.thumbVertAlign", down),
        // Azulejo's own properties, in alphabetical order.
        ("catalog.upscale", u8::from(attributes.upscale).to_string()),
        ("catalog.watermark", attributes.text("Watermark").to_owned()),
    ]
}
