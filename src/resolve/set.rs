//! The members of a set: their records tell what `req=set` says of them.

use super::Ask;
use crate::{
    catalog::{ImageSet, SetKind},
    error::{Error, Result},
    http::Access,
    limits,
    scene::{Scene, Set},
    store::Version,
};

/// Puts the set of the object's record into the scene, its members looked up; `None` while their
/// records are on their way.
pub fn look_up(scene: &mut Scene, access: &Access, ask: &mut Ask) -> Result<Option<()>> {
    if scene.object.id.contains(':') {
        return Err(Error::value("req", "set", "an object without a colon (r-set)"));
    }
    let text = scene.record.as_ref().and_then(|(record, _)| record.image_set.as_deref());
    let Some(text) = text else { return Ok(Some(())) };
    let items = ImageSet::parse(text)?;
    let mut names = items.objects();
    names.sort_unstable();
    names.dedup();
    if names.len() > limits::SET_MEMBERS {
        let message = format!("a set of more than {} members", limits::SET_MEMBERS);
        return Err(Error::too_large(message));
    }
    let places: Vec<(String, (String, String))> =
        names.into_iter().map(|name| (name.to_owned(), place(name, &scene.object.root))).collect();
    // All are asked for before any is waited for.
    let answers = places
        .into_iter()
        .map(|(name, (root, id))| Ok((name, ask.record(&root, &id)?)))
        .collect::<Result<Vec<_>>>()?;
    let mut set = Set { items, members: Default::default() };
    for (name, answer) in answers {
        let Some(answer) = answer else { return Ok(None) };
        let Some((record, revision)) = answer else { continue };
        scene.revision.push_str(&revision);
        if let (Some(width), Some(height)) = (record.width, record.height)
            && (record.is_published() || access.unpublished)
        {
            set.members.insert(name, ([width, height], Version(revision)));
        }
    }
    scene.set = Some(set);
    Ok(Some(()))
}

/// `rootId/id`; an id alone is of the set's own catalog (B2).
fn place(name: &str, root: &str) -> (String, String) {
    let name = name.trim_start_matches('/');
    let (root, id) = name.split_once('/').unwrap_or((root, name));
    (root.to_owned(), id.to_owned())
}

impl Scene {
    /// The kind of the set that is asked for: as its record says, else by how it is written.
    pub fn set_kind(&self) -> SetKind {
        let said = self.record.as_ref().and_then(|(record, _)| record.asset_type.as_deref());
        let written = || self.set.as_ref().map(|set| set.items.kind());
        said.and_then(SetKind::named).or_else(written).unwrap_or(SetKind::Image)
    }
}
