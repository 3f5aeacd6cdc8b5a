//! Static content: a separate part of a record, because the reference has a separate table for it
//! (r-id-static).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Fields, Record};
use crate::store::keys::Kind;

/// The metadata of the static content of an id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StaticContent {
    /// The file that ingest stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredContent>,
    /// `catalog::Path`: the file to serve; `None` for the file that the id itself names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `catalog::Expiration` in hours; −1 never expires, −2 uses the catalog's value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<f64>,
    /// `catalog::TimeStamp` in milliseconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_stamp: Option<f64>,
    /// `catalog::UserType`
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_type: Option<String>,
    /// `catalog::UserData`, by property name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub user_data: BTreeMap<String, String>,
}

/// A file that ingest stored as static content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredContent {
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Its length. If the stored object has another length, ingest stores the file again.
    pub bytes: u64,
    /// The names of its folder and of the file: `shoes/red.pdf`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Record {
    /// The key of the static content at `path` in `folder`; an empty folder is the top.
    pub fn content_key(folder: &str, path: &str) -> String {
        match folder {
            "" => Kind::Content.key(path),
            folder => Kind::Content.key_of(folder, path),
        }
    }

    /// The record as it applies to static content: `published` and the fields of `content`. Without
    /// `content`, an SVG keeps its whole record. `None` for any other record.
    pub fn of_content(self) -> Option<Self> {
        match self.content {
            None => self.is_svg().then_some(self),
            Some(StaticContent { path, expiration, time_stamp, user_type, user_data, .. }) => {
                let fields =
                    Fields { path, expiration, time_stamp, user_type, ..Fields::default() };
                Some(Self { published: self.published, user_data, fields, ..Self::default() })
            }
        }
    }

    /// Whether the record is also about an image: it has no `content`, or any other field besides
    /// `published`.
    pub fn is_of_image(&self) -> bool {
        let content = || Self { published: self.published, ..Self::default() };
        self.content.is_none() || Self { content: None, ..self.clone() } != content()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(json: &str) -> Record {
        Record::from_json(json.as_bytes()).unwrap()
    }

    #[test]
    fn content_and_svg_are_recognized_by_their_fields() {
        let both = record(
            r#"{"published": false, "expiration": 1, "userData": {"a": "1"},
                "content": {"expiration": 2, "stored": {"sha256": "0", "bytes": 9}}}"#,
        );
        assert!(both.is_of_image());
        let content = both.of_content().unwrap();
        assert_eq!((content.fields.expiration, content.user_data.len()), (Some(2.0), 0));
        assert!(!content.is_published());
        assert!(record(r#"{"expiration": 1}"#).of_content().is_none());
        let svg = record(r#"{"svg": true, "expiration": 1}"#);
        assert_eq!(svg.of_content().unwrap().fields.expiration, Some(1.0));
    }

    #[test]
    fn content_alone_is_not_an_image() {
        assert!(!record(r#"{"published": true, "content": {"path": "a.css"}}"#).is_of_image());
        assert!(record(r#"{"modifier": "wid=9", "content": {}}"#).is_of_image());
        assert!(record(r#"{"published": false}"#).is_of_image());
    }
}
