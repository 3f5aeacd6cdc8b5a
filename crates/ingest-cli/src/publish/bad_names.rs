//! With `--keep-going`, keeps the stored macros, fonts and profiles whose lines are bad. A mistake
//! in a preset must not break every picture that uses it.

use anyhow::Result;
use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT, Font},
    commands::takes_request,
    protocol::Macros,
};

use super::folder::Folder;
use crate::store::Bucket;

/// Copies the macros, fonts and profiles of bad lines from the stored catalogs into the folder's.
pub async fn retain(bucket: &Bucket, folder: &mut Folder) -> Result<()> {
    let default = folder.catalogs.get(DEFAULT).and_then(|default| Catalog::of(default, None).ok());
    let default = default.map_or_else(|| Catalog::builtin().macros.clone(), |own| own.macros);
    for (root, bad) in folder.bad_names.iter().filter(|(_, bad)| bad.count() > 0) {
        let key = Compiled::key(root);
        let Some(json) = bucket.get(&key).await? else { continue };
        let stored = Compiled::from_json(&key, &json)?;
        let Some(new) = folder.catalogs.get_mut(root) else { continue };
        let mut macros = if root == DEFAULT { Macros::default() } else { default.clone() };
        for (name, definition) in &new.macros {
            macros.define(name, definition, takes_request)?;
        }
        for (name, definition) in stored.macros {
            let is_new = !new.macros.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name));
            // A macro that calls a removed one would make the whole catalog invalid.
            if bad.macros.contains(&name.to_ascii_lowercase())
                && is_new
                && macros.define(&name, &definition, takes_request).is_ok()
            {
                new.macros.push((name, definition));
            }
        }
        for font in stored.fonts {
            let same = |other: &Font| {
                (&other.name, other.bold, other.italic) == (&font.name, font.bold, font.italic)
            };
            if bad.fonts.contains(&font.name) && !new.fonts.iter().any(same) {
                folder.retained_objects.extend([font.path.clone(), font.metrics.clone()]);
                new.fonts.push(font);
            }
        }
        for (name, key) in stored.icc {
            if bad.icc.contains(&name) && !new.icc.contains_key(&name) {
                folder.retained_objects.insert(key.clone());
                new.icc.insert(name, key);
            }
        }
    }
    Ok(())
}
