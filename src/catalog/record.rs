//! The metadata of an object: `records/<rootId>/<id>.json`.
//!
//! Ingest and publish write it, people edit it, the server reads it. Unknown fields survive when a
//! record is read and written again.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Fields, StaticContent};
use crate::{
    error::{Error, ErrorKind, Result},
    limits,
    store::keys::Kind,
};

/// The catalog record of one object.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// Width in pixels of the pyramid's largest level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Height in pixels of the pyramid's largest level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Whether the asset is an SVG, stored at [`Record::svg_key`]. An SVG has no pyramid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub svg: Option<bool>,
    /// Whether the public host serves it; `None` means yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<bool>,
    /// `catalog::AssetType`, such as `ImageSet` or `SpinSet`; `None` for a plain image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset_type: Option<String>,
    /// `catalog::ImageSet`: the members of a set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_set: Option<String>,
    /// `catalog::UserData`, by property name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub user_data: BTreeMap<String, String>,
    /// Smart crops by name; each is served as `<id>:<name>`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub crops: BTreeMap<String, Crop>,
    /// The swatch, served as `<id>:Swatch`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swatch: Option<Swatch>,
    /// What the pyramid was made from. Ingest compares it to detect changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Origin>,
    /// The static content of this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<StaticContent>,
    /// The index of a third-party pyramid, in unpadded base64, if it has at most
    /// [`limits::RECORD_INDEX_BYTES`]. The record is read together with the pyramid's first bytes,
    /// so the pyramid opens without a further read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pyramid_index: Option<String>,
    /// The fields of catalog data files.
    #[serde(flatten)]
    pub fields: Fields,
    /// Unknown fields, unchanged.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A rectangle of the image, and the size it is intended for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Crop {
    /// x, y, width, height, as fractions of the image from 0 to 1.
    pub rect: [f64; 4],
    /// Intended width in pixels.
    pub width: u32,
    /// Intended height in pixels.
    pub height: u32,
    /// The rectangle that ingest found. If `rect` differs from it, or it is `None`, somebody set
    /// `rect` by hand, and the next ingest does not change `rect`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<[f64; 4]>,
}

/// The colour of the subject, and a rectangle of the image that shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Swatch {
    /// `0xRRGGBB`
    pub color: String,
    /// The rectangle.
    #[serde(flatten)]
    pub crop: Crop,
}

/// The name under which a swatch is served.
pub const SWATCH: &str = "Swatch";

/// A part of an image that is served under its own name: a smart crop or the swatch.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The name of the smart crop, or `Swatch`.
    pub name: &'a str,
    /// Its rectangle and intended size.
    pub crop: &'a Crop,
    /// The colour of a swatch, `0xRRGGBB`; `None` for a smart crop.
    pub color: Option<&'a str>,
}

impl Part<'_> {
    /// The user data that describes the part to viewers, with the property names of Dynamic Media.
    pub fn user_data(&self) -> Vec<(&'static str, String)> {
        let Crop { rect: [x, y, w, h], width, height, .. } = self.crop;
        let real = |length: &u32| format!("{length}.0");
        let mut data = vec![
            ("SmartCropDef", self.name.to_owned()),
            ("SmartCropHeight", real(height)),
            ("SmartCropRect", format!("{x},{y},{w},{h},{width},{height}")),
            ("SmartCropType", self.name.to_owned()),
            ("SmartCropWidth", real(width)),
        ];
        data.extend(self.color.map(|color| ("SmartSwatchColor", color.to_owned())));
        data
    }
}

/// The original and the settings that a pyramid was made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// SHA-256 of the original file, in hexadecimal digits.
    pub sha256: String,
    /// The names of its folder and of the file: `shoes/red.jpg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its MIME type, from its file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// The settings that made the pyramid.
    pub settings: Value,
    /// Length in bytes of the pyramid or SVG. If the stored object has another length, ingest
    /// makes it again.
    pub pyramid_bytes: u64,
    /// The key of the stored original, `originals/<rootId>/…`; `None` if it is not stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The entity tag of the original, if it was read from a bucket. With the same tag it is not
    /// read again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
}

impl Record {
    /// The key of an object's record.
    pub fn key(root: &str, id: &str) -> String {
        Kind::Record.key_of(root, id)
    }

    /// The key of an asset that is an SVG.
    pub fn svg_key(root: &str, id: &str) -> String {
        Kind::Svg.key_of(root, id)
    }

    /// Parses the JSON of a record. Fails with `BadSource`.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes)
            .map_err(|error| Error::new(ErrorKind::BadSource, format!("the record: {error}")))
    }

    /// The JSON of the record, indented for people who edit it.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
            .map_err(|error| Error::bug("a record cannot be JSON").with_detail(error.to_string()))
    }

    /// The part with this name: a smart crop or the swatch.
    pub fn part(&self, name: &str) -> Option<Part<'_>> {
        self.parts().find(|part| part.name == name)
    }

    /// All parts, the swatch last. A smart crop named `Swatch` is left out.
    pub fn parts(&self) -> impl Iterator<Item = Part<'_>> {
        let crops = self.crops.iter().filter(|(name, _)| *name != SWATCH);
        let crops = crops.map(|(name, crop)| Part { name, crop, color: None });
        let swatch = self.swatch.iter().map(|swatch| Part {
            name: SWATCH,
            crop: &swatch.crop,
            color: Some(&swatch.color),
        });
        crops.chain(swatch)
    }

    /// The index of a third-party pyramid, decoded; `None` if there is none or it is not base64.
    pub fn pyramid_index(&self) -> Option<Vec<u8>> {
        STANDARD_NO_PAD.decode(self.pyramid_index.as_deref()?).ok()
    }

    /// Sets the index of a third-party pyramid; `None` removes it. An index that is too long for
    /// a record removes it, too, and returns false.
    pub fn set_pyramid_index(&mut self, index: Option<&[u8]>) -> bool {
        let fits = index.is_none_or(|index| index.len() <= limits::RECORD_INDEX_BYTES);
        self.pyramid_index = index.filter(|_| fits).map(|index| STANDARD_NO_PAD.encode(index));
        fits
    }

    /// Whether the asset is an SVG.
    pub fn is_svg(&self) -> bool {
        self.svg.unwrap_or(false)
    }

    /// Whether the public host serves the object.
    pub fn is_published(&self) -> bool {
        self.published.unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_fields_are_preserved() {
        let text = r#"{"width":9,"colour":"red","modifier":"qlt=90","crops":{"Large":{"rect":[0,0,1,0.5],"width":4,"height":2}}}"#;
        let record = Record::from_json(text.as_bytes()).unwrap();
        assert_eq!((record.width, record.crops["Large"].width), (Some(9), 4));
        let again: Value = serde_json::from_slice(&record.to_json().unwrap()).unwrap();
        assert_eq!(record.fields.modifier.as_deref(), Some("qlt=90"));
        assert_eq!((&again["modifier"], &again["colour"]), (&"qlt=90".into(), &"red".into()));
    }

    #[test]
    fn an_empty_record_is_published() {
        assert!(Record::from_json(b"{}").unwrap().is_published());
        assert!(!Record::from_json(br#"{"published":false}"#).unwrap().is_published());
    }

    #[test]
    fn what_is_no_record_is_an_error_with_its_place() {
        let error = Record::from_json(b"{\"width\":-1}").unwrap_err();
        assert!(error.message.contains("line 1"), "{}", error.message);
    }
}
