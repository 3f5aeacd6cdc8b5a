//! Assembles the npm package of the engine for browsers: `build/npm/`.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use crate::paths;

/// The folder of what is written by hand: description, custom element, example.
const SOURCES: &str = "crates/browser-preview/npm";

/// Licences, and their names in the package.
const LICENSES: [(&str, &str); 3] = [
    ("LICENSE-APACHE", "LICENSE-APACHE"),
    ("LICENSE-MIT", "LICENSE-MIT"),
    ("src/text/font/dejavu/LICENSE", "LICENSE-DEJAVU"),
];

/// Copies everything that is in the package, so that `npm pack` packs the folder as it is.
pub fn assemble() -> Result<()> {
    let (root, package) = (paths::root(), paths::npm_package());
    if package.exists() {
        fs::remove_dir_all(&package).with_context(|| package.display().to_string())?;
    }
    copy_folder(&paths::browser_package(), &package)?;
    copy_folder(&root.join(SOURCES), &package)?;
    for (from, to) in LICENSES {
        fs::copy(root.join(from), package.join(to)).with_context(|| from.to_owned())?;
    }
    // wasm-bindgen gives the exports of the module, which nobody calls, the type `any`.
    let types = package.join("browser_preview.d.ts");
    let text = fs::read_to_string(&types).with_context(|| types.display().to_string())?;
    let text = text.replace(": any", ": unknown").replace("=> any", "=> unknown");
    Ok(fs::write(types, text)?)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).with_context(|| entry.path().display().to_string())?;
        }
    }
    Ok(())
}
