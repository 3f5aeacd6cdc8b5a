//! The provenance of an effective request, which `req=explain` prints.

use std::rc::Rc;

use serde::Serialize;

use super::{lookups::Loaded, within::NestedRequest};
use crate::{catalog::Catalog, picture::ObjectId};

/// The sources of a request's commands and attributes.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// The texts in addition to the URL, in the order of the numbers in the tokens.
    pub texts: Vec<Text>,
    /// The keys of the records that the request uses.
    pub records: Vec<String>,
    /// The nested requests, each with the layer and the command that show it.
    pub requests: Vec<(u32, &'static str, Rc<NestedRequest>)>,
    /// The source of an image's lifetime.
    pub lived: Lived,
    /// The default catalog, if FullMatch makes it replace the request's catalog.
    pub unmatched: Option<Rc<Catalog>>,
}

/// The source of an image's lifetime.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Lived {
    /// The catalog's `Expiration`.
    #[default]
    Catalog,
    /// This object, which has the shortest lifetime of all that are shown: that of its record or,
    /// for a layer above layer 0, of its catalog.
    Record(ObjectId),
    /// The catalog's `DefaultExpiration`, because a default image is shown.
    StandIn,
}

/// A text with commands in addition to the URL.
#[derive(Debug, Clone)]
pub struct Text {
    /// The field of the record.
    pub field: Field,
    /// The role of the record in the request.
    pub role: Role,
    /// The object of the record.
    pub object: ObjectId,
    /// The catalog of that object.
    pub catalog: Loaded,
}

/// The kind of a text that contains commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Field {
    /// The URL of the request.
    #[serde(rename = "URL")]
    Url,
    /// `catalog::Modifier`
    Modifier,
    /// `catalog::PostModifier`
    PostModifier,
    /// The crop rectangle of a smart crop or swatch.
    Crop,
}

/// The role of a record in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// It belongs to the object in the path.
    Path,
    /// It belongs to the object that `template=` names.
    Template,
    /// It belongs to the object that `src=` of a layer names.
    Source,
    /// It belongs to the default image, which replaces a missing image.
    DefaultImage,
}
