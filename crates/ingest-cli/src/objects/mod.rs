//! `azulejo ls`, `rm` and `mv`: the objects of a store, each with all that is stored of it.

mod ls;
mod mv;
mod naming;
mod rm;
mod stored_object;

use anyhow::Result;

pub use self::{ls::run as ls, mv::run as mv, rm::run as rm, stored_object::owner};
use crate::{args::Usage, asset::Asset};

/// Parses `rootId/id`.
pub fn parse(object: &str) -> Result<Asset> {
    let (root, id) = object.split_once('/').unwrap_or_default();
    let asset = Asset { root: root.to_owned(), id: id.to_owned() };
    let wrong = |why: &str| Usage(format!("{object}: expected rootId/id, e.g. Shop/red-shoe{why}"));
    if root.is_empty() || id.is_empty() {
        return Err(wrong("").into());
    }
    match asset.check() {
        Ok(()) => Ok(asset),
        Err(error) => Err(wrong(&format!("; {error}")).into()),
    }
}
