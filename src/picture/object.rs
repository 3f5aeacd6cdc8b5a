//! The identity of an object.

use crate::store::keys::Kind;

/// A catalog and an id in it: `Shop/red-shoe`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ObjectId {
    /// The catalog's rootId: the first element of the path.
    pub root: String,
    /// The id; it may contain `/`.
    pub id: String,
}

impl ObjectId {
    /// The key of its pyramid in the bucket.
    pub fn asset_key(&self) -> String {
        Kind::Asset.key_of(&self.root, &self.id)
    }
}
