//! The metadata of an image to show: profile, fields, paths.

use std::collections::BTreeMap;

use azulejo::pyramid::{Metadata, Tag, path_names, profile_name};
use serde::Serialize;

use crate::iptc;

/// The metadata of an image: shown fields, and the length of the rest.
#[derive(Serialize)]
pub struct About {
    /// The profile's own description.
    pub(super) profile: Option<String>,
    pub(super) icc_bytes: usize,
    pub(super) xmp_bytes: usize,
    pub(super) iptc_bytes: usize,
    pub(super) photoshop_bytes: usize,
    pub(super) exif_tags: usize,
    pub(super) gps_tags: usize,
    /// Fields of EXIF and IPTC that have a text or a number, by exiftool's names.
    pub(super) fields: BTreeMap<&'static str, String>,
    /// Saved Photoshop paths, in order.
    pub(super) paths: Vec<String>,
    pub(super) clipping_path: Option<String>,
}

/// The tags that are shown, and exiftool's names for them.
const NAMES: [(u16, &str); 22] = [
    (269, "DocumentName"),
    (270, "ImageDescription"),
    (271, "Make"),
    (272, "Model"),
    (305, "Software"),
    (306, "ModifyDate"),
    (315, "Artist"),
    (316, "HostComputer"),
    (18246, "Rating"),
    (33432, "Copyright"),
    (33434, "ExposureTime"),
    (33437, "FNumber"),
    (34855, "ISO"),
    (36867, "DateTimeOriginal"),
    (36868, "CreateDate"),
    (37386, "FocalLength"),
    (40961, "ColorSpace"),
    (40962, "ExifImageWidth"),
    (40963, "ExifImageHeight"),
    (42033, "SerialNumber"),
    (42035, "LensMake"),
    (42036, "LensModel"),
];

impl About {
    /// Selects the fields to show.
    pub fn new(metadata: &Metadata) -> Self {
        let len = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(0, Vec::len);
        let blocks = metadata.photoshop.as_deref().unwrap_or_default();
        let (paths, clipping_path) = path_names(blocks);
        let tags = metadata.about.iter().chain(&metadata.exif);
        let named = tags.filter_map(|tag| {
            let (_, name) = NAMES.iter().find(|(number, _)| *number == tag.tag)?;
            Some((*name, text(tag)?))
        });
        let mut fields: BTreeMap<&'static str, String> = named.collect();
        fields.extend(iptc::fields(metadata.iptc.as_deref().unwrap_or_default()));
        Self {
            profile: metadata
                .icc
                .as_deref()
                .map(|icc| profile_name(icc).unwrap_or_else(|| "without description".to_owned())),
            icc_bytes: len(&metadata.icc),
            xmp_bytes: len(&metadata.xmp),
            iptc_bytes: len(&metadata.iptc),
            photoshop_bytes: len(&metadata.photoshop),
            exif_tags: metadata.exif.len(),
            gps_tags: metadata.gps.len(),
            fields,
            paths,
            clipping_path,
        }
    }
}

/// The value of a tag as text; the first one if there are several numbers.
fn text(tag: &Tag) -> Option<String> {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0_u64, |n, &byte| n << 8 | u64::from(byte));
    match tag.kind {
        2 => {
            let text = tag.value.split(|&byte| byte == 0).next().unwrap_or_default();
            Some(String::from_utf8_lossy(text).trim().to_owned())
        }
        1 => tag.value.first().map(u8::to_string),
        3 => tag.value.first_chunk::<2>().map(|bytes| number(bytes).to_string()),
        4 => tag.value.first_chunk::<4>().map(|bytes| number(bytes).to_string()),
        5 => {
            let (over, under) = tag.value.first_chunk::<8>()?.split_at(4);
            let (over, under) = (number(over), number(under));
            match (over, under) {
                (_, 0) => None,
                // Exposure times below a second are shown as fractions.
                (1.., _) if over < under => {
                    Some(format!("1/{}", (under as f64 / over as f64).round()))
                }
                _ => Some((over as f64 / under as f64).to_string()),
            }
        }
        _ => None,
    }
}
