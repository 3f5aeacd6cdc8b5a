//! The names of objects.

use crate::store::keys::Kind;

/// A catalog and an image in it: `Shop/red-shoe`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct ObjectId {
    /// The catalog's rootId: the first element of the path.
    pub root: String,
    /// The image's id; it may hold `/`.
    pub id: String,
}

impl ObjectId {
    /// The key of its pyramid in the bucket.
    pub fn asset_key(&self) -> String {
        Kind::Asset.key_of(&self.root, &self.id)
    }
}
