//! What a request is put together from: a note for those who want it explained.

use std::rc::Rc;

use serde::Serialize;

use super::lookups::Loaded;
use crate::{catalog::Catalog, picture::ObjectId};

/// Where commands and attributes of a request come from.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// The texts besides the request's own, in the order of the numbers that tokens carry.
    pub texts: Vec<Text>,
    /// The keys of the records that were used.
    pub records: Vec<String>,
    /// Where the lifetime of an image comes from.
    pub lived: Lived,
    /// The default catalog where the attributes are its alone, by FullMatch.
    pub unmatched: Option<Rc<Catalog>>,
}

/// Where the lifetime of an image comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Lived {
    /// `Expiration` of the catalog.
    #[default]
    Catalog,
    /// This record: of all that were used, the shortest.
    Record(ObjectId),
    /// `DefaultExpiration` of the catalog: an image stands in.
    StandIn,
}

/// A text besides the request's own.
#[derive(Debug, Clone)]
pub struct Text {
    /// Which field of the record it is.
    pub field: Field,
    /// What the record is to the request.
    pub role: Role,
    /// Whose record it is.
    pub object: ObjectId,
    /// The catalog of that object.
    pub catalog: Loaded,
}

/// A text that holds commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Field {
    /// The request's own.
    #[serde(rename = "URL")]
    Url,
    /// `catalog::Modifier`
    Modifier,
    /// `catalog::PostModifier`
    PostModifier,
    /// A smart crop or the swatch: where it lies.
    Crop,
}

/// What a record is to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// That of the object in the path.
    Path,
    /// `template=`
    Template,
    /// `src=` of layer 0.
    Source,
    /// It stands in for an object that is missing.
    DefaultImage,
}
