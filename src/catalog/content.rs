//! Static content: in a record its own part, for it has a table of its own (r-id-static).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Fields, Record};

/// What is known of the static content of an id.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StaticContent {
    /// The file that ingest stored.
    #[serde(flatten)]
    pub stored: Option<StoredContent>,
    /// `catalog::UserData`, by property name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub user_data: BTreeMap<String, String>,
    /// What catalog data files say.
    #[serde(flatten)]
    pub fields: Fields,
}

/// A file that was stored as static content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredContent {
    /// SHA-256 of the file, in hexadecimal digits.
    pub sha256: String,
    /// Its length: an object of another length is not this one.
    pub bytes: u64,
}

impl Record {
    /// The key of static content.
    pub fn content_key(folder: &str, path: &str) -> String {
        match folder {
            "" => format!("content/{path}"),
            folder => format!("content/{folder}/{path}"),
        }
    }

    /// What is said of the id as static content; an SVG is content by the record it has as an
    /// image. Whether it is published is said once for both.
    pub fn of_content(self) -> Option<Self> {
        match self.content {
            None => self.is_svg().then_some(self),
            Some(StaticContent { user_data, fields, .. }) => {
                Some(Self { published: self.published, user_data, fields, ..Self::default() })
            }
        }
    }

    /// Whether anything is said of the id as an image.
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
    fn content_is_told_by_its_own_part_and_an_svg_by_its_image() {
        let both = record(
            r#"{"published": false, "expiration": 1, "userData": {"a": "1"},
                "content": {"expiration": 2, "sha256": "0", "bytes": 9}}"#,
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
    fn content_alone_says_nothing_of_an_image() {
        assert!(!record(r#"{"published": true, "content": {"path": "a.css"}}"#).is_of_image());
        assert!(record(r#"{"modifier": "wid=9", "content": {}}"#).is_of_image());
        assert!(record(r#"{"published": false}"#).is_of_image());
    }

    #[test]
    fn what_ingest_stored_is_all_of_it_or_nothing() {
        assert_eq!(record(r#"{"content": {"path": "a.css"}}"#).content.unwrap().stored, None);
        let stored = record(r#"{"content": {"sha256": "0", "bytes": 9}}"#).content.unwrap().stored;
        assert_eq!(stored, Some(StoredContent { sha256: "0".into(), bytes: 9 }));
    }
}
