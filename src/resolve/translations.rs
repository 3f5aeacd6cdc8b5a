//! `req=xlate`: the translations of an id that there are (r-xlate, r-object-id-translation).

use super::{Ask, Main, access::Named, lookup};
use crate::{
    error::{Error, Result},
    http::Access,
    limits,
    scene::{ObjectId, Scene, Told},
};

/// The ids with each suffix of the catalog's LocaleMap, as far as there are such objects; the id
/// itself first. They are of the catalog that the path names.
pub fn translations(
    scene: &Scene,
    main: &Main,
    access: &Access,
    ask: &mut Ask,
) -> Result<Option<Told>> {
    let ObjectId { root, id } = scene.object.clone();
    let suffixes = main.attributes.locale_map.all();
    if suffixes.len() > limits::TRANSLATIONS {
        let message = format!("LocaleMap: more than {} suffixes", limits::TRANSLATIONS);
        return Err(Error::too_large(message));
    }
    let ids = suffixes.iter().map(|suffix| format!("{id}{suffix}"));
    // All are asked for before any is waited for.
    let answers = ids
        .map(|id| {
            let object = ObjectId { root: root.clone(), id: id.clone() };
            Ok((lookup::at(main, Named::Owner, object, access, ask)?, id))
        })
        .collect::<Result<Vec<_>>>()?;
    let mut there = Vec::new();
    for (answer, id) in answers {
        let Some(found) = answer else { return Ok(None) };
        if found.is_some() {
            there.push(id);
        }
    }
    Ok(Some(Told::Translations(there)))
}
