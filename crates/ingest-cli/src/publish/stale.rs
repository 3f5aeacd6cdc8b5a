//! With `--keep-going`, a catalog keeps what it had of the macros, fonts and profiles whose lines
//! are bad: a slip in a preset must not take down every picture that is asked for by it.

use anyhow::Result;
use azulejo::{
    catalog::{Catalog, Compiled, DEFAULT, Font},
    commands::takes_request,
    protocol::Macros,
};

use super::folder::Folder;
use crate::store::Bucket;

/// Takes over from the stored catalogs what bad lines of the folder are about.
pub async fn keep(bucket: &Bucket, folder: &mut Folder) -> Result<()> {
    let default = folder.catalogs.get(DEFAULT).and_then(|default| Catalog::of(default, None).ok());
    let default = default.map_or_else(|| Catalog::builtin().macros.clone(), |own| own.macros);
    for (root, stale) in folder.stale.iter().filter(|(_, stale)| stale.count() > 0) {
        let key = Compiled::key(root);
        let Some(json) = bucket.get(&key).await? else { continue };
        let stored = Compiled::from_json(&key, &json)?;
        let Some(now) = folder.catalogs.get_mut(root) else { continue };
        let mut known = if root == DEFAULT { Macros::default() } else { default.clone() };
        for (name, definition) in &now.macros {
            known.define(name, definition, takes_request)?;
        }
        for (name, definition) in stored.macros {
            let is_new = !now.macros.iter().any(|(other, _)| other.eq_ignore_ascii_case(&name));
            // One that calls what is gone would make the whole catalog unreadable.
            if stale.macros.contains(&name.to_ascii_lowercase())
                && is_new
                && known.define(&name, &definition, takes_request).is_ok()
            {
                now.macros.push((name, definition));
            }
        }
        for font in stored.fonts {
            let same = |other: &Font| {
                (&other.name, other.bold, other.italic) == (&font.name, font.bold, font.italic)
            };
            if stale.fonts.contains(&font.name) && !now.fonts.iter().any(same) {
                folder.kept.extend([font.path.clone(), font.metrics.clone()]);
                now.fonts.push(font);
            }
        }
        for (name, key) in stored.icc {
            if stale.icc.contains(&name) && !now.icc.contains_key(&name) {
                folder.kept.insert(key.clone());
                now.icc.insert(name, key);
            }
        }
    }
    Ok(())
}
