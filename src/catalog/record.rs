//! What is known of an asset besides its pixels: `records/<rootId>/<id>.json`.
//!
//! Ingest writes it, people edit it, the server reads it. Fields that are not known here are kept
//! when a record is written again.

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

/// The catalog record of one asset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Record {
    /// Pixels across the pyramid's largest level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u32>,
    /// Pixels down the pyramid's largest level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub height: Option<u32>,
    /// Whether the asset is an SVG, at [`Record::svg_key`]: then it has no pyramid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub svg: Option<bool>,
    /// Whether the public host shows it; where nothing is said, it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<bool>,
    /// `catalog::AssetType`, where it is no plain image: `ImageSet`, `SpinSet` …
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
    /// What the pyramid was made of; ingest compares it to see whether anything changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original: Option<Origin>,
    /// The static content of this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<StaticContent>,
    /// The index of a third-party pyramid, in base64, where it is no longer than
    /// [`limits::RECORD_INDEX_BYTES`]: the record is read with the pyramid's first bytes, so that
    /// it opens in that one read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pyramid_index: Option<String>,
    /// What catalog data files say.
    #[serde(flatten)]
    pub fields: Fields,
    /// Everything else, as it was found.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A named part of the picture, and the size it is meant for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Crop {
    /// x, y, width, height, from 0 to 1 of the picture.
    pub rect: [f64; 4],
    /// Pixels across that it is meant for.
    pub width: u32,
    /// Pixels down that it is meant for.
    pub height: u32,
    /// The rectangle that ingest found. Where `rect` differs from it, somebody set `rect` by
    /// hand, and the next ingest leaves it alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<[f64; 4]>,
}

/// The colour of the subject and a patch that shows it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Swatch {
    /// `0xRRGGBB`
    pub color: String,
    /// The patch.
    #[serde(flatten)]
    pub crop: Crop,
}

/// The name that a swatch is served under.
pub const SWATCH: &str = "Swatch";

/// A part of a picture with a name of its own.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The smart crop's, or `Swatch`.
    pub name: &'a str,
    /// Where it is, and the size it is meant for.
    pub crop: &'a Crop,
    /// The colour of a swatch, `0xRRGGBB`.
    pub color: Option<&'a str>,
}

impl Part<'_> {
    /// What viewers read of it as user data (Dynamic Media's own names).
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

/// What a pyramid was made of.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Origin {
    /// SHA-256 of the original file, in hexadecimal digits.
    pub sha256: String,
    /// Its folder's name and its own, `shoes/red.jpg`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its MIME type, by its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime: Option<String>,
    /// The settings that made the pyramid.
    pub settings: Value,
    /// Length in bytes of the pyramid, or of the SVG: one of another length is not the one
    /// described here.
    pub pyramid_bytes: u64,
    /// The original's own key where it is kept: `originals/<rootId>/…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Record {
    /// The key of an asset's record.
    pub fn key(root: &str, id: &str) -> String {
        Kind::Record.key_of(root, id)
    }

    /// The key of an asset that is an SVG.
    pub fn svg_key(root: &str, id: &str) -> String {
        Kind::Svg.key_of(root, id)
    }

    /// Reads the JSON of a record.
    pub fn from_json(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes)
            .map_err(|error| Error::new(ErrorKind::BadSource, format!("the record: {error}")))
    }

    /// The JSON of the record, made to be read and edited.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        serde_json::to_vec_pretty(self)
            .map_err(|error| Error::bug("a record cannot be JSON").with_detail(error.to_string()))
    }

    /// The part of the picture that is served under a name of its own: a smart crop or the swatch.
    pub fn part(&self, name: &str) -> Option<Part<'_>> {
        self.parts().find(|part| part.name == name)
    }

    /// All such parts, the swatch last; its name is no crop's.
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

    /// The stored index of a third-party pyramid.
    pub fn pyramid_index(&self) -> Option<Vec<u8>> {
        STANDARD_NO_PAD.decode(self.pyramid_index.as_deref()?).ok()
    }

    /// Takes the index of a third-party pyramid up, or that of another one out. False when it is
    /// too long for a record.
    pub fn set_pyramid_index(&mut self, index: Option<&[u8]>) -> bool {
        let fits = index.is_none_or(|index| index.len() <= limits::RECORD_INDEX_BYTES);
        self.pyramid_index = index.filter(|_| fits).map(|index| STANDARD_NO_PAD.encode(index));
        fits
    }

    /// Whether the asset is an SVG.
    pub fn is_svg(&self) -> bool {
        self.svg.unwrap_or(false)
    }

    /// Whether the public host shows the asset.
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
